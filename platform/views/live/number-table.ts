// Number table: finds a number by an integer, in two arrays that the collector never looks into.
//
// Open addressing with the next place for what finds its own taken. Nothing is taken out: whoever
// fills it says what of it still counts, and makes a new one when it is crowded.

/** Keys are safe integers from 0; values above 0. */
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

/** A table with room for so many keys before it is crowded. */
export function createNumberTable(room: number): NumberTable {
  const places = Math.max(PLACES_MIN, 2 ** Math.ceil(Math.log2(2 * room + 1)))
  const shift = 32 - Math.log2(places)
  const keys = new Float64Array(places)
  const values = new Float64Array(places)
  let used = 0

  const placeOf = (key: number): number => {
    let place = Math.imul((key % TWO_32) ^ (key / TWO_32), GOLDEN) >>> shift
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
