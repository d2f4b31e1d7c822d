// Number table: finds a number by an integer, in two arrays that the collector never looks into.
//
// Open addressing with the next place for what finds its own taken. Sixteen keys that follow one
// another have places that do, so that ids in their order find what they need in the cache. Nothing
// is taken out: whoever fills it says what of it still counts, and makes a new one when it is
// crowded.

/** Keys are safe integers from 0; values above 0 and below 2^31. */
export type NumberTable = {
  /** 0 when there is none. */
  get(key: number): number
  /** Adds a key or gives it another value. */
  set(key: number, value: number): void
  /** Half full: it becomes slow, and one day endless. */
  isCrowded(): boolean
}

const PLACES_MIN = 1_024
const TWO_32 = 2 ** 32
const GOLDEN = 0x9e3779b1
const RUN_BITS = 4
const RUN = 2 ** RUN_BITS

/** A table with room for so many keys before it is crowded. */
export function createNumberTable(room: number): NumberTable {
  const places = Math.max(PLACES_MIN, 2 ** Math.ceil(Math.log2(2 * room + 1)))
  const shift = 32 - (Math.log2(places) - RUN_BITS)
  const keys = new Float64Array(places)
  const values = new Int32Array(places)
  let used = 0

  const placeOf = (key: number): number => {
    const high = (key / TWO_32) | 0
    const low = (key - high * TWO_32) | 0
    const run = Math.imul((low >>> RUN_BITS) ^ high, GOLDEN) >>> shift
    let place = run * RUN + (low & (RUN - 1))
    while (values[place] !== 0 && keys[place] !== key) place = (place + 1) & (places - 1)
    return place
  }
  return {
    get: (key) => values[placeOf(key)] ?? 0,
    set: (key, value) => {
      const place = placeOf(key)
      if (values[place] === 0) used += 1
      keys[place] = key
      values[place] = value
    },
    isCrowded: () => used * 2 >= places,
  }
}
