// State: everything the engine knows between commands, as one object that nothing else points into.
//
// What commands touch at every turn (balances, orders, books, the memory of duplicates) is in the
// core; what has names and texts is here. What is logical (it stands in snapshots and digests) and
// what only serves speed is told apart in snapshot/.

import { type AccountRow, type Accounts, addRow, createAccounts } from './accounts.ts'
import type { Cells } from './codec.ts'
import type { AssetListed, MarketListed, WithdrawalRequested } from './event.ts'
import type { OpenWithdrawal } from './image.ts'
import { type Core, createCore } from './instance.ts'
import { CLOCK_WORD, readClock } from './rows.ts'

export type AssetRow = Omit<AssetListed, 'kind'>
export type MarketRow = Omit<MarketListed, 'kind'>

export type WithdrawalRow = Omit<WithdrawalRequested, 'kind'> & {
  readonly requestedAt: OpenWithdrawal['requestedAt']
  signed: OpenWithdrawal['signed']
}

/** A caller's id that an accepted withdrawal used up for ever. */
export type UsedWithdrawalId = { readonly seq: number; readonly bodyHash: string }

export type Engine = {
  readonly core: Core
  /** Of the last command. */
  readonly clock: { readonly seq: number; readonly time: number; readonly eventNo: number }
  /** What the last command came to: 0 or a refusal's number; seq is the original's. */
  readonly outcome: { readonly code: number; readonly seq: number; readonly duplicate: boolean }
  /** Events since the reader took them: cells [0, length). The reader sets length to 0. */
  readonly events: { cells: Cells; length: number }
  readonly assets: AssetRow[]
  readonly markets: MarketRow[]
  readonly accounts: Accounts
  /** Open withdrawals by id, oldest first. */
  readonly withdrawals: Map<number, WithdrawalRow>
  /** By account and requestId, oldest first. */
  readonly withdrawalIds: Map<string, UsedWithdrawalId>
  /** Credited deposits by instance, transaction and log, oldest first. */
  readonly credits: Set<string>
  readonly chain: { instance: string }
}

/** An exchange without assets, markets and customers. */
export function createState(): Engine {
  const core = createCore()
  return {
    core,
    clock: clockOf(core),
    outcome: outcomeOf(core),
    events: core.events,
    assets: [],
    markets: [],
    accounts: createAccounts(),
    withdrawals: new Map(),
    withdrawalIds: new Map(),
    credits: new Set(),
    chain: { instance: '' },
  }
}

/** Adds a market with an empty book. */
export function addMarket({ core, markets }: Engine, row: MarketRow): void {
  const { base, quote, quotePerTickLot, lotUnits, minNotional, makerRate, takerRate } = row
  markets.push(row)
  const units = [quotePerTickLot, lotUnits, minNotional]
  core.calls.addMarket(base, quote, ...units, makerRate, takerRate)
}

/** Adds an account without money; its number must be the next. */
export function addAccount({ core, accounts }: Engine, row: AccountRow): void {
  addRow(accounts, row)
  core.calls.addAccount(row.owner)
}

function clockOf(core: Core): Engine['clock'] {
  return {
    get seq() {
      return readClock(core, CLOCK_WORD.seq)
    },
    get time() {
      return readClock(core, CLOCK_WORD.time)
    },
    get eventNo() {
      return readClock(core, CLOCK_WORD.eventNo)
    },
  }
}

/** Read when it is asked for: whoever only wants the events never asks. */
function outcomeOf(core: Core): Engine['outcome'] {
  const { view, clockWord } = core
  return {
    get code() {
      return view.i32[clockWord + CLOCK_WORD.outcomeCode] ?? 0
    },
    get seq() {
      return readClock(core, CLOCK_WORD.outcomeSeq)
    },
    get duplicate() {
      return view.i32[clockWord + CLOCK_WORD.isDuplicate] !== 0
    },
  }
}
