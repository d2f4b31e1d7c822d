// Move: brings the position of a market to a size, whatever it is now.
//
// One order at a time, for what is missing by the bot's own count, so that a fill that is told late
// never makes it twice. 'passive' rests at the best price of its own side and follows it, and takes
// what is left when its time is over. A move that closes first takes every other order of the bot
// in this market back, for they hold the coins it sells. What is less than the venue takes is dust:
// it stays in the position and the next move counts it. While the bot is paused a move that closes
// goes on with orders that take; any other waits.

import { intervalUs } from '../bars/interval.ts'
import {
  canReduce,
  crossing,
  endOf,
  isDust,
  NO_HASTE,
  type Patience,
  restingAt,
  wait,
} from './crossing.ts'
import { defineExecutor, type ExecutorMarket, type OwnOrder, type Work } from './executor.ts'
import type { Move } from './plans.ts'

export type MoveData = {
  readonly market: string
  readonly target: number
  readonly isClosing: boolean
  /** Until then it rests. */
  readonly restUntil: number
  readonly slippageBps: number | null
  readonly patience: Patience
}

export type MoveStart = {
  readonly market: string
  readonly target: number
  readonly isClosing: boolean
  readonly now: number
}

const PASSIVE_WITHIN = '30s'
const TRIES_MAX = 12
/** A resting order follows the price at most so often. */
const FOLLOW_US = 500_000

export function moveData({ now, ...start }: MoveStart, how: Move = {}): MoveData {
  const { via = 'market', within = PASSIVE_WITHIN, maxSlippageBps } = how
  return {
    ...start,
    restUntil: via === 'passive' ? now + intervalUs(within) : 0,
    slippageBps: maxSlippageBps ?? null,
    patience: { ...NO_HASTE },
  }
}

export const move = defineExecutor<MoveData>({
  kind: 'move',
  step(work) {
    const { data } = work
    const market = work.market(data.market)
    // The one it replaces still has an order out there.
    if (work.isMoved(data.market)) return
    if (data.isClosing && takeOthersBack(work)) return
    const missing = data.target - market.position().size
    const [order] = work.orders()
    if (isDust(market, Math.abs(missing)) && !isLastOfIt(market, data, missing)) {
      if (order === undefined) work.finish(endOf(market, missing))
      else if (!order.isCancelling) work.cancel(order.id)
      return
    }
    if (order !== undefined) follow(work, market, order)
    else if (mayAct(work)) send(work, market, missing)
  },
  ended(work, order) {
    const { patience } = work.data
    wait(patience, order, work.now)
    if (patience.tries >= TRIES_MAX) work.finish(order.code ?? order.state)
  },
})

function mayAct({ data, isPaused, now }: Work<MoveData>): boolean {
  return (data.isClosing || !isPaused) && now >= data.patience.waitUntil
}

/** True while something of the bot is still there. */
function takeOthersBack(work: Work<MoveData>): boolean {
  const others = work.others(work.data.market)
  for (const { id, isCancelling } of others) if (!isCancelling) work.cancel(id)
  return others.length > 0
}

/** A lot or more that is closed: an order that only reduces may be as small as it likes. */
function isLastOfIt(market: ExecutorMarket, { target }: MoveData, missing: number): boolean {
  const lots = Math.abs(missing) >= Number(market.instrument.lot) * (1 - 1e-7)
  return target === 0 && lots && canReduce(market, missing > 0 ? 'buy' : 'sell', -missing)
}

/** A resting order leaves when its time is over or the best price has moved away from it. */
function follow(work: Work<MoveData>, market: ExecutorMarket, order: OwnOrder): void {
  const { restUntil } = work.data
  if (restUntil === 0 || order.isCancelling) return
  const best = restingAt(market, order.side)
  const isOff = best !== undefined && order.price !== undefined && isBehind(order, best)
  const mayFollow = work.now - order.placedAt >= FOLLOW_US
  if (work.now >= restUntil || (isOff && mayFollow)) work.cancel(order.id)
}

function isBehind({ side, price = 0 }: OwnOrder, best: number): boolean {
  return side === 'buy' ? best > price : best < price
}

function send(work: Work<MoveData>, market: ExecutorMarket, missing: number): void {
  const { market: reference, restUntil, slippageBps } = work.data
  const side = missing > 0 ? 'buy' : 'sell'
  const size = Math.abs(missing)
  const reduce = canReduce(market, side, size) ? { reduceOnly: true } : {}
  if (work.now < restUntil && !work.isPaused) {
    const price = restingAt(market, side)
    if (price === undefined) return
    work.place('rest', reference, { side, size, price, postOnly: true, slide: true, ...reduce })
    return
  }
  const how = crossing({ market, side, slippageBps: slippageBps ?? undefined })
  if (how !== undefined) work.place('take', reference, { side, size, ...how, ...reduce })
}
