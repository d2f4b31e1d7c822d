// Order text: the quick way to the text of an order says what the slow way says.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { orderJson } from '#views/format.ts'
import { createListing } from '#views/listing.ts'
import type { OrderRow } from '#views/order-row.ts'
import { orderText } from '#views/order-text.ts'

const listing = createListing()
listing.listAsset({ asset: asId(0), symbol: 'USDC', scale: 6, chainDecimals: 6 })
listing.listAsset({ asset: asId(1), symbol: 'BTC', scale: 8, chainDecimals: 8 })
listing.listMarket({
  ...{ market: asId(0), symbol: 'BTC-USDC', marketKind: 'spot', base: asId(1), quote: asId(0) },
  ...{ priceScale: 1, tickUnits: 1, lotUnits: 1_000, quotePerTickLot: 1 },
  ...{ minNotional: asUnit(1), makerRate: asUnit(200), takerRate: asUnit(500) },
})

const zeroOr = (max: number) => fc.oneof(fc.constant(0), fc.integer({ min: 1, max }))
const units = <T>(max = 1e12) => zeroOr(max) as fc.Arbitrary<number> as fc.Arbitrary<T>
const row: fc.Arbitrary<OrderRow> = fc.record({
  id: fc.oneof(fc.integer({ min: 1, max: 1e9 }), fc.constant(2 ** 52 + 7)).map((id) => asId(id)),
  account: fc.constant(asId(16)),
  market: fc.constant(asId(0)),
  side: fc.constantFrom('buy', 'sell'),
  type: fc.constantFrom('limit', 'market', 'stop-limit', 'trailing-stop', 'oco'),
  timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK', 'GTD', 'DAY'),
  postOnly: fc.boolean(),
  selfTrade: fc.constant('cancel-taker'),
  ...{ price: units(1e9), size: units(), quoteAmount: units() },
  clientOrderId: fc.oneof(fc.constant(''), fc.string({ maxLength: 36 })),
  ...{ remaining: units(), traded: units(), quoteTraded: units() },
  fee: fc.integer({ min: -1e9, max: 1e9 }).map((fee) => asUnit(fee)),
  triggeredAt: zeroOr(2e15).map(asMicros),
  status: fc.constantFrom('open', 'partially_filled', 'filled', 'cancelled', 'expired'),
  reason: fc.constantFrom(null, 'order.expired', 'order.self_trade'),
  createdAt: zeroOr(2e15).map(asMicros),
  updatedAt: zeroOr(2e15).map(asMicros),
  eventNo: fc.integer({ min: 1, max: 1e9 }),
  ...{ triggerPrice: units(1e9), stopPrice: units(1e9), takeProfitPrice: units(1e9) },
  triggerBy: fc.constantFrom('last', 'mark'),
  ...{ displaySize: units(1e9), trail: units(1e4) },
  trailIn: fc.constantFrom('ticks', 'bps'),
  expireAt: zeroOr(2e15).map(asMicros),
  ...{ reduceOnly: fc.boolean(), slide: fc.boolean() },
  feeIn: fc.constantFrom('quote', 'received'),
})

const PLAIN = {
  ...{ triggerPrice: asUnit<OrderRow['price']>(0), stopPrice: asUnit<OrderRow['price']>(0) },
  ...{ takeProfitPrice: asUnit<OrderRow['price']>(0), trail: 0 },
  ...{ displaySize: asUnit<OrderRow['size']>(0), expireAt: asMicros(0), triggeredAt: asMicros(0) },
  ...{ reduceOnly: false, slide: false },
  feeIn: 'quote',
} as const

test('the text of an order is what JSON.stringify makes of it, whatever kind it is', () => {
  const same = (one: OrderRow) =>
    assert.equal(orderText(listing, one), JSON.stringify(orderJson(listing, one)))
  fc.assert(fc.property(row, same))
  fc.assert(fc.property(row, (one) => same({ ...one, ...PLAIN })))
  fc.assert(fc.property(row, (one) => same({ ...one, ...PLAIN, quoteAmount: asUnit(0) })))
})
