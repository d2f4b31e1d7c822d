// Execute: which rules a decoded command follows.
//
// Every kind has one row and the compiler knows them all. Place, amend, cancel and tick never come
// here: they are read in place, without being decoded.

import { unreachable } from '#kernel/assert.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { refusalNumber } from '#kernel/refusals.ts'
import { SIDES } from '../codec/choices.ts'
import type { CancelAll, CommandBody } from '../command.ts'
import { emitPayload } from '../emit.ts'
import { MARKETS_MAX } from '../limits.ts'
import type { Engine } from '../state.ts'
import { closeAccount, freezeAccount } from './account-states.ts'
import { credit, faucet, issue, openAccount, openSubAccount, transfer } from './accounts.ts'
import { listAsset, listMarket } from './listing.ts'
import { changeMarket } from './markets.ts'
import { setMark } from './marks.ts'
import {
  failWithdrawal,
  requestWithdrawal,
  settleWithdrawal,
  signWithdrawal,
} from './withdrawals.ts'

export type PlainCommand = Exclude<CommandBody, { kind: 'place' | 'amend' | 'cancel' | 'tick' }>

/** Carries a command out; 0 or the refusal's number. */
export function execute(engine: Engine, command: PlainCommand): number {
  if (command.kind === 'cancelAll') return cancelAll(engine, command)
  if (command.kind === 'cancelSession') {
    return engine.core.calls.cancelSession(command.account, command.session)
  }
  if (command.kind === 'cancelAfter') {
    const { account, key, cancelAfterMs } = command
    return engine.core.calls.cancelAfter(account, key, cancelAfterMs)
  }
  const code = carryOut(engine, command)
  return code === null ? 0 : refusalNumber(code)
}

function carryOut(
  engine: Engine,
  command: Exclude<PlainCommand, { kind: 'cancelAll' | 'cancelSession' | 'cancelAfter' }>,
): RefusalCode | null {
  switch (command.kind) {
    case 'listAsset':
      return listAsset(engine, command)
    case 'listMarket':
      return listMarket(engine, command)
    case 'openAccount':
      return openAccount(engine, command)
    case 'openSubAccount':
      return openSubAccount(engine, command)
    case 'transfer':
      return transfer(engine, command)
    case 'faucet':
      return faucet(engine, command)
    case 'issue':
      return issue(engine, command)
    case 'credit':
      return credit(engine, command)
    case 'requestWithdrawal':
      return requestWithdrawal(engine, command)
    case 'signWithdrawal':
      return signWithdrawal(engine, command)
    case 'settleWithdrawal':
      return settleWithdrawal(engine, command)
    case 'failWithdrawal':
      return failWithdrawal(engine, command)
    case 'setMark':
      return setMark(engine, command)
    case 'chainReset':
      engine.chain.instance = command.instance
      emitPayload(engine, { kind: 'chainReset', instance: command.instance })
      return null
    case 'setMarket':
    case 'setFees':
    case 'setPhase':
    case 'delistMarket':
      return changeMarket(engine, command)
    case 'freezeAccount':
      return freezeAccount(engine, command)
    case 'closeAccount':
      return closeAccount(engine, command)
    default:
      return unreachable(command)
  }
}

const ANY = -1

function cancelAll({ core }: Engine, { account, market, side }: CancelAll): number {
  const sideNumber = side === null ? ANY : SIDES.indexOf(side)
  // A number that no market has must not become the one that stands for all.
  const marketNumber = market === null ? ANY : Math.min(market, MARKETS_MAX)
  return core.calls.cancelAll(account, marketNumber, sideNumber)
}
