// State: everything the engine knows between commands, as one object that nothing else points into.
//
// What is logical (it stands in snapshots and digests) and what only serves speed is told apart in
// snapshot.ts. Nothing here is allocated by a place or cancel in a steady state.

import { type Cells, createCells } from './codec.ts'
import type { AssetListed, MarketListed, WithdrawalRequested } from './event.ts'
import type { OpenWithdrawal } from './image.ts'
import { type Accounts, createAccounts } from './ledger/accounts.ts'
import { type Balances, createBalances } from './ledger/balances.ts'
import { type Book, createBook } from './matching/book.ts'
import { createLadder, type Ladder } from './matching/ladder.ts'
import { createOrders, type Orders } from './matching/orders.ts'
import { createOutcomes, type Outcomes } from './outcomes.ts'

export type AssetRow = Omit<AssetListed, 'kind'>
export type MarketRow = Omit<MarketListed, 'kind'>

export type Market = {
  readonly row: MarketRow
  readonly book: Book
  /** BOOK_NUMBER, LAST_TRADE_ID, LAST_PRICE. */
  readonly counters: Float64Array
}

export const BOOK_NUMBER = 0
export const LAST_TRADE_ID = 1
export const LAST_PRICE = 2

export type WithdrawalRow = Omit<WithdrawalRequested, 'kind'> & {
  readonly requestedAt: OpenWithdrawal['requestedAt']
  signed: OpenWithdrawal['signed']
}

/** A caller's id that an accepted withdrawal used up for ever. */
export type UsedWithdrawalId = { readonly seq: number; readonly bodyHash: string }

export type Engine = {
  /** SEQ, TIME and EVENT_NO of the last command. */
  readonly clock: Float64Array
  /** The words of seq and time of the running command, as events carry them. */
  readonly stamp: Int32Array
  /** What the last command came to: 0 or a refusal's number; seq is the original's. */
  readonly outcome: { code: number; seq: number; duplicate: boolean }
  /** Events since the reader took them: cells [0, length). The reader sets length to 0. */
  readonly events: { cells: Cells; length: number }
  readonly assets: AssetRow[]
  readonly markets: Market[]
  readonly accounts: Accounts
  readonly balances: Balances
  readonly orders: Orders
  readonly ladder: Ladder
  readonly outcomes: Outcomes
  /** Open withdrawals by id, oldest first. */
  readonly withdrawals: Map<number, WithdrawalRow>
  /** By account and requestId, oldest first. */
  readonly withdrawalIds: Map<string, UsedWithdrawalId>
  /** Credited deposits by instance, transaction and log, oldest first. */
  readonly credits: Set<string>
  readonly chain: { instance: string }
  /** Two cells with the id, hash and sentAt of a request; never read by the next command. */
  readonly asking: Cells
  /** Numbers between functions of one command; never read by the next. */
  readonly plan: Float64Array
}

export const SEQ = 0
export const TIME = 1
export const EVENT_NO = 2

const FIRST_EVENT_CELLS = 1024

/** An exchange without assets, markets and customers. */
export function createState(): Engine {
  const ladder = createLadder()
  return {
    clock: new Float64Array(3),
    stamp: new Int32Array(4),
    outcome: { code: 0, seq: 0, duplicate: false },
    events: { cells: createCells(FIRST_EVENT_CELLS), length: 0 },
    assets: [],
    markets: [],
    accounts: createAccounts(),
    balances: createBalances(),
    orders: createOrders(),
    ladder,
    outcomes: createOutcomes(),
    withdrawals: new Map(),
    withdrawalIds: new Map(),
    credits: new Set(),
    chain: { instance: '' },
    asking: createCells(2),
    plan: new Float64Array(4),
  }
}

/** Adds a market with an empty book. */
export function addMarket(engine: Engine, row: MarketRow): Market {
  const market = { row, book: createBook(engine.ladder), counters: new Float64Array(3) }
  engine.markets.push(market)
  return market
}
