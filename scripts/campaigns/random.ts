// Random numbers that a seed repeats: xorshift32, good enough to choose requests and moments.
// Seeds are spread first, because neighbouring small ones would begin alike.

export type Random = {
  /** From 0 to below 1. */
  readonly share: () => number
  /** An integer from 0 to below `end`. */
  readonly below: (end: number) => number
  /** One of a list that is not empty. */
  readonly pick: <T>(list: readonly T[]) => T
}

const SPREAD = 0x9e3779b1

export function createRandom(seed: number): Random {
  let state = Math.imul(seed + 1, SPREAD) | 0 || 1
  const share = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(share() * end)
  return {
    share,
    below,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T, // Within its length.
  }
}
