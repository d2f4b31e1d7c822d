// Intents: what a customer asks for next, chosen by a seeded source.
//
// Prices stay near a fixed reference, so that about a third of the orders trade; a few ask for more
// money than there is, because a refusal must be repeated as faithfully as a fill.

import type { Random } from '../random.ts'
import type { Request } from './ask.ts'
import type { Customer } from './customers.ts'

export type Kind = 'place' | 'cancel' | 'cancelAll' | 'transfer' | 'withdraw'
export type Intent = Request & {
  readonly kind: Kind
  /** The caller's id: clientOrderId, requestId, or the order that is to be cancelled. */
  readonly id: string
}

type Market = {
  readonly symbol: string
  readonly price: number
  readonly priceDigits: number
  readonly size: number
  readonly sizeDigits: number
}

const MARKETS: readonly Market[] = [
  { symbol: 'BTC-USDC', price: 60_000, priceDigits: 1, size: 0.01, sizeDigits: 5 },
  { symbol: 'ETH-USDC', price: 3_000, priceDigits: 2, size: 0.1, sizeDigits: 4 },
  { symbol: 'GBP-USD', price: 1.25, priceDigits: 5, size: 200, sizeDigits: 0 },
]
const ASSETS = ['USDC', 'BTC', 'ETH', 'USD', 'GBP'] as const
const SPREAD = 0.004

export type IntentSource = {
  readonly random: Random
  /** A new id of a caller. */
  readonly newId: () => string
  /** An order that the customer knows of; undefined when there is none. */
  readonly knownOrder: (customer: Customer) => number | undefined
}

export function nextIntent(source: IntentSource, customer: Customer): Intent {
  const draw = source.random.share()
  if (draw < 0.1) return transfer(source, customer)
  if (draw < 0.11) return cancelAll(source)
  const order = draw < 0.35 ? source.knownOrder(customer) : undefined
  if (order === undefined) return place(source, customer)
  return { kind: 'cancel', id: String(order), method: 'DELETE', path: `/v1/orders/${order}` }
}

function place({ random, newId }: IntentSource, { account }: Customer): Intent {
  const market = random.pick(MARKETS)
  const clientOrderId = newId()
  const side = random.pick(['buy', 'sell'] as const)
  const head = { clientOrderId, sentAt: Date.now() * 1_000, account, market: market.symbol, side }
  const body = JSON.stringify({ ...head, ...terms(random, market, side) })
  return { kind: 'place', id: clientOrderId, method: 'POST', path: '/v1/orders', body }
}

function terms(random: Random, market: Market, side: 'buy' | 'sell') {
  const { price, priceDigits, size, sizeDigits } = market
  const away = (random.share() - 0.35) * SPREAD * (side === 'buy' ? -1 : 1)
  const limit = { price: (price * (1 + away)).toFixed(priceDigits) }
  const sized = { size: (size * (0.2 + 2 * random.share())).toFixed(sizeDigits) }
  const draw = random.share()
  if (draw < 0.08) return { type: 'market', ...sized, timeInForce: 'IOC' }
  if (draw < 0.12) return { type: 'market', quoteAmount: '500.5', timeInForce: 'IOC' }
  if (draw < 0.2) return { type: 'limit', ...limit, ...sized, timeInForce: 'IOC' }
  if (draw < 0.25) return { type: 'limit', ...limit, ...sized, timeInForce: 'FOK' }
  if (draw < 0.3) return { type: 'limit', ...limit, ...sized, postOnly: true }
  if (draw < 0.32) return { type: 'limit', ...limit, size: (size * 1e6).toFixed(sizeDigits) }
  const selfTrade = random.pick(['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement'])
  return { type: 'limit', ...limit, ...sized, selfTrade }
}

function transfer({ random, newId }: IntentSource, { account, savings }: Customer): Intent {
  const requestId = newId()
  const isBack = random.share() < 0.4
  const ends = isBack ? { from: savings, to: account } : { from: account, to: savings }
  const money = { asset: random.pick(ASSETS), amount: `0.00${1 + random.below(90)}` }
  const body = JSON.stringify({ requestId, sentAt: Date.now() * 1_000, ...ends, ...money })
  return { kind: 'transfer', id: requestId, method: 'POST', path: '/v1/transfers', body }
}

function cancelAll({ newId }: IntentSource): Intent {
  return { kind: 'cancelAll', id: newId(), method: 'DELETE', path: '/v1/orders' }
}
