// Accounts: opening them, and money that moves between them or enters from outside.
//
// Every command checks everything before it changes anything (INV-10). Opening and crediting are
// idempotent by what they name: asking again is done and changes nothing.

import { type AccountId, asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { type AccountRow, CHAIN, HOUSE, nextAccount, rowOf } from '../accounts.ts'
import type {
  CreditDeposit,
  Faucet,
  Issue,
  OpenAccount,
  OpenSubAccount,
  Transfer,
} from '../command.ts'
import { emitPayload } from '../emit.ts'
import { ACCOUNTS_MAX, CREDITS_MAX, FAUCET_ASSETS_MAX, SUB_ACCOUNTS_MAX } from '../limits.ts'
import { available, isTooMuch, move } from '../postings.ts'
import { addAccount, type Engine } from '../state.ts'
import { payeeOf, refuseAccount, refuseClosed } from './account-states.ts'

export function openAccount(engine: Engine, { userId }: OpenAccount): RefusalCode | null {
  if (engine.accounts.byUser.has(userId)) return null
  const next = nextAccount(engine.accounts)
  if (next >= ACCOUNTS_MAX) return 'account.limit'
  const account = asId<AccountId>(next)
  open(engine, { account, owner: account, accountKind: 'main', userId, name: 'main' })
  return null
}

export function openSubAccount(engine: Engine, command: OpenSubAccount): RefusalCode | null {
  const { accounts } = engine
  const refused = refuseAccount(engine, command.account)
  const asking = rowOf(accounts, command.account)
  if (refused !== null || asking === undefined) return refused ?? 'account.unknown'
  const next = nextAccount(accounts)
  const subs = accounts.subCount.get(asking.owner) ?? 0
  if (next >= ACCOUNTS_MAX || subs >= SUB_ACCOUNTS_MAX) return 'account.limit'
  const { owner } = asking
  open(engine, { account: asId(next), owner, accountKind: 'sub', userId: '', name: command.name })
  return null
}

export function transfer(engine: Engine, command: Transfer): RefusalCode | null {
  const { account, from, to, asset, amount, requestId } = command
  const refused = refuseTransfer(engine, command)
  if (refused !== null) return refused
  if (engine.assets[asset] === undefined) return 'asset.unknown'
  if (amount === 0 || from === to) return 'request.malformed'
  if (amount > available(engine, from, asset)) return 'funds.insufficient'
  emitPayload(engine, { kind: 'transferred', account, from, to, asset, amount, requestId })
  move(engine, { kind: 'transfer', from, to, asset, amount, reference: engine.clock.seq })
  return null
}

// One account after the other: who asks, who pays, who receives.
function refuseTransfer(engine: Engine, { account, from, to }: Transfer): RefusalCode | null {
  const owner = rowOf(engine.accounts, account)?.owner
  const isOther = (one: number) => rowOf(engine.accounts, one)?.owner !== owner
  const asking = refuseAccount(engine, account)
  if (asking !== null) return asking
  if (isOther(from)) return 'account.unknown'
  const paying = refuseAccount(engine, from)
  if (paying !== null) return paying
  return isOther(to) ? 'account.unknown' : refuseClosed(engine, to)
}

export function faucet(engine: Engine, { account, amounts }: Faucet): RefusalCode | null {
  const refused = refuseClosed(engine, account)
  if (refused !== null) return refused
  if (amounts.length === 0 || amounts.length > FAUCET_ASSETS_MAX) return 'request.malformed'
  if (amounts.some(({ amount }) => amount === 0)) return 'request.malformed'
  if (amounts.some(({ asset }) => engine.assets[asset] === undefined)) return 'asset.unknown'
  if (!canHousePay(engine, amounts)) return 'funds.insufficient'
  const between = { kind: 'faucet', from: HOUSE, to: account, reference: engine.clock.seq } as const
  for (const { asset, amount } of amounts) move(engine, { ...between, asset, amount })
  return null
}

export function issue(engine: Engine, { asset, amount }: Issue): RefusalCode | null {
  if (engine.assets[asset] === undefined) return 'asset.unknown'
  if (amount === 0) return 'request.malformed'
  if (isTooMuch(engine, asset, amount)) return 'capacity.exhausted'
  move(engine, {
    kind: 'issue',
    from: CHAIN,
    to: HOUSE,
    asset,
    amount,
    reference: engine.clock.seq,
  })
  return null
}

export function credit(engine: Engine, command: CreditDeposit): RefusalCode | null {
  const { asset, amount, instance, txHash, logIndex } = command
  const key = JSON.stringify([instance, txHash, logIndex])
  if (engine.credits.has(key)) return null
  const row = rowOf(engine.accounts, command.account)
  if (row === undefined) return 'account.unknown'
  if (engine.assets[asset] === undefined) return 'asset.unknown'
  if (amount === 0) return 'request.malformed'
  if (isTooMuch(engine, asset, amount)) return 'capacity.exhausted'
  if (engine.credits.size >= CREDITS_MAX) return 'capacity.exhausted'
  const account = payeeOf(engine, row)
  engine.credits.add(key)
  emitPayload(engine, { kind: 'deposited', account, asset, amount, instance, txHash, logIndex })
  const between = { from: CHAIN, to: account, reference: engine.clock.seq }
  move(engine, { kind: 'deposit', ...between, asset, amount })
  return null
}

function open(engine: Engine, row: AccountRow): void {
  addAccount(engine, row)
  emitPayload(engine, { kind: 'accountOpened', ...row })
}

// One asset may be named twice: what counts is the sum.
function canHousePay(engine: Engine, amounts: Faucet['amounts']): boolean {
  return amounts.every(({ asset }) => {
    const wanted = amounts.filter((other) => other.asset === asset)
    const total = wanted.reduce((sum, { amount }) => sum + amount, 0)
    return total <= available(engine, HOUSE, asset)
  })
}
