// World: everything the naive model knows, as plain arrays and maps.
//
// The model is a second, slow and obvious reading of the rules: money is bigint, nothing is packed,
// nothing is cached. It is written from the contract of commands and events and must never import
// the engine's implementation, for then both could be wrong in the same way.

import type { ListAsset, ListMarket, PlaceOrder, SignWithdrawal } from '#engine/command.ts'
import type { AccountOpened, Event, EventBody, WithdrawalRequested } from '#engine/event.ts'
import type { Amount } from '#kernel/amount.ts'
import { asUnit } from '#kernel/amount.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { Micros } from '#kernel/time.ts'
import { asMicros } from '#kernel/time.ts'
import type { Ledger } from './ledger.ts'
import { createLedger } from './ledger.ts'
import type { Memory } from './outcomes.ts'
import { createMemory } from './outcomes.ts'

export type Asset = Omit<ListAsset, 'kind'> & { readonly asset: AssetId }
export type Account = Omit<AccountOpened, 'kind'>
export type Level = { readonly price: number; readonly orders: Order[] }

export type Market = Omit<ListMarket, 'kind'> & {
  readonly market: MarketId
  readonly quotePerTickLot: number
  /** Best price first; in a level the earliest first. */
  readonly levels: { readonly buy: Level[]; readonly sell: Level[] }
  bookNumber: number
  lastTradeId: number
  lastPrice: number
}

export type Order = {
  readonly orderId: OrderId
  readonly request: PlaceOrder
  readonly market: Market
  readonly owner: AccountId
  readonly createdAt: Micros
  updatedAt: Micros
  /** Lots; 0 for orders by quote amount. */
  remaining: number
  traded: number
  makerNotional: bigint
  takerNotional: bigint
  fee: bigint
  /** Quote of a buy, base of a sale. */
  held: bigint
  stands: 'nowhere' | 'book' | 'draining'
}

export type Withdrawal = Omit<WithdrawalRequested, 'kind'> & {
  readonly requestedAt: Micros
  signed: Omit<SignWithdrawal, 'kind' | 'withdrawalId'> | null
}

export type World = {
  seq: number
  time: Micros
  eventNo: number
  chainInstance: string
  events: Event[]
  readonly assets: Asset[]
  readonly markets: Market[]
  readonly accounts: Map<AccountId, Account>
  readonly accountSeqs: Map<AccountId, number>
  readonly ledger: Ledger
  /** Open orders only, those that ticks drain included. */
  readonly orders: Map<OrderId, Order>
  readonly openOrders: Map<AccountId, number>
  readonly draining: Order[]
  readonly memory: Memory
  readonly withdrawals: Map<OrderId, Withdrawal>
  readonly withdrawalIds: Map<string, { readonly seq: number; readonly bodyHash: string }>
  readonly credits: Set<string>
}

export function createWorld(): World {
  return {
    seq: 0,
    time: asMicros(0),
    eventNo: 0,
    chainInstance: '',
    events: [],
    assets: [],
    markets: [],
    accounts: new Map(),
    accountSeqs: new Map(),
    ledger: createLedger(),
    orders: new Map(),
    openOrders: new Map(),
    draining: [],
    memory: createMemory(),
    withdrawals: new Map(),
    withdrawalIds: new Map(),
    credits: new Set(),
  }
}

/** Appends an event with the next eventNo. */
export function emit(world: World, body: EventBody): void {
  world.eventNo += 1
  world.events.push({ ...body, eventNo: world.eventNo, seq: world.seq, time: world.time })
}

/** Uses up `count` numbers of an account and answers the first of them. */
export function takeAccountSeqs(world: World, account: AccountId, count: number): number {
  const last = world.accountSeqs.get(account) ?? 0
  world.accountSeqs.set(account, last + count)
  return last + 1
}

/** A bigint of ledger units as events carry it. */
export function money(value: bigint): Amount {
  return asUnit(Number(value))
}
