// Depeg: the price of a pool leaves where it was, by real trades that others see as any trade.
//
// A pool of V3 stops at the wanted price by itself; the amount for a pair of V2 is searched with
// the pair's own maths. Both end within a millionth of what was asked. The other pools of the
// market stay where they are: that is the gap somebody may trade.

import { parseUnits } from 'ethers'
import { localFork } from '#connectors/evm/uniswap-v2/forks.ts'
import { getAmountOut } from '#connectors/evm/uniswap-v2/maths.ts'
import { StartError } from '#kernel/start-error.ts'
import { createActor } from './actor.ts'
import { priceOf, reservesOf, rootPriceOf, routerOf, tradeCall } from './pool-trade.ts'
import { type AnyPool, balanceOf, isV3, poolOf, type Side, tokensOf, type World } from './world.ts'

const TRADER = '0xde9e600000000000000000000000000000000001'
const PERCENT_MAX = 10_000
const SCALE = 10 ** 12

export type Depeg = {
  readonly pool: string
  /** How far the price goes: -20 leaves four fifths of it. */
  readonly percent: number
  /** In how many trades of the same relative size; 1 when not given. */
  readonly trades?: number
}

export type Depegged = {
  readonly pool: string
  /** Quote coins for one base coin. */
  readonly before: number
  readonly after: number
  readonly transactions: readonly string[]
}

export async function depeg(world: World, { pool: name, percent, trades = 1 }: Depeg) {
  if (!(percent > -100 && percent <= PERCENT_MAX) || percent === 0) {
    throw new StartError(`a price cannot move by ${percent} %`)
  }
  const { rpc, deployment } = world
  const pool = poolOf(deployment, name)
  const before = await priceOf(rpc, deployment, pool)
  const step = (1 + percent / 100) ** (1 / trades)
  const transactions: string[] = []
  for (let done = 0; done < trades; done++) transactions.push(await move(world, pool, step))
  const after = await priceOf(rpc, deployment, pool)
  return { pool: name, before, after, transactions } satisfies Depegged
}

async function move(world: World, pool: AnyPool, factor: number): Promise<string> {
  const { rpc, deployment } = world
  const trader = await createActor(world, TRADER)
  const sells: Side = factor < 1 ? 'base' : 'quote'
  const { assetIn, tokenIn } = tokensOf(deployment, pool, sells)
  const order = isV3(pool)
    ? {
        priceLimit: await limitOf(world, pool, factor),
        // More than any range could take; what the pool does not need stays with the trader.
        amountIn: 1_000n * ((await balanceOf(rpc, tokenIn.address, pool.address)) + 1n),
      }
    : { amountIn: await amountFor(world, pool, factor) }
  await trader.fund(assetIn, order.amountIn)
  await trader.approve(assetIn, routerOf(deployment, pool), order.amountIn)
  const terms = { ...order, sells, minOut: 0n, to: trader.address }
  return (await trader.does(tradeCall(deployment, pool, terms))).hash
}

/** The price is a square, and turned over when the base is the second token. */
async function limitOf({ rpc }: World, pool: AnyPool, factor: number): Promise<bigint> {
  const root = await rootPriceOf(rpc, pool)
  const by = Math.sqrt(pool.baseIsToken0 ? factor : 1 / factor)
  return (root * scaled(by)) / BigInt(SCALE)
}

/** The least input after which the pair's price has moved by the factor. */
async function amountFor(world: World, pool: AnyPool, factor: number): Promise<bigint> {
  const { factory, router, chainId } = world.deployment
  const { fee } = localFork({ chainId, factory, router })
  const [base, quote] = await reservesOf(world.rpc, pool)
  const reserves = factor < 1 ? { in: base, out: quote } : { in: quote, out: base }
  // In units of the input: its price falls by the factor or by one over it.
  const left = scaled(Math.min(factor, 1 / factor))
  const isThere = (amount: bigint): boolean => {
    const out = reserves.out - getAmountOut(amount, reserves, fee)
    return out * reserves.in * BigInt(SCALE) <= left * reserves.out * (reserves.in + amount)
  }
  let [low, high] = [0n, 1_000n * reserves.in]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (isThere(middle)) high = middle
    else low = middle
  }
  return high
}

function scaled(factor: number): bigint {
  return parseUnits(factor.toFixed(12), 12)
}
