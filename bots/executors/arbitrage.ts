// Arbitrage: buys in one market what it sells in another, both legs of one size.
//
// The leg that is less sure (a pool before a book, else the buy) goes first and takes all or
// nothing where the venue can; what it got, and no more, is the size of the other one. What the
// other leg could not get is hedged again, each time further from the price it was sized at, until
// nothing but dust is left. Only the size that both books give within the edge is asked for.

import type { Level, Side } from '#connectors/venue.ts'
import type { Market } from '../market.ts'
import type { Size } from '../sizes.ts'
import { reachText } from '../steps.ts'
import { endOf, isDust, NO_HASTE, type Patience, touchOf, wait } from './crossing.ts'
import { defineExecutor, type ExecutorMarket, type Work } from './executor.ts'

export type ArbitrageLegs = {
  readonly buy: Market
  readonly sell: Market
  /** At most; what the books give with an edge may be less. */
  readonly size: Size
  /** What must be left after taker fees, in basis points of the price. */
  readonly minEdgeBps: number
  /** Prices that the strategy has found itself, such as of a pool: then books are not asked. */
  readonly at?: { readonly buy: number; readonly sell: number }
  /** How far beyond its price the second leg may go, at most. */
  readonly hedgeMaxBps?: number
  readonly tag?: string
}

type Leg = { readonly market: string; readonly side: Side; readonly price: number }

export type ArbitrageData = {
  readonly first: Leg
  readonly second: Leg
  readonly size: number
  readonly hedgeMaxBps: number
  isSent: boolean
  /** Base coins of each leg. */
  firstBase: number
  secondBase: number
  /** Received less paid, before fees, in quote coins. */
  gained: number
  hedges: number
  readonly patience: Patience
}

const BPS = 10_000
const HEDGE_STEP_BPS = 10
const HEDGE_MAX_BPS = 300

/** Undefined when there is no edge now. */
export function arbitrageData(legs: ArbitrageLegs): ArbitrageData | undefined {
  const { buy, sell, hedgeMaxBps = HEDGE_MAX_BPS } = legs
  const wanted = buy.sizeOf(legs.size)
  const found = wanted === undefined ? undefined : (given(legs, wanted) ?? edgeOf(legs, wanted))
  if (found === undefined) return undefined
  const buying: Leg = { market: referenceOf(buy), side: 'buy', price: found.buyAt }
  const selling: Leg = { market: referenceOf(sell), side: 'sell', price: found.sellAt }
  const isSellFirst = sell.instrument.kind === 'pool' && buy.instrument.kind !== 'pool'
  const [first, second] = isSellFirst ? [selling, buying] : [buying, selling]
  const counts = { firstBase: 0, secondBase: 0, gained: 0, hedges: 0, isSent: false }
  return { first, second, size: found.base, hedgeMaxBps, ...counts, patience: { ...NO_HASTE } }
}

export const arbitrage = defineExecutor<ArbitrageData>({
  kind: 'arbitrage',
  step(work) {
    const { data, now } = work
    if (work.orders().length > 0) return
    if (!data.isSent) {
      if (work.isPaused) return work.finish('paused')
      data.isSent = true
      sendFirst(work)
      return
    }
    const open = data.firstBase - data.secondBase
    const market = work.market(data.second.market)
    if (data.firstBase === 0) work.finish('first leg came to nothing')
    else if (isDust(market, open)) work.finish(endOf(market, open))
    else if (now >= data.patience.waitUntil) hedge(work, market, open)
  },
  traded({ data }, { role, side, base, quote }) {
    if (role === 'first') data.firstBase += base
    else data.secondBase += base
    data.gained += side === 'sell' ? quote : -quote
  },
  ended(work, order) {
    if (order.role !== 'hedge') return
    work.data.hedges += 1
    wait(work.data.patience, order, work.now)
  },
})

function sendFirst(work: Work<ArbitrageData>): void {
  const { first, size } = work.data
  const market = work.market(first.market)
  const price = reachable(market, first, 0)
  const { kind } = market.instrument
  if (price === undefined) return
  const timeInForce = kind === 'pool' ? 'FOK' : 'IOC'
  work.place('first', first.market, { side: first.side, size, price, timeInForce })
}

/** The first time at the price it was sized at, then from the touch. */
function hedge(work: Work<ArbitrageData>, market: ExecutorMarket, size: number): void {
  const { second, hedges, hedgeMaxBps } = work.data
  const bps = Math.min(hedgeMaxBps, (hedges + 1) * HEDGE_STEP_BPS)
  const from = hedges === 0 ? second.price : (touchOf(market, second.side) ?? second.price)
  const price = reachable(market, { ...second, price: from }, bps)
  const timeInForce = market.instrument.kind === 'pool' ? 'FOK' : 'IOC'
  if (price === undefined) return
  work.place('hedge', second.market, { side: second.side, size, price, timeInForce })
}

function reachable({ instrument }: ExecutorMarket, { side, price }: Leg, bps: number) {
  const reach = price * (1 + ((side === 'buy' ? 1 : -1) * bps) / BPS)
  return instrument.kind === 'pool' ? String(reach) : reachText(reach, instrument.tick, side)
}

function referenceOf({ venue, symbol }: Market): string {
  return `${venue}:${symbol}`
}

type Edge = { readonly base: number; readonly buyAt: number; readonly sellAt: number }

function given({ at, buy, sell }: ArbitrageLegs, wanted: number): Edge | undefined {
  return at === undefined ? undefined : wholeLots(buy, sell, { ...edgeAt(at), base: wanted })
}

function edgeAt({ buy, sell }: NonNullable<ArbitrageLegs['at']>) {
  return { buyAt: buy, sellAt: sell }
}

/** Of the coarser of both lots, so that both legs can have it. */
function wholeLots(buy: Market, sell: Market, edge: Edge): Edge | undefined {
  const lot = Math.max(Number(buy.instrument.lot), Number(sell.instrument.lot))
  const lots = Math.floor(edge.base / lot + 1e-7)
  return lots > 0 ? { ...edge, base: lots * lot } : undefined
}

/** Walks both books together for as long as the next coins still have the edge. */
function edgeOf({ buy, sell, minEdgeBps }: ArbitrageLegs, wanted: number): Edge | undefined {
  const [asks, bids] = [buy.book()?.asks ?? [], sell.book()?.bids ?? []]
  const cost = 1 + Number(buy.instrument.takerFee)
  const gain = 1 - Number(sell.instrument.takerFee)
  let [base, buyAt, sellAt] = [0, 0, 0]
  const [ask, bid] = [walk(asks), walk(bids)]
  while (base < wanted) {
    const [over, under] = [ask.price(), bid.price()]
    const hasEdge = under * gain - over * cost >= (over * minEdgeBps) / BPS
    if (!(over > 0) || !(under > 0) || !hasEdge) break
    const part = Math.min(ask.left(), bid.left(), wanted - base)
    for (const side of [ask, bid]) side.take(part)
    base += part
    buyAt = over
    sellAt = under
  }
  return wholeLots(buy, sell, { base, buyAt, sellAt })
}

function walk(levels: readonly Level[]) {
  let [index, used] = [0, 0]
  return {
    price: () => Number(levels[index]?.price),
    left: () => Number(levels[index]?.size) - used,
    take(part: number) {
      used += part
      if (used >= Number(levels[index]?.size) - 1e-12) {
        index += 1
        used = 0
      }
    },
  }
}
