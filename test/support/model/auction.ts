// Auction: the price of an uncross, its pairs, and what it would be now.
//
// The price has the largest volume, then the smallest surplus, then is nearest to the last price,
// then is the lower. Between two prices with orders nothing changes, so only they, their neighbours
// and the reference need to be looked at.

import { FILLS_PER_COMMAND_MAX, INDICATIVE_EVERY_US, PRICE_TICKS_MAX } from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { inPriority, isCrossed } from './book.ts'
import { cancel } from './ends.ts'
import { decrement, fill, type Meeting, tellPrevented } from './fill.ts'
import { openTo } from './phases.ts'
import type { Market, Order, World } from './world.ts'
import { emit } from './world.ts'

type Cross = { readonly price: number; readonly volume: number }

/** One tick of an auction whose end is reached. */
export function uncross(world: World, market: Market): void {
  if (market.uncrossPrice === 0 && isCrossed(market)) {
    const { price, volume } = priceOf(market)
    market.uncrossPrice = price
    const found = { price: asUnit<never>(price), volume: asUnit<never>(volume) }
    emit(world, { kind: 'uncrossed', market: market.listing.market, ...found })
  }
  if (market.uncrossPrice !== 0) {
    if (!pairAll(world, market, market.uncrossPrice)) return
    market.uncrossPrice = 0
    if (isCrossed(market)) return
  }
  openTo(world, market, market.next, 'uncross')
}

/** Tells what the auction would trade now, when that is news. */
export function tellIndicative(world: World, market: Market): void {
  market.indicativeAt = world.time + INDICATIVE_EVERY_US
  const { price, volume } = isCrossed(market) ? priceOf(market) : { price: 0, volume: 0 }
  if (price === market.told.price && volume === market.told.volume) return
  market.told = { price, volume }
  const now = { price: asUnit<never>(price), volume: asUnit<never>(volume) }
  emit(world, { kind: 'indicative', market: market.listing.market, ...now })
}

// False when the limit of a command was met: the next tick goes on.
function pairAll(world: World, market: Market, price: number): boolean {
  for (let pairs = 0; ; pairs += 1) {
    const [buy] = market.levels.buy[0]?.orders ?? []
    const [sale] = market.levels.sell[0]?.orders ?? []
    if (buy === undefined || sale === undefined) return true
    if (buy.price < price || sale.price > price) return true
    if (pairs === FILLS_PER_COMMAND_MAX) return false
    pair(world, buy, sale, price)
  }
}

function pair(world: World, buy: Order, sale: Order, price: number): void {
  const [maker, taker] = buy.priority < sale.priority ? [buy, sale] : [sale, buy]
  const lots = Math.min(buy.remaining, sale.remaining)
  const meeting = { maker, taker, price, lots, auction: true }
  if (maker.owner === taker.owner) prevent(world, meeting)
  else fill(world, meeting)
}

function prevent(world: World, meeting: Meeting): void {
  const { maker, taker } = meeting
  const { selfTrade } = taker.request
  tellPrevented(world, meeting, selfTrade)
  if (selfTrade === 'decrement') decrement(world, meeting)
  if (selfTrade === 'cancel-maker' || selfTrade === 'cancel-both') {
    cancel(world, maker, 'order.self_trade')
  }
  if (selfTrade === 'cancel-taker' || selfTrade === 'cancel-both') {
    cancel(world, taker, 'order.self_trade')
  }
}

function priceOf(market: Market): Cross {
  const buys = inPriority(market, 'buy')
  const sales = inPriority(market, 'sell')
  const reference = market.lastPrice !== 0 ? market.lastPrice : market.mark
  const around = [...buys, ...sales].flatMap(({ price }) => [price - 1, price, price + 1])
  const prices = [...new Set([...around, reference])].filter((p) => p >= 1 && p <= PRICE_TICKS_MAX)
  const sum = (orders: readonly Order[]) => orders.reduce((lots, o) => lots + o.remaining, 0)
  const judged = prices.map((price) => {
    const bought = sum(buys.filter((order) => order.price >= price))
    const sold = sum(sales.filter((order) => order.price <= price))
    const volume = Math.min(bought, sold)
    return { price, volume, surplus: Math.abs(bought - sold), away: Math.abs(price - reference) }
  })
  judged.sort(
    (a, b) => b.volume - a.volume || a.surplus - b.surplus || a.away - b.away || a.price - b.price,
  )
  const [best] = judged
  return { price: best?.price ?? 0, volume: best?.volume ?? 0 }
}
