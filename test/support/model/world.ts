// World: everything the naive model knows, as plain arrays and maps.
//
// The model is a second, slow and obvious reading of the rules: money is bigint, nothing is packed,
// nothing is cached. It is written from docs/rules alone and must never import the engine's
// implementation, for then both could be wrong in the same way.

import type {
  FeeTier,
  ListAsset,
  ListMarket,
  MarketRules,
  OrderExtra,
  Phase,
  PlaceOrder,
  SignWithdrawal,
} from '#engine/command.ts'
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
export type Account = Omit<AccountOpened, 'kind'> & { frozen: boolean; closed: boolean }
export type Level = { readonly price: number; readonly orders: Order[] }
/** Prices that triggers have been touched by and not fired for yet. */
export type Range = { low: number; high: number }

export type Market = {
  readonly listing: Omit<ListMarket, 'kind'> & {
    readonly market: MarketId
    readonly quotePerTickLot: number
  }
  /** Best price first; in a level the earliest first. */
  readonly levels: { readonly buy: Level[]; readonly sell: Level[] }
  bookNumber: number
  lastTradeId: number
  lastPrice: number
  mark: number
  rules: MarketRules
  tiers: readonly FeeTier[]
  delisted: boolean
  phase: Phase
  endsAt: number
  /** The phase after an auction. */
  next: Phase
  /** 0 unless an uncross is going on. */
  uncrossPrice: number
  /** The next session boundary is the first after it. */
  sessionsFrom: number
  indicativeAt: number
  told: { price: number; volume: number }
  /** The reference of the band, and when it was taken or last moved on. */
  band: { price: number; at: number }
  readonly ranges: { readonly last: Range; readonly mark: Range }
  /** Orders whose trigger waits, in the order they were armed. */
  readonly armed: Order[]
  /** As the command found it; began: continuous trading did, in this command. */
  before: { last: number; mark: number; began: boolean }
}

/** A place command with an extra, given or not. */
export type Request = PlaceOrder & { readonly extra: OrderExtra }

export type Order = {
  readonly orderId: OrderId
  readonly request: Request
  /** The command had an extra. */
  readonly extraGiven: boolean
  readonly market: Market
  readonly owner: AccountId
  readonly account: AccountId
  readonly makerRate: number
  readonly takerRate: number
  /** Counts orders and exits in the order in which they were opened. */
  readonly opened: number
  readonly createdAt: Micros
  updatedAt: Micros
  /** 0: it does not end by itself. */
  readonly expireAt: number
  /** Limit price, from `triggered` on the price it works at; 0 without one. */
  price: number
  size: number
  /** Fixed, or of a trailing stop as far as it has followed; 0 without one. */
  trigger: number
  /** The trigger of a trailing stop when it was accepted: what it is worth. */
  firstTrigger: number
  /** The trigger as it was collared at acceptance or when it was last amended. */
  collaredTrigger: number
  /** Peak of a sale, trough of a buy. */
  extreme: number
  /** Of a trailing stop: met, and waiting for its turn. */
  due: boolean
  triggered: boolean
  /** Lots; 0 for orders by quote amount. */
  remaining: number
  traded: number
  reduced: number
  /** Lots that its level shows. */
  shown: number
  /** The bookNumber that put it in its place. */
  priority: number
  quoteTraded: bigint
  /** What its fees are reckoned on: notional, or base when it pays in that. */
  makerAmount: bigint
  takerAmount: bigint
  fee: bigint
  /** Quote of a buy, base of a sale. */
  held: bigint
  stands: 'nowhere' | 'book' | 'queue'
}

export type Bracket = {
  readonly entry: Order
  exit: Order | null
  /** Lots that the entry bought and the exit does not have yet. */
  uncovered: number
}

export type DeadMan = { readonly account: AccountId; readonly key: number; dueAt: number }

export type Volume = {
  readonly owner: AccountId
  readonly asset: AssetId
  /** Notional by UTC day. */
  readonly days: Map<number, bigint>
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
  /** Open orders only, those in the queue included. */
  readonly orders: Map<OrderId, Order>
  ordersOpened: number
  /** What ticks take in, first come first served. */
  readonly queue: Order[]
  readonly brackets: Bracket[]
  /** Brackets that need attention, in the order in which they began to. */
  readonly attention: Bracket[]
  readonly deadMans: DeadMan[]
  readonly volumes: Volume[]
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
    ordersOpened: 0,
    queue: [],
    brackets: [],
    attention: [],
    deadMans: [],
    volumes: [],
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

/** Removes an item from a list that may hold it. */
export function drop<T>(list: T[], item: T): void {
  const at = list.indexOf(item)
  if (at >= 0) list.splice(at, 1)
}
