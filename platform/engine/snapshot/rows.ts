// Rows: the logical state as plain rows, one type per section of a snapshot.
//
// Everything that counts is in them and nothing that only serves speed: no slots, no hash tables,
// no free lists. Their order is canonical: by number or id, or by arrival where that is what
// counts.

import type { AccountId, MarketId, OrderId } from '#kernel/ids.ts'
import type { AccountRow } from '../accounts.ts'
import type { OrderType, SelfTrade, Side, TimeInForce } from '../command.ts'
import type { BalanceRow, OpenWithdrawal } from '../image.ts'
import type { MarketState } from '../market-state.ts'
import type { BracketNumbers, ExtraNumbers, TimerNumbers } from '../order-state.ts'
import type { AssetRow, MarketRow } from '../state.ts'
import type { VolumeDays } from '../volumes.ts'

export type ClockRow = { readonly seq: number; readonly time: number; readonly eventNo: number }
export type ChainRow = { readonly instance: string }
export type MarketStateRow = MarketRow & {
  readonly bookNumber: number
  readonly lastTradeId: number
  readonly lastPrice: number
}
/** Rules, phase and fee schedule of a market. */
export type RulesRow = MarketState & { readonly market: MarketId }
/** Of an account that is frozen or closed. */
export type MarksRow = { readonly account: AccountId; readonly marks: number }
/** What an order paid whose fees are stored. */
export type PaidRow = {
  readonly orderId: OrderId
  readonly inBase: boolean
  readonly fee: number
  readonly makerBase: number
  readonly takerBase: number
}
export type SeqRow = { readonly account: AccountId; readonly accountSeq: number }
export type OrderRow = {
  readonly orderId: OrderId
  readonly account: AccountId
  readonly market: MarketId
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTrade: SelfTrade
  readonly price: number
  readonly makerRate: number
  readonly takerRate: number
  readonly size: number
  readonly remaining: number
  readonly reducedBy: number
  readonly held: number
  readonly makerNotional: number
  readonly takerNotional: number
  readonly priority: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly clientOrderId: string
}
export type UsedIdRow = { readonly key: string; readonly seq: number; readonly bodyHash: string }
export type CreditRow = { readonly key: string }
export type WindowRow = { readonly evictedSentAt: number }
export type OutcomeRow = {
  readonly who: number
  readonly id: string
  readonly bodyHash: string
  readonly code: number
  readonly seq: number
  readonly sentAt: number
  readonly time: number
}

export type ExtraRow = ExtraNumbers & { readonly orderId: OrderId; readonly triggered: boolean }
export type OrderIdRow = { readonly orderId: OrderId }
export type RangeRow = {
  readonly market: MarketId
  readonly by: number
  readonly low: number
  readonly high: number
}

/** Every section by name. */
export type Sections = {
  readonly clock: ClockRow
  readonly chain: ChainRow
  readonly assets: AssetRow
  readonly markets: MarketStateRow
  readonly rules: RulesRow
  readonly accounts: AccountRow
  readonly marks: MarksRow
  readonly accountSeqs: SeqRow
  readonly balances: BalanceRow
  readonly volumes: VolumeDays
  readonly orders: OrderRow
  readonly paid: PaidRow
  readonly extras: ExtraRow
  readonly resting: OrderIdRow
  readonly queue: OrderIdRow
  readonly armed: OrderIdRow
  readonly ranges: RangeRow
  readonly brackets: BracketNumbers
  readonly attention: OrderIdRow
  readonly deadMans: TimerNumbers
  readonly withdrawals: OpenWithdrawal
  readonly withdrawalIds: UsedIdRow
  readonly credits: CreditRow
  readonly window: WindowRow
  readonly outcomes: OutcomeRow
}

export type SectionName = keyof Sections

/** The order in which sections are written. */
export const SECTION_NAMES: readonly SectionName[] = [
  'clock',
  'chain',
  'assets',
  'markets',
  'rules',
  'accounts',
  'marks',
  'accountSeqs',
  'balances',
  'volumes',
  'orders',
  'paid',
  'extras',
  'resting',
  'queue',
  'armed',
  'ranges',
  'brackets',
  'attention',
  'deadMans',
  'withdrawals',
  'withdrawalIds',
  'credits',
  'window',
  'outcomes',
]

/** Sections that a refused command may change: sequence, time and the memory of duplicates. */
export const NOT_BUSINESS: ReadonlySet<SectionName> = new Set(['clock', 'window', 'outcomes'])
