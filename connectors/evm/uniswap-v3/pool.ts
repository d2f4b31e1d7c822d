// Pool: the whole state of a Uniswap V3 pool that a swap depends on, at one moment.
//
// Never changed: every log makes a new one. The two ways a price can go are kept with the state, so
// that quotes of one block share what they compute.

import { createPath, type Path, type PoolShape } from './path.ts'

export type V3Pool = PoolShape & {
  /** Where the price goes when token0 comes in. */
  readonly down: Path
  /** Where the price goes when token1 comes in. */
  readonly up: Path
}

export function createPool(shape: PoolShape): V3Pool {
  return {
    ...shape,
    down: createPath(shape, 'down'),
    up: createPath(shape, 'up'),
  }
}
