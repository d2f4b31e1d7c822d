// Choices: the numbers that stand for words in records.
//
// A word keeps its place for ever: journals are read with it. New words go to the end.

import type {
  CommandKind,
  MarketKind,
  OrderType,
  SelfTrade,
  Side,
  TimeInForce,
} from '../command.ts'
import type { EventKind, PostingKind } from '../event.ts'

export const SIDES: readonly Side[] = ['buy', 'sell']
export const ORDER_TYPES: readonly OrderType[] = ['limit', 'market']
export const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK']
export const SELF_TRADES: readonly SelfTrade[] = [
  'cancel-taker',
  'cancel-maker',
  'cancel-both',
  'decrement',
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
]

export const COMMAND_TYPE = {
  place: 1,
  cancel: 2,
  tick: 4,
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
} as const satisfies Partial<Record<EventKind, number>>
