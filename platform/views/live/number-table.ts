// Number table: finds a number by an integer, in one array that the collector never looks into.
//
// Open addressing with the next place for what finds its own taken. Sixteen keys that follow one
// another have places that do, and a key stands beside its value: a look-up touches one line of the
// cache. Nothing is taken out: whoever fills it says what of it still counts, and when it is
// crowded that goes to a new one.

/** Keys are safe integers from 0; values above 0 and below 2^31. */
export type NumberTable = {
  /** 0 when there is none. */
  get(key: number): number
  /** Adds a key or gives it another value. */
  set(key: number, value: number): void
  /** In no order that means anything, but one after the other in memory. */
  forEach(visit: (key: number, value: number) => void): void
  /** Half full: it becomes slow, and one day endless. */
  isCrowded(): boolean
}

const PLACES_MIN = 1_024
const TWO_32 = 2 ** 32
const GOLDEN = 0x9e3779b1
const RUN_BITS = 4
const RUN = 2 ** RUN_BITS
/** Of a place: the two halves of its key, its value, and one that makes four a part of a line. */
const WORDS = 4

/** A table with room for so many keys before it is crowded. */
export function createNumberTable(room: number): NumberTable {
  const places = Math.max(PLACES_MIN, 2 ** Math.ceil(Math.log2(2 * room + 1)))
  const shift = 32 - (Math.log2(places) - RUN_BITS)
  const words = new Int32Array(places * WORDS)
  const end = words.length - 1
  let used = 0

  /** Where the key stands, or would. */
  const wordOf = (key: number): number => {
    const [high, low] = [highOf(key), lowOf(key)]
    const run = Math.imul((low >>> RUN_BITS) ^ high, GOLDEN) >>> shift
    let at = (run * RUN + (low & (RUN - 1))) * WORDS
    while (words[at + 2] !== 0 && (words[at] !== low || words[at + 1] !== high)) {
      at = (at + WORDS) & end
    }
    return at
  }
  return {
    get: (key) => words[wordOf(key) + 2] ?? 0,
    set: (key, value) => {
      const at = wordOf(key)
      if (words[at + 2] === 0) {
        used += 1
        words[at] = lowOf(key)
        words[at + 1] = highOf(key)
      }
      words[at + 2] = value
    },
    forEach: (visit) => {
      for (let at = 0; at < words.length; at += WORDS) {
        const value = words[at + 2] ?? 0
        if (value !== 0) visit((words[at + 1] ?? 0) * TWO_32 + ((words[at] ?? 0) >>> 0), value)
      }
    },
    isCrowded: () => used * 2 >= places,
  }
}

function highOf(key: number): number {
  return (key / TWO_32) | 0
}

function lowOf(key: number): number {
  return (key - highOf(key) * TWO_32) | 0
}
