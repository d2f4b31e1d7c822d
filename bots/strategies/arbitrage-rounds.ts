// Arbitrage rounds: two pools traded against each other, in one transaction that gains its floor
// after gas or nothing.
//
// The book of all pools says when: it is crossed where pools differ by more than their fees. How
// much and by which pools is the venue's to find. The next round waits for another book.

import type { Order } from '#connectors/venue.ts'
import { crossingOf } from '../pricing/crossed-book.ts'
import type { Context, Market } from '../strategy.ts'

export type Round = { readonly id: string; readonly expected: number }

/** By market: the round whose outcome is not known yet. */
type Rounds = { readonly rounds: Record<string, Round> }

export type RoundPair = {
  /** All pools together: where every swap goes, by the best route. */
  readonly routed: Market
  /** What the last round was sized by. */
  roundSeen: object | undefined
  /** ETH that the pools' last fill cost beside its fee. */
  gasEth: number | undefined
}

export type RoundTerms = {
  /** What it must be expected to earn, and what it must earn. */
  readonly least: number
  readonly floor: number
  /** Of a swap on one pool. */
  readonly gasQuote: number
}

/** A round passes two pools where a leg passes one. */
const ROUND_GAS = 1.4
/** What may go in, so that the best amount is within it. */
const ROOM = 2

/** Whether a round that should earn more than `least` was sent. */
export function sendRound<S extends Rounds>(
  ctx: Context<S>,
  pair: RoundPair,
  { least, floor, gasQuote }: RoundTerms,
): boolean {
  const { routed } = pair
  const told = routed.book()
  if (told === undefined || told === pair.roundSeen) return false
  const crossing = crossingOf(told, routed.balance(routed.instrument.quote) / ROOM)
  const expected = (crossing?.gain ?? 0) - gasQuote * ROUND_GAS
  if (crossing === undefined || expected <= least) return false
  pair.roundSeen = told
  pair.gasEth = undefined
  const quote = crossing.spent * ROOM
  const order = { side: 'sell', quote, minProfit: floor, timeInForce: 'FOK', saved: true } as const
  ctx.state.rounds[routed.symbol] = { id: routed.place(order), expected }
  return true
}

type Outcome = {
  readonly order: Order
  /** What its gas cost. */
  readonly gasQuote: number
}

/** The venue's word on a round: it gained its floor, or it was nothing; false for other orders. */
export function roundDone<S extends Rounds>(
  ctx: Context<S>,
  { routed: { symbol: market } }: RoundPair,
  { order, gasQuote }: Outcome,
): boolean {
  const round = ctx.state.rounds[market]
  if (round === undefined || round.id !== order.clientOrderId || order.state === 'open')
    return false
  delete ctx.state.rounds[market]
  const figures = { market, expectedEdgeQuote: round.expected, txHash: order.venueOrderId ?? null }
  if (order.state === 'filled') {
    const realisedQuote = Number(order.filledQuote) - gasQuote
    ctx.report({ ...figures, realisedQuote, cause: realisedQuote < 0 ? 'gas' : null })
    return true
  }
  ctx.log(`${market}: the arbitrage between pools came to nothing: ${order.code ?? order.state}`)
  if (isNothing(order.code)) return true
  const cause = order.code === 'swap.slippage' ? 'pool moved' : 'leg failed'
  ctx.report({ ...figures, realisedQuote: null, cause })
  return true
}

/** Never sent, so nothing was done that could have cost anything. */
function isNothing(code: string | undefined): boolean {
  return code === undefined || code === 'swap.no_profit' || /^(gate[.]|not_found$)/.test(code)
}
