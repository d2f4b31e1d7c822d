// Image: the model's state as the rows of EngineImage, all lists ascending.

import type { EngineImage, OpenOrder } from '#engine/image.ts'
import { asUnit } from '#kernel/amount.ts'
import { balanceRows } from './ledger.ts'
import { shown } from './orders.ts'
import type { Order, World } from './world.ts'
import { money } from './world.ts'

export function imageOf(world: World): EngineImage {
  const { seq, time, eventNo, chainInstance, assets } = world
  const byOrderId = [...world.orders.values()].sort((a, b) => a.orderId - b.orderId)
  return {
    seq,
    time,
    eventNo,
    chainInstance,
    assets: [...assets],
    markets: world.markets.map(({ levels: _, ...market }) => market),
    accounts: [...world.accounts.values()].map((account) => ({
      ...account,
      accountSeq: world.accountSeqs.get(account.account) ?? 0,
    })),
    balances: balanceRows(world.ledger).map(({ account, asset, cash, held }) => ({
      account,
      asset,
      cash: money(cash),
      held: money(held),
    })),
    orders: byOrderId.map(openOrder),
    withdrawals: [...world.withdrawals.values()],
  }
}

function openOrder(order: Order): OpenOrder {
  return {
    ...shown(order.request),
    makerRate: order.market.makerRate,
    takerRate: order.market.takerRate,
    orderId: order.orderId,
    remaining: asUnit(order.remaining),
    traded: asUnit(order.traded),
    quoteTraded: money(order.makerNotional + order.takerNotional),
    fee: money(order.fee),
    resting: order.stands === 'book',
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
  }
}
