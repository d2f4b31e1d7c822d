// Accounts: opening them, and money that moves between them or enters from outside.
//
// INV-01 by construction: every movement is two legs of one amount.

import type {
  CreditDeposit,
  Faucet,
  Issue,
  OpenAccount,
  OpenSubAccount,
  Transfer,
} from '#engine/command.ts'
import type { PostingKind } from '#engine/event.ts'
import {
  ACCOUNTS_MAX,
  ASSET_TOTAL_MAX,
  CREDITS_MAX,
  FAUCET_ASSETS_MAX,
  SUB_ACCOUNTS_MAX,
} from '#engine/limits.ts'
import type { AccountId, AssetId } from '#kernel/ids.ts'
import { asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { refuseAccount, refuseClosed } from './accounts-marks.ts'
import { available, CHAIN, HOUSE, issued, post } from './ledger.ts'
import type { Account, World } from './world.ts'
import { emit, money } from './world.ts'

const FIRST_CUSTOMER = 16

export function openAccount(world: World, { userId }: OpenAccount): RefusalCode | null {
  const known = [...world.accounts.values()].some((account) => account.userId === userId)
  if (known) return null
  const next = nextAccount(world)
  if (next === null) return 'account.limit'
  open(world, { account: next, owner: next, accountKind: 'main', userId, name: 'main' })
  return null
}

export function openSubAccount(world: World, command: OpenSubAccount): RefusalCode | null {
  const refused = refuseAccount(world, command.account)
  if (refused !== null) return refused
  const owner = world.accounts.get(command.account)?.owner ?? command.account
  const own = [...world.accounts.values()].filter((account) => account.owner === owner)
  const subs = own.filter(({ closed }) => !closed).length - 1
  const next = nextAccount(world)
  if (next === null || subs >= SUB_ACCOUNTS_MAX) return 'account.limit'
  open(world, { account: next, owner, accountKind: 'sub', userId: '', name: command.name })
  return null
}

export function transfer(world: World, command: Transfer): RefusalCode | null {
  const { account, from, to, asset, amount, requestId } = command
  const owner = world.accounts.get(account)?.owner
  const refused =
    refuseAccount(world, account) ??
    refuseOther(world, from, owner) ??
    refuseAccount(world, from) ??
    refuseOther(world, to, owner) ??
    refuseClosed(world, to)
  if (refused !== null) return refused
  if (world.assets[asset] === undefined) return 'asset.unknown'
  if (amount === 0 || from === to) return 'request.malformed'
  if (BigInt(amount) > available(world.ledger, from, asset)) return 'funds.insufficient'
  emit(world, { kind: 'transferred', account, from, to, asset, amount, requestId })
  move(world, { kind: 'transfer', from, to, asset, amount: BigInt(amount), reference: world.seq })
  return null
}

export function faucet(world: World, { account, amounts }: Faucet): RefusalCode | null {
  const refused = refuseClosed(world, account)
  if (refused !== null) return refused
  if (amounts.length === 0 || amounts.length > FAUCET_ASSETS_MAX) return 'request.malformed'
  if (amounts.some(({ amount }) => amount === 0)) return 'request.malformed'
  if (amounts.some(({ asset }) => world.assets[asset] === undefined)) return 'asset.unknown'
  const totals = new Map<AssetId, bigint>()
  for (const { asset, amount } of amounts) {
    totals.set(asset, (totals.get(asset) ?? 0n) + BigInt(amount))
  }
  for (const [asset, total] of totals) {
    if (total > available(world.ledger, HOUSE, asset)) return 'funds.insufficient'
  }
  const between = { kind: 'faucet', from: HOUSE, to: account, reference: world.seq } as const
  for (const { asset, amount } of amounts)
    move(world, { ...between, asset, amount: BigInt(amount) })
  return null
}

export function issue(world: World, { asset, amount }: Issue): RefusalCode | null {
  if (world.assets[asset] === undefined) return 'asset.unknown'
  if (amount === 0) return 'request.malformed'
  if (isTooMuch(world, asset, amount)) return 'capacity.exhausted'
  const between = { kind: 'issue', from: CHAIN, to: HOUSE, reference: world.seq } as const
  move(world, { ...between, asset, amount: BigInt(amount) })
  return null
}

export function credit(world: World, command: CreditDeposit): RefusalCode | null {
  const { asset, amount, instance, txHash, logIndex } = command
  const key = JSON.stringify([instance, txHash, logIndex])
  if (world.credits.has(key)) return null
  const named = world.accounts.get(command.account)
  if (named === undefined) return 'account.unknown'
  if (world.assets[asset] === undefined) return 'asset.unknown'
  if (amount === 0) return 'request.malformed'
  if (isTooMuch(world, asset, amount)) return 'capacity.exhausted'
  const account = named.closed ? named.owner : named.account
  if (world.credits.size >= CREDITS_MAX) return 'capacity.exhausted'
  world.credits.add(key)
  emit(world, { kind: 'deposited', account, asset, amount, instance, txHash, logIndex })
  const between = { kind: 'deposit', from: CHAIN, to: account, reference: world.seq } as const
  move(world, { ...between, asset, amount: BigInt(amount) })
  return null
}

export type Movement = {
  readonly kind: PostingKind
  readonly from: AccountId
  readonly to: AccountId
  readonly asset: AssetId
  readonly amount: bigint
  readonly reference: number
}

/** Posts both legs of a movement, the paying one first. */
export function move(world: World, { kind, from, to, asset, amount, reference }: Movement): void {
  for (const [account, signed] of [
    [from, -amount],
    [to, amount],
  ] as const) {
    post(world.ledger, account, asset, signed)
    const leg = { account, asset, amount: money(signed), reference }
    emit(world, { kind: 'posting', postingKind: kind, ...leg })
  }
}

function open(world: World, account: Omit<Account, 'frozen' | 'closed'>): void {
  world.accounts.set(account.account, { ...account, frozen: false, closed: false })
  emit(world, { kind: 'accountOpened', ...account })
}

function refuseOther(world: World, account: AccountId, owner?: AccountId): RefusalCode | null {
  return world.accounts.get(account)?.owner === owner ? null : 'account.unknown'
}

function nextAccount(world: World): AccountId | null {
  const next = FIRST_CUSTOMER + world.accounts.size
  return next < ACCOUNTS_MAX ? asId(next) : null
}

function isTooMuch(world: World, asset: AssetId, amount: number): boolean {
  return issued(world.ledger, asset) + BigInt(amount) > ASSET_TOTAL_MAX
}
