// Pool state of V3: price, liquidity and initialised ticks, read whole or followed log by log.
//
// A Swap log tells price and liquidity outright, Mint and Burn the ticks. Both must fit together:
// the ticks below the price add up to the liquidity. Where they do not, a log was missed, and the
// answer is undefined: the pool has to be read again.

import { id } from 'ethers'
import type { Log } from '../logs.ts'
import { readMany } from '../many-reads.ts'
import type { Rpc } from '../provider.ts'
import { quantity, word } from '../quantity.ts'
import type { PoolShape } from './path.ts'
import { createPool, type V3Pool } from './pool.ts'
import { TICK_MAX, TICK_MIN } from './tick-maths.ts'
import { changeLiquidity, createTick, liquidityAt, type Tick } from './ticks.ts'
import { createWordEdges } from './word-edges.ts'

const INITIALIZE = id('Initialize(uint160,int24)')
const SWAP = id('Swap(address,address,int256,int256,uint160,uint128,int24)')
const MINT = id('Mint(address,address,int24,int24,uint128,uint256,uint256)')
const BURN = id('Burn(address,int24,int24,uint128,uint256,uint256)')
export const V3_TOPICS: readonly string[] = [INITIALIZE, SWAP, MINT, BURN]

const SLOT0 = '0x3850c7bd'
const LIQUIDITY = '0x1a686502'
const TICK_BITMAP = '0x5339c296'
const TICKS = '0xf30dba93'
const BITS = 256

/** The pool after a log; undefined when the log shows that another one is missing. */
export function applyV3Log(pool: V3Pool, log: Log): V3Pool | undefined {
  switch (log.topics[0]) {
    case INITIALIZE:
      return createPool({ ...pool, sqrtPriceX96: word(log.data, 0), tick: tickIn(log.data, 1) })
    case SWAP:
      return fitting({
        ...pool,
        sqrtPriceX96: word(log.data, 2),
        liquidity: word(log.data, 3),
        tick: tickIn(log.data, 4),
      })
    case MINT:
      return withChange(pool, log, word(log.data, 1))
    case BURN:
      return withChange(pool, log, -word(log.data, 0))
    default:
      return pool
  }
}

function withChange(pool: V3Pool, { topics }: Log, amount: bigint): V3Pool | undefined {
  // Collecting fees burns nothing and says so with a log.
  if (amount === 0n) return pool
  const [lower, upper] = [tickOf(quantity(topics[2])), tickOf(quantity(topics[3]))]
  const ticks = changeLiquidity(pool.ticks, { lower, upper, amount })
  const isActive = lower <= pool.tick && pool.tick < upper
  return fitting({ ...pool, ticks, liquidity: pool.liquidity + (isActive ? amount : 0n) })
}

function fitting(shape: PoolShape): V3Pool | undefined {
  const fits = liquidityAt(shape.ticks, shape.tick) === shape.liquidity
  return fits ? createPool(shape) : undefined
}

export type V3Row = {
  readonly address: string
  readonly feePips: bigint
  readonly tickSpacing: number
}

/** A pool as it is at a block, ticks and all; throws ChainUnavailable. */
export async function readV3Pool(rpc: Rpc, row: V3Row, blockHash: string): Promise<V3Pool> {
  const { address: to, feePips, tickSpacing } = row
  const ask = (selector: string, words: number, args: readonly number[]) =>
    readMany(rpc, { to, selector, words, args }, blockHash)
  const places = wordsOf(tickSpacing)
  const [[slot0 = ''], [liquidity = ''], bitmap] = await Promise.all([
    ask(SLOT0, 2, [0]),
    ask(LIQUIDITY, 1, [0]),
    ask(TICK_BITMAP, 1, places),
  ])
  const indices = bitmap.flatMap((bits, at) => indicesIn(bits, places[at] ?? 0, tickSpacing))
  const ticks = (await ask(TICKS, 2, indices)).map((data, at) => decodeTick(indices[at] ?? 0, data))
  return createPool({
    ...{ sqrtPriceX96: word(slot0, 0), tick: tickIn(slot0, 1), liquidity: word(liquidity, 0) },
    ...{ feePips, edges: createWordEdges(tickSpacing), ticks },
  })
}

/** The words of the bitmap that can hold a usable tick. */
function wordsOf(tickSpacing: number): readonly number[] {
  const first = Math.floor(Math.ceil(TICK_MIN / tickSpacing) / BITS)
  const last = Math.floor(Math.floor(TICK_MAX / tickSpacing) / BITS)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

function indicesIn(data: string, place: number, tickSpacing: number): number[] {
  const bits = word(data, 0)
  if (bits === 0n) return []
  const all = Array.from({ length: BITS }, (_, bit) => bit)
  const set = all.filter((bit) => ((bits >> BigInt(bit)) & 1n) === 1n)
  return set.map((bit) => (place * BITS + bit) * tickSpacing)
}

function decodeTick(index: number, data: string): Tick {
  return createTick({ index, gross: word(data, 0), net: BigInt.asIntN(128, word(data, 1)) })
}

function tickIn(data: string, at: number): number {
  return tickOf(word(data, at))
}

function tickOf(value: bigint): number {
  return Number(BigInt.asIntN(24, value))
}
