// Format of markets: listing and state together as the API's JSON.
//
// A bps is 100 units of a fee rate; a negative maker's rate is a rebate. What is not there is null:
// the end of a phase that nobody has set, a mark price before the first, an auction's price while
// nothing would trade. A customer's fees are those of the last tier that his volume has reached.

import type { FeeTier } from '#engine/command.ts'
import { assert } from '#kernel/assert.ts'
import { amountText, priceText, sizeText } from './decimals.ts'
import type { Market } from './listing.ts'
import type { MarketState } from './market-state.ts'

const RATE_PER_BPS = 100
const MICROS_PER_MS = 1_000

/** Without `pools`: the wallet's to know. The rates of the first tier stand beside all of them. */
export function marketJson(market: Market, state: MarketState) {
  const tiers = state.tiers.map((tier) => tierJson(market, tier))
  return {
    symbol: market.symbol,
    kind: market.kind,
    base: market.base.symbol,
    quote: market.quote.symbol,
    tickSize: priceText(market, 1),
    lotSize: sizeText(market, 1),
    minNotional: amountText(market.quote, state.minNotional),
    makerFeeBps: tiers[0]?.makerFeeBps ?? 0,
    takerFeeBps: tiers[0]?.takerFeeBps ?? 0,
    feeTiers: tiers,
    ...phaseJson(market, state),
    rules: rulesJson(state),
    ...(state.delisted ? { delisted: true } : {}),
  }
}

/** What changes from moment to moment: also the message of the channel `market`. */
export function phaseJson(market: Market, state: MarketState) {
  const { phase, endsAt, markPrice, indicativePrice, indicativeVolume } = state
  const indicative = {
    price: priceText(market, indicativePrice),
    volume: sizeText(market, indicativeVolume),
  }
  return {
    phase,
    phaseEndsAt: endsAt === 0 ? null : endsAt,
    markPrice: markPrice === 0 ? null : priceText(market, markPrice),
    indicative: indicativePrice === 0 ? null : indicative,
  }
}

/** What an owner pays who has traded so much in 30 days; tiers are counted from 1. */
export function feesJson(market: Market, { tiers }: MarketState, notional: number) {
  const reached = tiers.findLastIndex(({ minNotional }) => minNotional <= notional)
  const [tier, next] = [tiers[reached], tiers[reached + 1]]
  assert(tier !== undefined, 'the first tier is from 0')
  const { makerFeeBps, takerFeeBps } = tierJson(market, tier)
  return {
    market: market.symbol,
    quote: market.quote.symbol,
    quoteVolume30d: amountText(market.quote, notional),
    tier: reached + 1,
    ...{ makerFeeBps, takerFeeBps },
    nextTier: next === undefined ? null : tierJson(market, next),
  }
}

function tierJson(market: Market, { minNotional, makerRate, takerRate }: FeeTier) {
  return {
    minNotional: amountText(market.quote, minNotional),
    makerFeeBps: makerRate / RATE_PER_BPS,
    takerFeeBps: takerRate / RATE_PER_BPS,
  }
}

function rulesJson(state: MarketState) {
  const ms = (micros: number) => micros / MICROS_PER_MS
  return {
    collarBps: state.collarBps,
    bandBps: state.bandBps,
    bandWindowMs: ms(state.bandWindowUs),
    haltMs: ms(state.haltUs),
    auctionMs: ms(state.auctionUs),
    sessionOpenMs: ms(state.sessionOpenUs),
    sessionCloseMs: ms(state.sessionCloseUs),
  }
}
