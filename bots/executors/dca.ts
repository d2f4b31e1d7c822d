// DCA: the same amount again and again, at fixed times.
//
// The first order is due at once, the next ones at whole steps of the interval after it. A time
// that passed while the bot was away is not made up for: one order is due, not one for each of
// them. What a single order could not get is given up; the next one is its own.

import type { Side } from '#connectors/venue.ts'
import { intervalUs } from '../bars/interval.ts'
import type { Size } from '../sizes.ts'
import { crossing, isDust } from './crossing.ts'
import { defineExecutor, type ExecutorMarket } from './executor.ts'
import type { Dca } from './plans.ts'

export type DcaData = {
  readonly market: string
  readonly side: Side
  readonly size: Size
  readonly everyUs: number
  readonly limit: number | null
  readonly slippageBps: number | null
  left: number
  nextAt: number
}

export function dcaData(market: ExecutorMarket, now: number, plan: Dca): DcaData {
  const { side, size, every, times, limit = null, maxSlippageBps = null } = plan
  if (!Number.isSafeInteger(times) || times < 1) throw new RangeError('dca: times from 1 on')
  return {
    ...{ market: `${market.venue}:${market.symbol}`, side, size, everyUs: intervalUs(every) },
    ...{ limit, slippageBps: maxSlippageBps, left: times, nextAt: now },
  }
}

export const dca = defineExecutor<DcaData>({
  kind: 'dca',
  step(work) {
    const { data, now } = work
    if (work.orders().length > 0) return
    if (data.left === 0) return work.finish('done')
    if (work.isPaused || now < data.nextAt) return
    const market = work.market(data.market)
    const { side, slippageBps } = data
    const how = crossing({ market, side, slippageBps: slippageBps ?? undefined })
    const size = market.sizeOf(data.size)
    const price = market.price()
    if (how === undefined || size === undefined || price === undefined) return
    const missed = Math.floor((now - data.nextAt) / data.everyUs)
    data.nextAt += (missed + 1) * data.everyUs
    data.left = Math.max(0, data.left - 1 - missed)
    const { limit } = data
    const isDear = limit !== null && (side === 'buy' ? price > limit : price < limit)
    if (!isDear && !isDust(market, size)) work.place('buy', data.market, { side, size, ...how })
  },
})
