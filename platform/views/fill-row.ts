// Fill row: one side of a trade as views know it.
//
// A fill has two of them with the same trade id. Its fee is as the engine charged it, negative for
// a rebate, in the quote asset unless the buyer pays in what he receives.

import type { Side } from '#engine/command.ts'
import type { EventHeader, Fill } from '#engine/event.ts'
import { type Amount, asUnit, type PriceTicks, type SizeLots } from '#kernel/amount.ts'
import type { AccountId, MarketId, OrderId } from '#kernel/ids.ts'
import type { Micros } from '#kernel/time.ts'

/** One side of a trade. */
export type FillRow = {
  readonly eventNo: number
  readonly market: MarketId
  readonly tradeId: number
  readonly account: AccountId
  readonly orderId: OrderId
  readonly clientOrderId: string
  readonly side: Side
  readonly liquidity: 'maker' | 'taker'
  readonly price: PriceTicks
  readonly size: SizeLots
  readonly notional: Amount
  readonly fee: Amount
  readonly feeInBase: boolean
  readonly at: Micros
}

/** One side of a fill; notional is in ledger units of the quote asset. */
export function fillRow(
  event: Fill & EventHeader,
  order: { readonly clientOrderId: string },
  liquidity: 'maker' | 'taker',
  notional: Amount,
): FillRow {
  const maker = liquidity === 'maker'
  return {
    eventNo: event.eventNo,
    market: event.market,
    tradeId: event.tradeId,
    account: maker ? event.makerAccount : event.takerAccount,
    orderId: maker ? event.makerOrderId : event.takerOrderId,
    clientOrderId: order.clientOrderId,
    side: maker === (event.takerSide === 'buy') ? 'sell' : 'buy',
    liquidity,
    price: event.price,
    size: event.size,
    notional,
    fee: maker ? event.makerFee : event.takerFee,
    feeInBase: maker ? event.makerFeeInBase : event.takerFeeInBase,
    at: event.time,
  }
}

/** The value of a fill in ledger units of the quote asset; exact by the engine's checks. */
export function fillNotional(event: Fill, quotePerTickLot: number): Amount {
  return asUnit(event.price * event.size * quotePerTickLot)
}
