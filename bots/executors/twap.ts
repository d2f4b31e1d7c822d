// TWAP and VWAP: one order in slices over time, evenly or as the market usually trades.
//
// By each slice's time a known share of the whole should be done; what is behind is one order,
// whatever was missed before: after a pause or a restart it catches up with a single slice. Slices
// take, bounded by slippage. After the last one it goes on until all is done or its patience ends;
// what is less than the venue takes is left over and said so.

import type { Side } from '#connectors/venue.ts'
import type { Bars } from '../bars/bars.ts'
import { intervalUs } from '../bars/interval.ts'
import { crossing, endOf, isDust, NO_HASTE, type Patience, wait } from './crossing.ts'
import { defineExecutor, type ExecutorMarket } from './executor.ts'
import type { Twap, Vwap } from './plans.ts'

export type TwapData = {
  readonly market: string
  readonly side: Side
  readonly total: number
  readonly startAt: number
  readonly everyUs: number
  /** The share that should be done when each slice begins, ascending to 1. */
  readonly shares: readonly number[]
  readonly slippageBps: number | null
  done: number
  readonly patience: Patience
}

const SLICES_MAX = 1_000
const TRIES_MAX = 12
const DAY_US = 86_400_000_000

export type TwapStart = { readonly market: ExecutorMarket; readonly now: number }

export function twapData(start: TwapStart, order: Twap): TwapData {
  return sliced(
    start,
    order,
    Array.from({ length: checked(order.slices) }, () => 1),
  )
}

export function vwapData(start: TwapStart, order: Vwap): TwapData {
  const everyUs = intervalUs(order.over) / checked(order.slices)
  const weights = Array.from({ length: order.slices }, (_, slice) =>
    usualVolume(order.bars, start.now + slice * everyUs, everyUs),
  )
  const isKnown = weights.every((weight) => weight > 0)
  return sliced(start, order, isKnown ? weights : weights.map(() => 1))
}

function sliced(start: TwapStart, order: Twap, weights: readonly number[]): TwapData {
  const { market, now } = start
  const total = market.sizeOf(order.size)
  if (total === undefined || !(total > 0)) throw new RangeError('a size above 0 is needed')
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  const shares = weights.map((weight) => {
    sum += weight
    return sum / whole
  })
  return {
    ...{ market: `${market.venue}:${market.symbol}`, side: order.side, total, startAt: now },
    ...{ everyUs: intervalUs(order.over) / order.slices, shares, done: 0 },
    slippageBps: order.maxSlippageBps ?? null,
    patience: { ...NO_HASTE },
  }
}

function checked(slices: number): number {
  if (Number.isSafeInteger(slices) && slices >= 1 && slices <= SLICES_MAX) return slices
  throw new RangeError(`slices are a whole number from 1 to ${SLICES_MAX}`)
}

/** Mean volume of the kept bars that lie at this time of day; 0 when there are none. */
function usualVolume(bars: Bars, from: number, lengthUs: number): number {
  let [sum, count] = [0, 0]
  for (let age = 0; age < bars.close.length; age += 1) {
    const { openAt, volume } = bars.at(age)
    const after = (((openAt - from) % DAY_US) + DAY_US) % DAY_US
    if (after >= lengthUs) continue
    sum += volume
    count += 1
  }
  return count === 0 ? 0 : sum / count
}

export const twap = defineExecutor<TwapData>({
  kind: 'twap',
  step(work) {
    const { data, now } = work
    const { side, total, slippageBps } = data
    const market = work.market(data.market)
    if (work.orders().length > 0) return
    const left = total - data.done
    if (isDust(market, left)) return work.finish(endOf(market, left))
    if (work.isPaused || now < data.patience.waitUntil) return
    const slice = Math.floor((now - data.startAt) / data.everyUs)
    const share = data.shares[Math.min(slice, data.shares.length - 1)] ?? 1
    const behind = total * share - data.done
    // What would be left over as dust goes with this slice.
    const size = isDust(market, left - behind) ? left : behind
    if (isDust(market, size)) return
    const how = crossing({ market, side, slippageBps: slippageBps ?? undefined })
    if (how !== undefined) work.place('slice', data.market, { side, size, ...how })
  },
  traded({ data }, { base }) {
    data.done += base
  },
  ended(work, order) {
    const { patience } = work.data
    wait(patience, order, work.now)
    if (patience.tries >= TRIES_MAX) work.finish(order.code ?? order.state)
  },
})
