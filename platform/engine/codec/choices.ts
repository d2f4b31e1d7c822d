// Choices: the numbers that stand for words in records.
//
// A word keeps its place for ever: journals are read with it. New words go to the end.

import type {
  CommandKind,
  FeeIn,
  MarketKind,
  OrderType,
  Phase,
  SelfTrade,
  Side,
  TimeInForce,
  TrailIn,
  TriggerBy,
} from '../command.ts'
import type { EventKind, PhaseReason, PostingKind } from '../event.ts'

export const SIDES: readonly Side[] = ['buy', 'sell']
export const ORDER_TYPES: readonly OrderType[] = [
  'limit',
  'market',
  'stop',
  'stop-limit',
  'take-profit',
  'take-profit-limit',
  'trailing-stop',
  'oco',
]
export const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK', 'GTD', 'DAY']
export const SELF_TRADES: readonly SelfTrade[] = [
  'cancel-taker',
  'cancel-maker',
  'cancel-both',
  'decrement',
]
export const TRIGGERS_BY: readonly TriggerBy[] = ['last', 'mark']
export const TRAILS_IN: readonly TrailIn[] = ['ticks', 'bps']
export const FEES_IN: readonly FeeIn[] = ['quote', 'received']
export const PHASES: readonly Phase[] = [
  'pre-open',
  'auction',
  'continuous',
  'post-only',
  'halted',
  'closed',
]
export const PHASE_REASONS: readonly PhaseReason[] = [
  'operator',
  'session',
  'band',
  'schedule',
  'uncross',
]
export const MARKET_KINDS: readonly MarketKind[] = ['spot', 'margin', 'perpetual']
export const ACCOUNT_KINDS: readonly ('main' | 'sub')[] = ['main', 'sub']
export const POSTING_KINDS: readonly PostingKind[] = [
  'deposit',
  'withdrawal',
  'withdrawal_fee',
  'transfer',
  'faucet',
  'issue',
]

/** A command's type byte is 1 + its place here. */
export const COMMAND_KINDS: readonly CommandKind[] = [
  'place',
  'cancel',
  'cancelAll',
  'tick',
  'listAsset',
  'listMarket',
  'openAccount',
  'openSubAccount',
  'transfer',
  'faucet',
  'issue',
  'credit',
  'requestWithdrawal',
  'signWithdrawal',
  'settleWithdrawal',
  'failWithdrawal',
  'chainReset',
  'amend',
  'cancelSession',
  'cancelAfter',
  'setMarket',
  'setFees',
  'setPhase',
  'setMark',
  'delistMarket',
  'freezeAccount',
  'closeAccount',
]

/** An event's type byte is 129 + its place here. */
export const EVENT_KINDS: readonly EventKind[] = [
  'accepted',
  'rested',
  'fill',
  'cancelled',
  'reduced',
  'balance',
  'posting',
  'refused',
  'assetListed',
  'marketListed',
  'accountOpened',
  'deposited',
  'withdrawalRequested',
  'withdrawalSigned',
  'withdrawalSettled',
  'withdrawalFailed',
  'transferred',
  'chainReset',
  'triggered',
  'amended',
  'refreshed',
  'prevented',
  'exitOpened',
  'phaseChanged',
  'indicative',
  'uncrossed',
  'markSet',
  'marketChanged',
  'feesSet',
  'marketDelisted',
  'accountFrozen',
  'accountClosed',
  'deadManSet',
  'deadManFired',
]

export const COMMAND_TYPE = {
  place: 1,
  cancel: 2,
  tick: 4,
  amend: 18,
} as const satisfies Partial<Record<CommandKind, number>>

export const EVENT_TYPE_FIRST = 129

export const EVENT_TYPE = {
  accepted: 129,
  rested: 130,
  fill: 131,
  cancelled: 132,
  reduced: 133,
  balance: 134,
  posting: 135,
  refused: 136,
  triggered: 147,
  amended: 148,
  refreshed: 149,
  prevented: 150,
} as const satisfies Partial<Record<EventKind, number>>
