// Schemas of accounts, balances, transfers, fills, ledger, PnL and faucet.
//
// Everything that moves money carries a requestId. Lists are bounded, and history says up to which
// command it knows.

import { type Static, Type } from 'typebox'
import {
  AccountNumber,
  CallerId,
  Cursor,
  CursorOrNull,
  closed,
  Decimal,
  DecimalInput,
  DecimalOrNull,
  Instant,
  LimitText,
  oneOf,
  PAGE_MAX,
  pageOf,
  SymbolParam,
  WholeNumber,
  WholeText,
} from '#platform/http/port.ts'
import { Fill, SelfTrade, Side } from '#platform/orders/port.ts'

const Short = Type.String({ maxLength: 20 })

/** 1 to 64 characters without controls; compared byte for byte. */
export const AccountName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$',
})

export const Account = closed({
  id: AccountNumber,
  kind: oneOf(['main', 'sub']),
  name: Type.String({ maxLength: 64 }),
  /** Only when they are true. */
  frozen: Type.Optional(Type.Boolean()),
  closed: Type.Optional(Type.Boolean()),
})
export type Account = Static<typeof Account>

export const Accounts = closed({ items: Type.Array(Account, { maxItems: 65 }), next: Type.Null() })
export const OneAccount = closed({ account: Account })
export const OpenAccountBody = closed({
  requestId: CallerId,
  sentAt: Type.Optional(Instant),
  name: AccountName,
})
export type OpenAccountBody = Static<typeof OpenAccountBody>

export const CloseAccountBody = closed({ requestId: CallerId, sentAt: Type.Optional(Instant) })
export const AccountParams = closed({ account: WholeText })

export const TransferBody = closed({
  requestId: CallerId,
  sentAt: Type.Optional(Instant),
  from: AccountNumber,
  to: AccountNumber,
  asset: SymbolParam,
  amount: DecimalInput,
})
export type TransferBody = Static<typeof TransferBody>

export const Transfer = closed({
  id: WholeNumber,
  requestId: CallerId,
  from: AccountNumber,
  to: AccountNumber,
  asset: Short,
  amount: Decimal,
  at: Instant,
})
export type Transfer = Static<typeof Transfer>
export const OneTransfer = closed({ transfer: Transfer })

export const Balance = closed({
  account: AccountNumber,
  asset: Short,
  available: Decimal,
  held: Decimal,
  total: Decimal,
})
export type Balance = Static<typeof Balance>
export const Balances = closed({
  items: Type.Array(Balance, { maxItems: 65 * 32 }),
  next: Type.Null(),
  asOfSeq: WholeNumber,
})

export const LedgerEntry = closed({
  eventNo: WholeNumber,
  account: AccountNumber,
  asset: Short,
  amount: Decimal,
  balance: Decimal,
  kind: Type.String({ maxLength: 32 }),
  reference: Type.String({ maxLength: 64 }),
  at: Instant,
})
export type LedgerEntry = Static<typeof LedgerEntry>

export const FillPage = closed({ ...pageOf(Fill).properties, asOfSeq: WholeNumber })

/** Two orders of one owner that met and did not trade. */
const OrNull = Type.Unsafe<number | null>({ ...WholeNumber, type: ['integer', 'null'] })
export const PreventedMatch = closed({
  id: WholeNumber,
  market: Short,
  /** What would have traded. */
  price: Decimal,
  size: Decimal,
  /** What was done, which is not always what the taker asked for. */
  selfTrade: SelfTrade,
  takerSide: Side,
  /** Null, as its account, when the key that asks is bound to the other account. */
  takerOrderId: OrNull,
  takerAccount: OrNull,
  makerOrderId: OrNull,
  makerAccount: OrNull,
  at: Instant,
})
export type PreventedMatch = Static<typeof PreventedMatch>
export const PreventedPage = closed({
  ...pageOf(PreventedMatch).properties,
  asOfSeq: WholeNumber,
})

export const LedgerPage = closed({
  items: Type.Array(LedgerEntry, { maxItems: PAGE_MAX }),
  next: CursorOrNull,
  asOfSeq: WholeNumber,
})

export const PnlRow = closed({
  account: AccountNumber,
  market: Short,
  position: Decimal,
  averagePrice: DecimalOrNull,
  realised: Decimal,
  unrealised: Decimal,
  /** In the quote asset. */
  fees: Decimal,
  /** In the base asset: of buys that paid out of what they received. */
  feesInBase: Type.Optional(Decimal),
  percent: Decimal,
})
export type PnlRow = Static<typeof PnlRow>
export const Pnl = closed({
  items: Type.Array(PnlRow, { maxItems: 65 * 256 }),
  next: Type.Null(),
  asOfSeq: WholeNumber,
})

export const FaucetBody = closed({ requestId: CallerId, sentAt: Type.Optional(Instant) })
export const Faucet = closed({
  credits: Type.Array(closed({ asset: Short, amount: Decimal }), { maxItems: 8 }),
})
export type Faucet = Static<typeof Faucet>

export const AccountQuery = closed({ account: Type.Optional(WholeText) })
/** Of an account, perhaps of one market alone. */
export const MarketListQuery = closed({
  account: Type.Optional(WholeText),
  market: Type.Optional(SymbolParam),
  after: Type.Optional(WholeText),
  limit: Type.Optional(LimitText),
})
export type MarketListQuery = Static<typeof MarketListQuery>
export const LedgerQuery = closed({
  account: Type.Optional(WholeText),
  asset: Type.Optional(SymbolParam),
  after: Type.Optional(Cursor),
  limit: Type.Optional(LimitText),
})
