// Operator commands: what an operator's body says as a command of the engine.

import type { SetFees, SetMark, SetMarket } from '#engine/command.ts'
import { asUnit, type FeeRate } from '#kernel/amount.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Market } from '#views/listing.ts'
import { quoteOf, ticksOf } from '#views/market-units.ts'
import type { FeesBody, RulesBody } from './operator-schemas.ts'

const MS_US = 1_000
const RATE_PER_BPS = 100

/** request.malformed for an amount that the quote asset cannot hold. */
export function rulesCommand(market: Market, body: RulesBody): Result<SetMarket> {
  const minNotional = quoteOf(market, body.minNotional)
  if (!minNotional.ok) return minNotional
  return accept({
    ...{ kind: 'setMarket', market: market.id, minNotional: minNotional.value },
    ...{ collarBps: body.collarBps, bandBps: body.bandBps },
    bandWindowUs: body.bandWindowMs * MS_US,
    haltUs: body.haltMs * MS_US,
    auctionUs: body.auctionMs * MS_US,
    sessionOpenUs: body.sessionOpenMs * MS_US,
    sessionCloseUs: body.sessionCloseMs * MS_US,
  })
}

/** request.malformed for an amount of that kind, or a rate finer than 0.01 bps. */
export function feesCommand(market: Market, { tiers }: FeesBody): Result<SetFees> {
  const parsed: SetFees['tiers'][number][] = []
  for (const tier of tiers) {
    const minNotional = quoteOf(market, tier.minNotional)
    if (!minNotional.ok) return minNotional
    const [makerRate, takerRate] = [rateOf(tier.makerFeeBps), rateOf(tier.takerFeeBps)]
    if (makerRate === undefined || takerRate === undefined) {
      return refuse('request.malformed', { why: 'a rate has at most two digits' })
    }
    parsed.push({ minNotional: minNotional.value, makerRate, takerRate })
  }
  return accept({ kind: 'setFees', market: market.id, tiers: parsed })
}

/** order.price_off_tick, order.price_out_of_band, request.malformed. */
export function markCommand(market: Market, text: string): Result<SetMark> {
  const price = ticksOf(market, text)
  return price.ok ? accept({ kind: 'setMark', market: market.id, price: price.value }) : price
}

/** Hundredths of a basis point, exact: 0.1 + 0.2 is nobody's rate. */
function rateOf(bps: number): FeeRate | undefined {
  const rate = Math.round(bps * RATE_PER_BPS)
  return rate / RATE_PER_BPS === bps ? asUnit(rate) : undefined
}
