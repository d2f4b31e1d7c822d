// Image: the model's state as the rows of EngineImage, all lists ascending.

import type { EngineImage, ImageMarket, OpenOrder } from '#engine/image.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { volumeOf } from './fees.ts'
import { balanceRows } from './ledger.ts'
import { acceptedOf } from './place.ts'
import type { Bracket, Market, Order, World } from './world.ts'
import { money } from './world.ts'

export function imageOf(world: World): EngineImage {
  const { seq, time, eventNo, chainInstance, assets, brackets } = world
  const byOrderId = [...world.orders.values()].sort((a, b) => a.orderId - b.orderId)
  const byEntry = [...brackets].sort((a, b) => a.entry.orderId - b.entry.orderId)
  return {
    seq,
    time,
    eventNo,
    chainInstance,
    assets: [...assets],
    markets: world.markets.map(marketRow),
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
    orders: byOrderId.map((order) => openOrder(order, brackets)),
    withdrawals: [...world.withdrawals.values()],
    brackets: byEntry.map(({ entry, exit, uncovered }) => ({
      entryOrderId: entry.orderId,
      exitOrderId: exit?.orderId ?? asId<OpenOrder['orderId']>(0),
      uncovered: asUnit<OpenOrder['remaining']>(uncovered),
    })),
    deadMans: [...world.deadMans]
      .sort((a, b) => a.account - b.account || a.key - b.key)
      .map(({ account, key, dueAt }) => ({ account, key, dueAt: asMicros(dueAt) })),
    volumes: [...world.volumes]
      .sort((a, b) => a.owner - b.owner || a.asset - b.asset)
      .map(({ owner, asset }) => ({
        owner,
        asset,
        notional: money(volumeOf(world, owner, asset)),
      })),
  }
}

function marketRow(market: Market): ImageMarket {
  const { listing, bookNumber, lastTradeId, lastPrice, mark, rules, tiers, delisted } = market
  const { phase, endsAt, next, uncrossPrice, told } = market
  const numbers = { bookNumber, lastTradeId, lastPrice, mark }
  return {
    ...listing,
    ...numbers,
    rules: { ...rules },
    tiers: [...tiers],
    delisted,
    phase,
    endsAt: asMicros(endsAt),
    next: phase === 'auction' ? next : 'continuous',
    uncrossPrice,
    indicative: phase === 'auction' ? { ...told } : { price: 0, volume: 0 },
  }
}

function openOrder(order: Order, brackets: readonly Bracket[]): OpenOrder {
  const { extra } = order.request
  const fixed = order.request.type === 'trailing-stop' ? 0 : order.trigger
  const bracket = brackets.find(({ exit }) => exit === order)
  return {
    ...acceptedOf(order),
    size: asUnit(order.size),
    extra: { ...extra, triggerPrice: asUnit(fixed) },
    orderId: order.orderId,
    entryOrderId: bracket?.entry.orderId ?? asId<OpenOrder['orderId']>(0),
    remaining: asUnit(order.remaining),
    traded: asUnit(order.traded),
    quoteTraded: money(order.quoteTraded),
    fee: money(order.fee),
    resting: order.stands === 'book',
    shown: asUnit(order.shown),
    armed: order.market.armed.includes(order),
    trigger: asUnit(order.trigger),
    triggered: order.triggered,
    expireAt: asMicros(order.expireAt),
    held: money(order.held),
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
  }
}
