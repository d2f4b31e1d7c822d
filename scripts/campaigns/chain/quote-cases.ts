// Quote cases: random questions about pools, asked of our maths and of the published contracts.
//
// Amounts spread evenly over their number of digits, from one unit to more than the pool holds;
// where ticks are close a quote through all of an empty range would take more gas than a block
// has, so less there. A third of the questions to V3 have a price limit, near or far, also past
// the ticks.

import { Interface } from 'ethers'
import { quantity, word } from '#connectors/evm/quantity.ts'
import type { Fee } from '#connectors/evm/uniswap-v2/forks.ts'
import { getAmountIn, getAmountOut } from '#connectors/evm/uniswap-v2/maths.ts'
import type { V3Pool } from '#connectors/evm/uniswap-v3/pool.ts'
import { type SwapRequest, swap } from '#connectors/evm/uniswap-v3/swap-maths.ts'
import type { Random } from '../random.ts'

/** From here on a quote may go to the end of all prices. */
const WIDE_SPACING = 60

type ContractRead = { readonly to: string; readonly data: string }

export type QuoteCase = {
  readonly what: string
  readonly read: ContractRead
  /** The words the contract must answer; undefined where it must refuse. */
  readonly expected: readonly bigint[] | undefined
  /** Initialised ticks the swap crosses. */
  readonly crossed: number
}

const quoter = new Interface([
  `function quoteExactInputSingle((address, address, uint256 amountIn, uint24 fee,
    uint160 limit)) returns (uint256, uint160, uint32, uint256)`,
  `function quoteExactOutputSingle((address, address, uint256 amount, uint24 fee,
    uint160 limit)) returns (uint256, uint160, uint32, uint256)`,
])
const router = new Interface([
  'function getAmountsOut(uint256, address[]) view returns (uint256[])',
  'function getAmountsIn(uint256, address[]) view returns (uint256[])',
])

export type V3Question = {
  readonly quoter: string
  readonly pool: V3Pool
  readonly token0: string
  readonly token1: string
  /** About what the pool holds of each token. */
  readonly held: readonly [bigint, bigint]
}

export function randomV3Case(random: Random, question: V3Question): QuoteCase {
  const { pool } = question
  const way = random.pick(['down', 'up'] as const)
  const exact = random.pick(['in', 'out'] as const)
  const isOf0 = (way === 'down') === (exact === 'in')
  const held = question.held[isOf0 ? 0 : 1]
  const isWide = pool.edges.tickSpacing >= WIDE_SPACING
  const amount = randomAmount(random, isWide ? 2n * held : held / 8n)
  const limit = random.below(3) === 0 ? randomLimit(random, pool, way) : undefined
  const request = { way, exact, amount, ...(limit === undefined ? {} : { limit }) }
  const { amountIn, amountOut, sqrtPriceX96, isWhole, crossed } = swap(pool, request)
  const answer = exact === 'in' ? amountOut : amountIn
  // Without a limit the quoter wants the whole output; it never answers a swap of nothing.
  const refuses = amountIn === 0n || (exact === 'out' && limit === undefined && !isWhole)
  return {
    what: `${way}, exact ${exact} ${amount}, limit ${limit}, fee ${pool.feePips}`,
    read: encodeV3(question, request),
    expected: refuses ? undefined : [answer, sqrtPriceX96],
    crossed,
  }
}

function encodeV3(question: V3Question, request: SwapRequest): ContractRead {
  const { quoter: to, pool, token0, token1 } = question
  const tokens = request.way === 'down' ? [token0, token1] : [token1, token0]
  const terms = [...tokens, request.amount, pool.feePips, request.limit ?? 0n]
  const method = request.exact === 'in' ? 'quoteExactInputSingle' : 'quoteExactOutputSingle'
  return { to, data: quoter.encodeFunctionData(method, [terms]) }
}

export type V2Question = {
  readonly router: string
  readonly fee: Fee
  readonly tokenIn: string
  readonly tokenOut: string
  readonly reserves: { readonly in: bigint; readonly out: bigint }
}

export function randomV2Case(random: Random, question: V2Question): QuoteCase {
  const { reserves, fee, router: to } = question
  const exact = random.pick(['in', 'out'] as const)
  const amount = randomAmount(random, 2n * (exact === 'in' ? reserves.in : reserves.out))
  const answer =
    exact === 'in' ? getAmountOut(amount, reserves, fee) : getAmountIn(amount, reserves, fee)
  const method = exact === 'in' ? 'getAmountsOut' : 'getAmountsIn'
  const path = [question.tokenIn, question.tokenOut]
  return {
    what: `v2, exact ${exact} ${amount}`,
    read: { to, data: router.encodeFunctionData(method, [amount, path]) },
    expected: answer === undefined ? undefined : [answer],
    crossed: 0,
  }
}

/** The words of a contract's answer that a case compares: V2 answers a list of both amounts. */
export function answeredWords(answer: string, { read, expected }: QuoteCase): readonly bigint[] {
  if (expected?.length === 2) return [word(answer, 0), word(answer, 1)]
  const isIn = read.data.startsWith(quotedSelector('getAmountsIn'))
  return [word(answer, isIn ? 2 : 3)]
}

function quotedSelector(method: string): string {
  return router.getFunction(method)?.selector ?? ''
}

function randomAmount(random: Random, max: bigint): bigint {
  const digits = max.toString(2).length
  const bits = 1 + random.below(digits)
  const amount = quantity(`0x${randomHex(random, bits)}`) % (1n << BigInt(bits))
  return amount === 0n ? 1n : amount > max ? max : amount
}

function randomHex(random: Random, bits: number): string {
  const words = Array.from({ length: Math.ceil(bits / 24) }, () => random.below(2 ** 24))
  return words.map((part) => part.toString(16).padStart(6, '0')).join('')
}

/** Up to 1 %, or up to a factor of four, from the price of the pool. */
function randomLimit(random: Random, pool: V3Pool, way: SwapRequest['way']): bigint {
  const parts = 1_000_000
  const span = random.below(2) === 0 ? 10_000 : 750_000
  const down = BigInt(parts - 1 - random.below(span))
  const price = pool.sqrtPriceX96
  return way === 'down' ? (price * down) / BigInt(parts) : (price * BigInt(parts)) / down
}
