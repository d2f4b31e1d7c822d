// Depth events: what the full engine says, made by hand, on the small market.
//
// Every function takes the numbers that its event takes; what is not given is Alice's, or nothing.

import { NO_EXTRA } from '#engine/codec/extra.ts'
import type { OrderExtra } from '#engine/command.ts'
import type {
  EventBody,
  ExitOpened,
  OrderAmended,
  OrderRefreshed,
  OrderTriggered,
} from '#engine/event.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { ALICE, MARKET, type SmallMarket } from './small-market.ts'

/** An extra with everything else at its default. */
export function extra(given: Partial<OrderExtra>): OrderExtra {
  return { ...NO_EXTRA, ...given }
}

type Given<T extends { readonly orderId: unknown }> = Partial<T> & { readonly id: number }
type Where = 'book' | 'outside'

const OF_ALICE = { account: ALICE, market: MARKET, side: 'sell' } as const

export function amended(
  market: SmallMarket,
  { id, ...given }: Given<OrderAmended>,
  where: Where = 'book',
): OrderAmended {
  return {
    ...{ kind: 'amended', ...OF_ALICE, orderId: asId(id) },
    accountSeq: market.seqOf(given.account ?? ALICE, 1),
    ...{ price: asUnit(0), oldPrice: asUnit(0), triggerPrice: asUnit(0), size: asUnit(0) },
    ...{ remaining: asUnit(0), shown: asUnit(0) },
    bookNumber: where === 'book' ? market.bookNumber() : 0,
    ...given,
  }
}

export function triggered(
  market: SmallMarket,
  { id, ...given }: Given<OrderTriggered>,
  where: Where = 'outside',
): OrderTriggered {
  return {
    ...{ kind: 'triggered', ...OF_ALICE, orderId: asId(id) },
    accountSeq: market.seqOf(given.account ?? ALICE, 1),
    ...{ triggerPrice: asUnit(0), reference: asUnit(0), price: asUnit(0), leftPrice: asUnit(0) },
    ...{ shown: asUnit(0), remaining: asUnit(0) },
    bookNumber: where === 'book' ? market.bookNumber() : 0,
    ...given,
  }
}

export function refreshed(market: SmallMarket, { id, ...given }: Given<OrderRefreshed>) {
  const bookNumber = market.bookNumber()
  const refresh: OrderRefreshed = {
    ...{ kind: 'refreshed', ...OF_ALICE, orderId: asId(id), requeued: true, bookNumber },
    ...{ price: asUnit(0), added: asUnit(0) },
    ...given,
  }
  return refresh
}

export function exitOpened(market: SmallMarket, { id, ...given }: Given<ExitOpened>): ExitOpened {
  return {
    ...{ kind: 'exitOpened', ...OF_ALICE, selfTrade: 'cancel-taker', triggerBy: 'last' },
    ...{ orderId: asId(2 ** 52 + id), entryOrderId: asId(id) },
    accountSeq: market.seqOf(given.account ?? ALICE, 1),
    ...{ price: asUnit(0), triggerPrice: asUnit(0), stopPrice: asUnit(0), size: asUnit(0) },
    ...{ makerRate: asUnit(200), takerRate: asUnit(500) },
    ...given,
  }
}

const OF_MARKET = { market: MARKET } as const

/** Every way in which a market says that it has changed. */
export const MARKET_EVENTS: readonly EventBody[] = [
  {
    ...{ kind: 'marketChanged', ...OF_MARKET, minNotional: asUnit(2_000_000), collarBps: 500 },
    ...{ bandBps: 1_000, bandWindowUs: 60_000_000, haltUs: 5_000_000, auctionUs: 30_000_000 },
    ...{ sessionOpenUs: 0, sessionCloseUs: 3_600_000_000 },
  },
  {
    ...{ kind: 'feesSet', ...OF_MARKET },
    tiers: [
      { minNotional: asUnit(0), makerRate: asUnit(100), takerRate: asUnit(400) },
      { minNotional: asUnit(5_000_000), makerRate: asUnit(-50), takerRate: asUnit(300) },
    ],
  },
  { kind: 'markSet', ...OF_MARKET, price: asUnit(300_500) },
  { kind: 'phaseChanged', ...OF_MARKET, phase: 'auction', endsAt: asMicros(9), reason: 'band' },
  { kind: 'indicative', ...OF_MARKET, price: asUnit(300_100), volume: asUnit(70) },
]
