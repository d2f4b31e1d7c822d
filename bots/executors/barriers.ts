// Barriers: an entry, and an exit at whichever of its barriers is met first.
//
// Take-profit and stop wait at the venue as one order as soon as something is bought, so they hold
// when the bot is gone; a trailing stop alone does so, too. Beside others it is watched here, and
// so is time. What it holds is counted apart from the position, so several can run in one market.
// When an exit has begun, what is left of the entry is taken back. A bracket is one with
// take-profit and stop and nothing else.

import type { Side } from '#connectors/venue.ts'
import { intervalUs } from '../bars/interval.ts'
import type { NewOrder } from '../market.ts'
import { crossing, isDust, NO_HASTE, type Patience, touchOf, wait } from './crossing.ts'
import { defineExecutor, type EndedOrder, type ExecutorMarket, type Work } from './executor.ts'
import type { TripleBarrier } from './plans.ts'

export type BarrierData = {
  readonly market: string
  readonly side: Side
  readonly size: number
  readonly price: number | null
  readonly entryUntil: number | null
  readonly takeProfit: number | null
  readonly stop: number | null
  readonly trail: number | null
  readonly withinUs: number | null
  isEntered: boolean
  /** Base coins it holds, bought for an entry by 'buy', sold for one by 'sell'. */
  held: number
  heldSince: number
  best: number | null
  /** Why it closes. */
  exit: string | null
  readonly patience: Patience
}

export type BarrierStart = { readonly market: ExecutorMarket; readonly now: number }

export function barrierData({ market, now }: BarrierStart, order: TripleBarrier): BarrierData {
  const { side, price = null, takeProfit = null, stop = null, trail = null } = order
  const size = market.sizeOf(order.size)
  const prices = [price, takeProfit, stop, trail].filter((one) => one !== null)
  if (size === undefined || !(size > 0) || !prices.every((one) => one > 0)) {
    throw new RangeError('a barrier needs a size and prices above 0')
  }
  const { entryWithin, within } = order
  return {
    ...{ market: `${market.venue}:${market.symbol}`, side, size, price, takeProfit, stop, trail },
    entryUntil: entryWithin === undefined ? null : now + intervalUs(entryWithin),
    withinUs: within === undefined ? null : intervalUs(within),
    ...{ isEntered: false, held: 0, heldSince: 0, best: null, exit: null },
    patience: { ...NO_HASTE },
  }
}

export const barriers = defineExecutor<BarrierData>({
  kind: 'barriers',
  step(work) {
    const { data, now } = work
    const market = work.market(data.market)
    const [entry] = work.orders('entry')
    if (!data.isEntered) return enter(work, market)
    const isLate = data.entryUntil !== null && now >= data.entryUntil
    if (entry !== undefined && (isLate || data.exit !== null) && !entry.isCancelling) {
      work.cancel(entry.id)
    }
    if (isDust(market, data.held)) {
      if (entry === undefined) leave(work)
      return
    }
    if (data.exit === null) data.exit = metBarrier(data, market, now)
    if (data.exit === null) guard(work, market)
    else if (entry === undefined) close(work, market)
  },
  traded({ data, now }, { role, base }) {
    if (role === 'entry') {
      if (data.held === 0) data.heldSince = now
      data.held += base
    } else data.held -= base
  },
  ended(work, order) {
    const { data } = work
    wait(data.patience, order, work.now)
    if (order.role === 'guard') data.exit ??= exitOf(data, order)
  },
})

function enter(work: Work<BarrierData>, market: ExecutorMarket): void {
  const { data } = work
  if (work.isPaused) return
  const { side, size, price } = data
  const limit: Partial<NewOrder> | undefined =
    price === null ? crossing({ market, side, slippageBps: undefined }) : { price }
  if (limit === undefined) return
  data.isEntered = true
  work.place('entry', data.market, { side, size, ...limit })
}

