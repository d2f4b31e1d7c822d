// SwapExecutor: the calls of contracts/swap/SwapExecutor.sol as data, and what came of them.
//
// Every amount is in the token's smallest unit. A swap without a least output or an arbitrage
// without a least profit cannot be encoded: both throw here and would revert on chain. The caller
// approves exactly amountIn beforehand; a swap with a price limit may leave a part of that.

import { Interface } from 'ethers'
import { assert } from '#kernel/assert.ts'
import type { Call } from './gas.ts'
import type { Log } from './logs.ts'

export const HOPS_MAX = 3
/** How far ahead of the block's time a deadline may lie, as the contract has it. */
export const DEADLINE_MAX_SECONDS = 300

export type ExecutorSwap = {
  readonly tokenIn: string
  readonly tokenOut: string
  readonly amountIn: bigint
  /** On the caller's balance; never 0. */
  readonly minOut: bigint
  /** Where the first pool, of V3, stops: a square root with 96 binary places. */
  readonly priceLimit?: bigint
  /** By block time, in seconds. */
  readonly deadline: number
  readonly pools: readonly string[]
}

export type ExecutorArbitrage = {
  readonly token: string
  readonly amountIn: bigint
  /** Above what the caller had; never 0. */
  readonly minProfit: bigint
  readonly deadline: number
  readonly pools: readonly string[]
}

export type ExecutorCall = Call & { readonly to: string; readonly data: string }

const executor = new Interface([
  `function swap((address tokenIn, address tokenOut, uint256 amountIn, uint256 minOut,
    uint160 priceLimit, uint256 deadline, address[] pools) order)
    returns (uint256 spent, uint256 received)`,
  `function arbitrage((address token, uint256 amountIn, uint256 minProfit, uint256 deadline,
    address[] pools) order) returns (uint256 profit)`,
  `event Swapped(address indexed caller, address indexed tokenIn, address indexed tokenOut,
    uint256 spent, uint256 received)`,
  `event Arbitraged(address indexed caller, address indexed token, uint256 amountIn,
    uint256 profit)`,
  'error Reentered()',
  'error NotAnOperator(address caller)',
  'error NoMinimum()',
  'error ZeroAmount()',
  'error Expired(uint256 deadline)',
  'error DeadlineTooFar(uint256 deadline)',
  'error RouteLength(uint256 pools)',
  'error TokenNotListed(address token)',
  'error PoolNotListed(address pool)',
  'error TokenNotInPool(address token, address pool)',
  'error WrongEnd(address tokenOut)',
  'error LimitNeedsV3(address pool)',
  'error NothingArrived(address pool)',
  'error NotThePool(address caller)',
  'error WrongDemand(address pool, uint256 owed)',
  'error TokenTookFee(address token)',
  'error OutputTooLow(uint256 received, uint256 minOut)',
  'error ProfitTooLow(int256 profit, uint256 minProfit)',
  'error LeftBehind(address token)',
  'error SafeERC20FailedOperation(address token)',
])

export function swapCall(to: string, order: ExecutorSwap): ExecutorCall {
  const { priceLimit = 0n } = order
  assert(order.minOut > 0n, 'a swap without a least output')
  checkRoute(order, 1)
  return { to, data: executor.encodeFunctionData('swap', [{ ...order, priceLimit }]) }
}

export function arbitrageCall(to: string, order: ExecutorArbitrage): ExecutorCall {
  assert(order.minProfit > 0n, 'an arbitrage without a least profit')
  checkRoute(order, 2)
  return { to, data: executor.encodeFunctionData('arbitrage', [order]) }
}

function checkRoute(order: Pick<ExecutorSwap, 'amountIn' | 'pools'>, hopsMin: number): void {
  const { length } = order.pools
  assert(order.amountIn > 0n, 'a swap of nothing')
  assert(length >= hopsMin && length <= HOPS_MAX, `a route of ${length} pools`)
}

/** What a signer reads before it signs; null for anything but the two orders, byte for byte. */
export function readCall(data: string) {
  const call = executor.parseTransaction({ data })
  // A decoder passes over what trails: what is signed must be nothing but what was read.
  if (call === null || executor.encodeFunctionData(call.fragment, call.args) !== data) return null
  const [order] = call.args
  if (call.name === 'swap') return { kind: 'swap', order: swapOf(order) } as const
  return { kind: 'arbitrage', order: arbitrageOf(order) } as const
}

type Fields = Readonly<Record<string, unknown>>

function swapOf(order: Fields): ExecutorSwap {
  const { tokenIn, tokenOut, minOut, priceLimit } = order
  const ends = { tokenIn: String(tokenIn), tokenOut: String(tokenOut) }
  const bounds = { minOut: amount(minOut), priceLimit: amount(priceLimit) }
  return { ...ends, ...bounds, ...common(order) }
}

function arbitrageOf(order: Fields): ExecutorArbitrage {
  return { token: String(order.token), minProfit: amount(order.minProfit), ...common(order) }
}

function common({ amountIn, deadline, pools }: Fields) {
  const route = Array.isArray(pools) ? pools.map(String) : []
  return { amountIn: amount(amountIn), deadline: Number(deadline), pools: route }
}

function amount(value: unknown): bigint {
  return BigInt(String(value))
}

export type Executed = { readonly spent: bigint; readonly received: bigint }

/** What a mined swap paid and got; an arbitrage gets its input and profit. Undefined: no log. */
export function readExecuted(logs: readonly Log[], address: string): Executed | undefined {
  for (const log of logs) {
    if (log.address.toLowerCase() !== address.toLowerCase()) continue
    const event = executor.parseLog({ topics: log.topics.map(String), data: log.data })
    if (event === null) continue
    if (event.name === 'Swapped') return { spent: event.args[3], received: event.args[4] }
    return { spent: event.args[2], received: event.args[2] + event.args[3] }
  }
  return undefined
}

/** The name of the error in revert data: 'OutputTooLow'; null when it is not one of ours. */
export function executorError(data: string): string | null {
  return executor.parseError(data)?.name ?? null
}
