// Account history: fills, prevented matches, ledger entries, positions, deposits, withdrawals and
// transfers.
//
// All from the database, newest first, by keyset, true up to asOfSeq. Callers say whose rows they
// may see: every function takes the accounts and returns nothing of anybody else.

import type { Pool } from 'pg'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { FillRow } from './fill-row.ts'
import type {
  DepositRow,
  LedgerRow,
  PositionRow,
  PreventedRow,
  TransferRow,
  WithdrawalRow,
} from './history-rows.ts'
import type { LiveViews } from './live/live-views.ts'
import { type Page, queryPage, type Statement } from './query.ts'
import { readDeposits } from './sql/read-deposits.sql.ts'
import { readFills } from './sql/read-fills.sql.ts'
import { readLedger } from './sql/read-ledger.sql.ts'
import { readPositions } from './sql/read-positions.sql.ts'
import { readPrevented } from './sql/read-prevented.sql.ts'
import { readTransfers } from './sql/read-transfers.sql.ts'
import { readWithdrawals } from './sql/read-withdrawals.sql.ts'

export type HistoryQuery = {
  readonly accounts: readonly AccountId[]
  /** `next` of the page before. */
  readonly after?: number | undefined
  readonly limit: number
}

export type LedgerQuery = Omit<HistoryQuery, 'after'> & {
  /** Of all of them. */
  readonly assets: readonly AssetId[]
  readonly after?: LedgerCursor | undefined
}

/** The last entry of a page. */
export type LedgerCursor = { readonly eventNo: number; readonly leg: number }

export type HistoryPage<T, Cursor = number> = Page<T> & { readonly next: Cursor | null }

export type AccountHistory = {
  fills(query: HistoryQuery & { readonly market?: MarketId }): Promise<HistoryPage<FillRow>>
  prevented(
    query: HistoryQuery & { readonly market?: MarketId },
  ): Promise<HistoryPage<PreventedRow>>
  ledger(query: LedgerQuery): Promise<HistoryPage<LedgerRow, LedgerCursor>>
  positions(accounts: readonly AccountId[]): Promise<Page<PositionRow>>
  deposits(query: HistoryQuery): Promise<HistoryPage<DepositRow>>
  /** Live ones first in the truth: a withdrawal is shown as the last released event left it. */
  withdrawals(query: HistoryQuery): Promise<HistoryPage<WithdrawalRow>>
  withdrawal(accounts: readonly AccountId[], id: OrderId): Promise<WithdrawalRow | undefined>
  transfers(query: HistoryQuery): Promise<HistoryPage<TransferRow>>
}

type Live = Pick<LiveViews, 'withdrawal' | 'withdrawalsOf'>
type Deps = { readonly pool: Pool; readonly live: Live }

const FROM_THE_END = Number.MAX_SAFE_INTEGER

export function createAccountHistory({ pool, live }: Deps): AccountHistory {
  const list = async <T extends object>(
    statement: Statement,
    { accounts, after = FROM_THE_END, limit }: HistoryQuery,
    cursorOf: (row: T) => number,
    more: readonly unknown[] = [],
  ): Promise<HistoryPage<T>> => {
    const page = await queryPage<T>(pool, statement, [accounts, after, limit, ...more])
    return { ...page, next: nextOf(page.items, limit, cursorOf) }
  }
  const withdrawals: AccountHistory['withdrawals'] = async (query) => {
    const fresh = query.accounts.flatMap((account) => live.withdrawalsOf(account))
    const page = await list<WithdrawalRow>(readWithdrawals, query, (row) => row.id)
    return { ...page, items: withLive(page, fresh, query) }
  }
  return {
    fills: (query) => list<FillRow>(readFills, query, (row) => row.eventNo, [query.market ?? null]),
    prevented: (query) =>
      list<PreventedRow>(readPrevented, query, (row) => row.eventNo, [query.market ?? null]),
    ledger: async ({ accounts, assets, after, limit }) => {
      const { eventNo, leg } = after ?? { eventNo: FROM_THE_END, leg: 0 }
      const values = [accounts, assets, eventNo, leg, limit]
      const page = await queryPage<LedgerRow>(pool, readLedger, values)
      return { ...page, next: nextOf(page.items, limit, (row) => ({ ...cursorOfEntry(row) })) }
    },
    positions: (accounts) => queryPage<PositionRow>(pool, readPositions, [accounts]),
    deposits: (query) => list<DepositRow>(readDeposits, query, (row) => row.eventNo),
    withdrawals,
    withdrawal: async (accounts, id) => {
      const fresh = live.withdrawal(id)
      // Somebody else's is looked for like one that is not there: time must not tell them apart.
      if (fresh !== undefined && accounts.includes(fresh.account)) return fresh
      const { items } = await withdrawals({ accounts, after: id + 1, limit: 1 })
      return items.find((row) => row.id === id)
    },
    transfers: (query) => list<TransferRow>(readTransfers, query, (row) => row.id),
  }
}

/** 'eventNo.leg', the opaque cursor of the ledger's pages. */
export function ledgerCursorText({ eventNo, leg }: LedgerCursor): string {
  return `${eventNo}.${leg}`
}

/** Reads ledgerCursorText; undefined when it is malformed. */
export function parseLedgerCursor(text: string): LedgerCursor | undefined {
  const match = /^([1-9][0-9]{0,15})\.([0-9]{1,4})$/.exec(text)
  return match === null ? undefined : { eventNo: Number(match[1]), leg: Number(match[2]) }
}

function cursorOfEntry({ eventNo, leg }: LedgerRow): LedgerCursor {
  return { eventNo, leg }
}

function nextOf<T, Cursor>(
  items: readonly T[],
  limit: number,
  cursorOf: (row: T) => Cursor,
): Cursor | null {
  const last = items.at(-1)
  return last === undefined || items.length < limit ? null : cursorOf(last)
}

/** Newer rows of the live views instead of stored ones, and those that are not stored yet. */
function withLive(
  page: HistoryPage<WithdrawalRow>,
  fresh: readonly WithdrawalRow[],
  { after = FROM_THE_END, limit }: HistoryQuery,
): WithdrawalRow[] {
  const rows = new Map(page.items.map((row) => [row.id, row]))
  const floor = page.next ?? 0
  for (const row of fresh) {
    const stored = rows.get(row.id)
    if (row.id >= after || row.id < floor) continue
    if (stored === undefined || row.eventNo >= stored.eventNo) rows.set(row.id, row)
  }
  return [...rows.values()].sort((a, b) => b.id - a.id).slice(0, limit)
}
