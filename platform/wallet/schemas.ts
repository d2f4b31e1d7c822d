// Schemas of deposit addresses, deposits and withdrawals: the shapes of the API.
//
// Amounts are decimal strings of whole coins; what is not listed is neither accepted nor answered.

import { type Static, Type } from 'typebox'

import {
  AccountNumber,
  CallerId,
  Cursor,
  CursorOrNull,
  closed,
  Decimal,
  DecimalInput,
  Instant,
  LimitText,
  oneOf,
  PAGE_MAX,
  SymbolParam,
  WholeNumber,
  WholeText,
} from '#platform/http/port.ts'

const Short = Type.String({ maxLength: 20 })
const Hash = Type.String({ maxLength: 66 })
const Address = Type.String({ maxLength: 42 })

export const DepositAddress = closed({ account: AccountNumber, asset: Short, address: Address })
export type DepositAddress = Static<typeof DepositAddress>
export const DepositAddresses = closed({
  items: Type.Array(DepositAddress, { maxItems: 65 * 32 }),
  next: Type.Null(),
})
export const NewAddressBody = closed({ asset: SymbolParam, account: Type.Optional(AccountNumber) })
export const OneAddress = closed({ depositAddress: DepositAddress })

export const Deposit = closed({
  id: WholeNumber,
  account: AccountNumber,
  asset: Short,
  amount: Decimal,
  txHash: Hash,
  logIndex: WholeNumber,
  at: Instant,
})
export type Deposit = Static<typeof Deposit>
export const DepositPage = closed({
  items: Type.Array(Deposit, { maxItems: PAGE_MAX }),
  next: CursorOrNull,
  asOfSeq: WholeNumber,
})

export const WithdrawalBody = closed({
  requestId: CallerId,
  sentAt: Type.Optional(Instant),
  account: Type.Optional(AccountNumber),
  asset: SymbolParam,
  amount: DecimalInput,
  address: Type.String({ maxLength: 64 }),
})
export type WithdrawalBody = Static<typeof WithdrawalBody>

export const Withdrawal = closed({
  id: WholeNumber,
  account: AccountNumber,
  asset: Short,
  amount: Decimal,
  fee: Decimal,
  address: Address,
  requestId: CallerId,
  status: oneOf(['pending', 'sent', 'settled', 'failed']),
  txHash: Type.Optional(Hash),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Withdrawal = Static<typeof Withdrawal>
export const OneWithdrawal = closed({ withdrawal: Withdrawal })
export const WithdrawalPage = closed({
  items: Type.Array(Withdrawal, { maxItems: PAGE_MAX }),
  next: CursorOrNull,
  asOfSeq: WholeNumber,
})

export const AccountQuery = closed({ account: Type.Optional(WholeText) })
export const WithdrawalParams = closed({ id: WholeText })
export const ListQuery = closed({
  account: Type.Optional(WholeText),
  after: Type.Optional(Cursor),
  limit: Type.Optional(LimitText),
})
