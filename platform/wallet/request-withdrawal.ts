// Request a withdrawal: the wish of a caller as a command, checked as far as the edge can.
//
// Fee and minimum come from the terms, the address must be checksummed or all in lower case, and a
// key that may only rebalance reaches no address but the one registered for its account's bot.

import { type Amount, asUnit, parseDecimal } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import type { AccountId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { asMicros, type Micros } from '#kernel/time.ts'
import type { Principal } from '#platform/auth/port.ts'
import type { Submission } from '#sequencer/port.ts'
import type { Asset, Listing } from '#views/listing.ts'
import type { WithdrawalBody } from './schemas.ts'
import { WITHDRAWAL_TERMS } from './terms.ts'

export type WithdrawalRules = {
  readonly listing: Listing
  readonly isPayable: (address: string) => boolean
  /** Lower case; undefined when no bot trades the account. */
  readonly registeredAddress: (account: AccountId) => string | undefined
}

export type WithdrawalCaller = {
  readonly principal: Principal
  readonly account: AccountId
  readonly now: Micros
}

export function withdrawalSubmission(
  body: WithdrawalBody,
  rules: WithdrawalRules,
  { principal, account, now }: WithdrawalCaller,
): Result<Submission> {
  const asset = rules.listing.assetBySymbol(body.asset)
  const terms = WITHDRAWAL_TERMS[body.asset]
  if (asset === undefined || terms === undefined) return refuse('asset.unknown')
  if (!rules.isPayable(body.address)) return refuse('withdrawal.address_invalid')
  const address = body.address.toLowerCase()
  if (!mayWithdrawTo(rules, principal, { account, address })) return refuse('auth.forbidden')
  const amount = parseDecimal(body.amount, asset.scale)
  if (!amount.ok) return refuse('request.malformed', { field: 'amount', why: amount.why })
  const { minimum } = terms
  if (amount.units < unitsOf(asset, minimum)) return refuse('withdrawal.below_minimum', { minimum })
  return accept({
    kind: 'requestWithdrawal',
    account,
    asset: asset.id,
    amount: asUnit<Amount>(amount.units),
    fee: asUnit<Amount>(unitsOf(asset, terms.fee)),
    address: body.address,
    requestId: body.requestId,
    sentAt: asMicros(body.sentAt ?? now),
    sentAtGiven: body.sentAt !== undefined,
  })
}

/** Scope withdraw reaches any address, scope rebalance the bot's own alone. */
function mayWithdrawTo(
  rules: WithdrawalRules,
  { scopes }: Principal,
  to: { readonly account: AccountId; readonly address: string },
): boolean {
  if (scopes.has('withdraw')) return true
  return scopes.has('rebalance') && rules.registeredAddress(to.account) === to.address
}

function unitsOf(asset: Asset, text: string): number {
  const parsed = parseDecimal(text, asset.scale)
  assert(parsed.ok, `the terms of ${asset.symbol} do not fit its scale`)
  return parsed.units
}
