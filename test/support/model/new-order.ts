// New order: an order as it begins, before anything has happened to it.

import type { AccountId, OrderId } from '#kernel/ids.ts'
import { endOf } from './terms.ts'
import type { Market, Order, Request, World } from './world.ts'

export type Beginning = {
  readonly orderId: OrderId
  readonly request: Request
  readonly extraGiven: boolean
  readonly market: Market
  readonly owner: AccountId
  readonly rates: { readonly makerRate: number; readonly takerRate: number }
}

export function createOrder(world: World, beginning: Beginning): Order {
  const { request, market, rates, ...who } = beginning
  world.ordersOpened += 1
  return {
    ...who,
    request,
    market,
    account: request.account,
    makerRate: rates.makerRate,
    takerRate: rates.takerRate,
    opened: world.ordersOpened,
    createdAt: world.time,
    updatedAt: world.time,
    expireAt: endOf(request, market, world.time),
    price: request.price,
    size: request.size,
    trigger: request.extra.triggerPrice,
    firstTrigger: 0,
    collaredTrigger: 0,
    extreme: 0,
    due: false,
    triggered: false,
    remaining: request.size,
    traded: 0,
    reduced: 0,
    shown: 0,
    priority: 0,
    quoteTraded: 0n,
    makerAmount: 0n,
    takerAmount: 0n,
    fee: 0n,
    held: 0n,
    stands: 'nowhere',
  }
}
