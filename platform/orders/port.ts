// Orders' port: the shapes that other modules answer with, too.

import { type Static, Type } from 'typebox'
import { AccountNumber, closed, Decimal, Instant, oneOf, WholeNumber } from '#platform/http/port.ts'

export const Side = oneOf(['buy', 'sell'])

/** null when an order was placed without one. */
export const ClientOrderId = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: 36,
})

export const Fill = closed({
  id: WholeNumber,
  orderId: WholeNumber,
  clientOrderId: ClientOrderId,
  account: AccountNumber,
  market: Type.String({ maxLength: 20 }),
  side: Side,
  price: Decimal,
  size: Decimal,
  fee: Decimal,
  feeAsset: Type.String({ maxLength: 20 }),
  liquidity: oneOf(['maker', 'taker']),
  at: Instant,
})
export type Fill = Static<typeof Fill>
