// Order prices: whether the prices of an oco or a bracket lie in the order that the engine wants.
//
// The engine would refuse the same orders, but says no more than that they are malformed; here the
// one price that is wrong is named. A price of 0 is not compared, and a bracket that sells has no
// right order: what is wrong with those is the engine's to refuse. docs/rules/orders.md, Shapes.

import type { OrderExtra } from '#engine/command.ts'
import type { PlaceBody } from './port.ts'

/** The field of the body that is wrong, and a sentence about it. */
export type WrongPrice = { readonly where: keyof PlaceBody; readonly why: string }

/** undefined when nothing is wrong, or not with the order of prices. */
export function wrongPrice(
  { type, side }: Pick<PlaceBody, 'type' | 'side'>,
  price: number,
  { triggerPrice, takeProfitPrice }: OrderExtra,
): WrongPrice | undefined {
  if (type === 'oco') {
    if (price === 0 || triggerPrice === 0) return undefined
    if (side === 'buy') return price < triggerPrice ? undefined : BUY_BELOW_PRICE
    return triggerPrice < price ? undefined : SALE_ABOVE_PRICE
  }
  if (takeProfitPrice === 0 || side === 'sell') return undefined
  if (price !== 0 && price >= takeProfitPrice) return PROFIT_BELOW_PRICE
  if (triggerPrice === 0) return undefined
  if (price !== 0) return triggerPrice < price ? undefined : BRACKET_ABOVE_PRICE
  return triggerPrice < takeProfitPrice ? undefined : BRACKET_ABOVE_PROFIT
}

const PROFIT_BELOW_PRICE: WrongPrice = {
  where: 'takeProfitPrice',
  why: 'The take-profit price of a bracket must be above its price.',
}
const BUY_BELOW_PRICE = wrongTrigger('an OCO that buys must be above its price')
const SALE_ABOVE_PRICE = wrongTrigger('an OCO that sells must be below its price')
const BRACKET_ABOVE_PRICE = wrongTrigger('a bracket must be below its price')
const BRACKET_ABOVE_PROFIT = wrongTrigger('a bracket must be below its take-profit price')

function wrongTrigger(ofWhat: string): WrongPrice {
  return { where: 'triggerPrice', why: `The trigger price of ${ofWhat}.` }
}
