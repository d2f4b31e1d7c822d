// Market commands: what the params of an action on a market say as a command of the engine.
//
// Rates are told in basis points, times in milliseconds and money as decimal strings, exact in the
// units of the market: what cannot be said exactly is refused before anybody decides about it.

import type { SetFees, SetMarket } from '#engine/command.ts'
import { asUnit, type FeeRate } from '#kernel/amount.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Market } from '#views/listing.ts'
import { isRefused, quoteOf } from '#views/market-units.ts'
import type { FeesParams, RulesParams } from './market-params.ts'

const MS_US = 1_000
const RATE_PER_BPS = 100

/** request.malformed for an amount that the quote asset cannot hold. */
export function rulesCommand(market: Market, params: RulesParams): Result<SetMarket> {
  const minNotional = quoteOf(market, params.minNotional)
  if (isRefused(minNotional)) return minNotional
  return accept({
    ...{ kind: 'setMarket', market: market.id, minNotional },
    ...{ collarBps: params.collarBps, bandBps: params.bandBps },
    bandWindowUs: params.bandWindowMs * MS_US,
    haltUs: params.haltMs * MS_US,
    auctionUs: params.auctionMs * MS_US,
    sessionOpenUs: params.sessionOpenMs * MS_US,
    sessionCloseUs: params.sessionCloseMs * MS_US,
  })
}

/** request.malformed for an amount of that kind, or a rate finer than 0.01 bps. */
export function feesCommand(market: Market, { tiers }: FeesParams): Result<SetFees> {
  const parsed: SetFees['tiers'][number][] = []
  for (const tier of tiers) {
    const minNotional = quoteOf(market, tier.minNotional)
    if (isRefused(minNotional)) return minNotional
    const [makerRate, takerRate] = [rateOf(tier.makerFeeBps), rateOf(tier.takerFeeBps)]
    if (makerRate === undefined || takerRate === undefined) {
      return refuse('request.malformed', { why: 'a rate has at most two digits' })
    }
    parsed.push({ minNotional, makerRate, takerRate })
  }
  return accept({ kind: 'setFees', market: market.id, tiers: parsed })
}

/** Hundredths of a basis point, exact: 0.1 + 0.2 is nobody's rate. */
function rateOf(bps: number): FeeRate | undefined {
  const rate = Math.round(bps * RATE_PER_BPS)
  return rate / RATE_PER_BPS === bps ? asUnit(rate) : undefined
}