/** Nothing is held: either nothing was, or all of it is gone. */
function leave(work: Work<BarrierData>): void {
  const orders = work.orders()
  for (const { id, isCancelling } of orders) if (!isCancelling) work.cancel(id)
  if (orders.length > 0) return
  work.finish(work.data.heldSince === 0 ? 'not entered' : (work.data.exit ?? 'closed'))
}

function metBarrier(data: BarrierData, market: ExecutorMarket, now: number): string | null {
  const { withinUs, heldSince, trail, side } = data
  if (withinUs !== null && now >= heldSince + withinUs) return 'time'
  const price = touchOf(market, opposite(side))
  if (price === undefined) return null
  const sign = side === 'buy' ? 1 : -1
  if (data.best === null || sign * (price - data.best) > 0) data.best = price
  if (trail !== null && !isAtVenue(data, market) && sign * (data.best - price) >= trail) {
    return 'trail'
  }
  if (market.instrument.kind !== 'pool') return null
  const { stop, takeProfit } = data
  if (stop !== null && sign * (price - stop) <= 0) return 'stop'
  return takeProfit !== null && sign * (price - takeProfit) >= 0 ? 'take-profit' : null
}

/** A trailing stop is an order of the venue when it stands alone. */
function isAtVenue({ stop, takeProfit }: BarrierData, { instrument }: ExecutorMarket): boolean {
  return stop === null && takeProfit === null && instrument.kind !== 'pool'
}

/** Keeps one order at the venue around what is held. */
function guard(work: Work<BarrierData>, market: ExecutorMarket): void {
  const { data } = work
  const order = guardOrder(data, market)
  const [waiting] = work.orders('guard')
  if (order === undefined) return
  if (waiting !== undefined) {
    const off = Math.abs(waiting.size - waiting.filledBase - data.held)
    const isOff = off >= Number(market.instrument.lot) * (1 - 1e-7)
    if (!isOff || waiting.isCancelling) return
    if (waiting.isFixed || data.held === 0) work.cancel(waiting.id)
    // In place, so that there is no moment without protection.
    else work.amend(waiting.id, { size: waiting.filledBase + data.held })
  } else if (work.now >= data.patience.waitUntil) {
    // Also while the bot is paused: what it holds is still there.
    work.place('guard', data.market, { side: opposite(data.side), size: data.held, ...order })
  }
}

function guardOrder(data: BarrierData, market: ExecutorMarket): Partial<NewOrder> | undefined {
  const { stop, takeProfit, trail } = data
  if (market.instrument.kind === 'pool') return undefined
  if (trail !== null && isAtVenue(data, market)) return { type: 'trailing-stop', trail }
  if (stop !== null && takeProfit !== null) return { type: 'oco', price: takeProfit, trigger: stop }
  if (stop !== null) return { type: 'stop', trigger: stop }
  return takeProfit === null ? undefined : { price: takeProfit }
}

/** What the end of the waiting order means; null: it only made room for another one. */
function exitOf(data: BarrierData, order: EndedOrder): string | null {
  if (order.code === 'order.would_trigger') return data.stop === null ? 'trail' : 'stop'
  if (order.filledBase === 0 || order.isCancelling) return null
  if (data.trail !== null && data.stop === null && data.takeProfit === null) return 'trail'
  const price = order.filledQuote / order.filledBase
  const middle = ((data.stop ?? 0) + (data.takeProfit ?? Number.MAX_VALUE)) / 2
  const isHigh = price > middle || data.stop === null
  return isHigh === (data.side === 'buy') ? 'take-profit' : 'stop'
}

function close(work: Work<BarrierData>, market: ExecutorMarket): void {
  const { data, now } = work
  const orders = work.orders()
  for (const { id, role, isCancelling } of orders) {
    if (role !== 'close' && !isCancelling) work.cancel(id)
  }
  if (orders.length > 0 || now < data.patience.waitUntil) return
  const side = opposite(data.side)
  const how = crossing({ market, side, slippageBps: undefined })
  if (how !== undefined) work.place('close', data.market, { side, size: data.held, ...how })
}

function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy'
}
