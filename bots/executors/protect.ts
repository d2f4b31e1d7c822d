// Protect: keeps a stop, a take-profit or a trailing stop around the whole position of a market.
//
// With at 'venue', the default, it is one order that waits at the venue and works when the bot is
// gone; it follows the size of the position. While the position is being moved it steps aside, for
// it holds the coins. A stop whose price is passed already is a market order. It ends when there is
// nothing left to protect.

import type { Side } from '#connectors/venue.ts'
import type { NewOrder } from '../market.ts'
import { canReduce, crossing, isDust, NO_HASTE, type Patience, touchOf, wait } from './crossing.ts'
import { defineExecutor, type ExecutorMarket, type OwnOrder, type Work } from './executor.ts'
import type { Protection } from './plans.ts'

export type ProtectData = {
  readonly market: string
  readonly stop: number | null
  readonly takeProfit: number | null
  readonly trail: number | null
  readonly atVenue: boolean
  /** Of a trailing stop that the bot watches. */
  best: number | null
  /** Its price was passed: now it takes. */
  isDue: boolean
  readonly patience: Patience
}

export function protectData(market: ExecutorMarket, protection: Protection): ProtectData {
  const { stop = null, takeProfit = null, trail = null, at = 'venue' } = protection
  const given = [stop, takeProfit, trail].filter((price) => price !== null)
  const isRight = given.length > 0 && given.every((price) => price > 0 && Number.isFinite(price))
  if (!isRight || (trail !== null && given.length > 1)) {
    throw new RangeError('protect: stop, takeProfit or both, or trail, and above 0')
  }
  return {
    market: `${market.venue}:${market.symbol}`,
    ...{ stop, takeProfit, trail, atVenue: at === 'venue' && market.instrument.kind !== 'pool' },
    ...{ best: null, isDue: false, patience: { ...NO_HASTE } },
  }
}

export const protect = defineExecutor<ProtectData>({
  kind: 'protect',
  step(work) {
    const { data } = work
    const market = work.market(data.market)
    const { size } = market.position()
    const base = Math.abs(size)
    const mayReduce = canReduce(market, 'sell', size) && base >= Number(market.instrument.lot)
    if (base === 0 || (isDust(market, base) && !mayReduce)) return work.finish('closed')
    const [order] = work.orders()
    const side = size > 0 ? 'sell' : 'buy'
    if (!data.atVenue) watch(data, market, side)
    if (order !== undefined) adjust(work, order, base)
    else if (!work.isMoved(data.market) && work.now >= data.patience.waitUntil) {
      // Also while the bot is paused: what it holds is still there.
      send(work, market, { side, base })
    }
  },
  ended(work, order) {
    const { data } = work
    if (order.code === 'order.would_trigger') data.isDue = true
    else wait(data.patience, order, work.now)
    // What a stop could not sell within its collar goes on at the market.
    if (order.role === 'wait' && order.filledBase > 0 && order.code !== undefined) data.isDue = true
  },
})

function adjust(work: Work<ProtectData>, order: OwnOrder, base: number): void {
  const { data } = work
  const left = order.size - order.filledBase
  const lot = Number(work.market(data.market).instrument.lot)
  const isOff = Math.abs(left - base) >= lot * (1 - 1e-7)
  if (order.role !== 'wait' || order.isCancelling) return
  const isOver = data.isDue || work.isMoved(data.market)
  if (isOver || (isOff && order.isFixed)) work.cancel(order.id)
  // In place, so that there is no moment without protection.
  else if (isOff) work.amend(order.id, { size: order.filledBase + base })
}

type Exit = { readonly side: Side; readonly base: number }

function send(work: Work<ProtectData>, market: ExecutorMarket, { side, base }: Exit): void {
  const { data } = work
  // The one it replaces still holds the coins.
  if (work.others(data.market).some(({ role }) => role === 'wait')) return
  const reduce = canReduce(market, side, base) ? { reduceOnly: true } : {}
  if (data.isDue) {
    const how = crossing({ market, side, slippageBps: undefined })
    if (how !== undefined) work.place('take', data.market, { side, size: base, ...how, ...reduce })
  } else if (data.atVenue) {
    work.place('wait', data.market, { side, size: base, ...waiting(data), ...reduce })
  }
}

function waiting({ stop, takeProfit, trail }: ProtectData): Partial<NewOrder> {
  if (trail !== null) return { type: 'trailing-stop', trail }
  if (stop !== null && takeProfit !== null) return { type: 'oco', price: takeProfit, trigger: stop }
  if (stop !== null) return { type: 'stop', trigger: stop }
  return { price: takeProfit ?? 0 }
}

/** Prices watched by the bot itself. */
function watch(data: ProtectData, market: ExecutorMarket, side: Side): void {
  const price = touchOf(market, side)
  if (price === undefined) return
  const sign = side === 'sell' ? 1 : -1
  if (data.best === null || sign * (price - data.best) > 0) data.best = price
  const { stop, takeProfit, trail, best } = data
  const isStopped = stop !== null && sign * (price - stop) <= 0
  const isTaken = takeProfit !== null && sign * (price - takeProfit) >= 0
  const isTrailed = trail !== null && sign * (best - price) >= trail
  if (isStopped || isTaken || isTrailed) data.isDue = true
}
