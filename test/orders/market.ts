// A market for tests of orders: BTC-USDC with tick 0.1 and lot 0.00001, as the demo has it.

import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { createListing, type Market } from '#views/listing.ts'

const listing = createListing()
listing.listAsset({ asset: asId(0), symbol: 'USDC', scale: 6, chainDecimals: 6 })
listing.listAsset({ asset: asId(1), symbol: 'BTC', scale: 8, chainDecimals: 8 })
listing.listMarket({
  ...{ market: asId(0), symbol: 'BTC-USDC', marketKind: 'spot', base: asId(1), quote: asId(0) },
  ...{ priceScale: 1, tickUnits: 1, lotUnits: 1_000, quotePerTickLot: 1 },
  ...{ minNotional: asUnit(1_000_000), makerRate: asUnit(200), takerRate: asUnit(500) },
})

export const BTC_USDC: Market = listing.market(asId(0))
