// Model: the exchange a second time, naive and readable, to compare the engine with.
//
// apply predicts every event with every field, the code and whether it is a repetition; image gives
// the state. Written from the contract alone: where engine and model differ, one of them is wrong.

import type { Command } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import type { EngineImage } from '#engine/image.ts'
import { unreachable } from '#kernel/assert.ts'
import type { AccountId } from '#kernel/ids.ts'
import { asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { credit, faucet, issue, openAccount, openSubAccount, transfer } from './accounts.ts'
import { closeAccount, freezeAccount } from './accounts-marks.ts'
import { amend } from './amend.ts'
import { cancelAfter, cancelAll, cancelOne, cancelSession } from './cancels.ts'
import { imageOf } from './image.ts'
import { takeChanges } from './ledger.ts'
import { listAsset, listMarket } from './listing.ts'
import type { Caller } from './outcomes.ts'
import { callerOf, forgetOld, refuseByTime, remember } from './outcomes.ts'
import { delistMarket, setFees, setMark, setMarket } from './parameters.ts'
import { setPhase } from './phases.ts'
import { place } from './place.ts'
import { nextDue, nextUrgent, tick } from './ticks.ts'
import { noteReferences, settleReferences } from './triggers.ts'
import {
  failWithdrawal,
  requestWithdrawal,
  settleWithdrawal,
  signWithdrawal,
} from './withdrawals.ts'
import type { World } from './world.ts'
import { createWorld, emit, money, takeAccountSeqs } from './world.ts'

export type ModelAnswer = {
  /** null: done. */
  readonly code: RefusalCode | null
  readonly duplicate: boolean
  /** Of the original when this is a repetition. */
  readonly seq: number
  readonly events: readonly Event[]
}

export type Model = {
  apply(command: Command): ModelAnswer
  image(): EngineImage
  /** When a tick is due; 0: now, Infinity: never. */
  nextDue(): number
  /** The same for what customers must wait for. */
  nextUrgent(): number
}

export function createModel(): Model {
  const world = createWorld()
  return {
    apply: (command) => apply(world, command),
    image: () => imageOf(world),
    nextDue: () => nextDue(world),
    nextUrgent: () => nextUrgent(world),
  }
}

function apply(world: World, command: Command): ModelAnswer {
  world.seq = command.seq
  world.time = command.time
  world.events = []
  forgetOld(world.memory, command.time)
  const caller = callerOf(command)
  const known = caller === null ? undefined : recall(world, caller)
  if (known !== undefined && caller?.bodyHash === known.bodyHash) {
    return { code: known.code, duplicate: true, seq: known.seq, events: [] }
  }
  if (known !== undefined) return finish(world, command, 'idempotency.mismatch')
  if (caller !== null) {
    const refusal = refuseByTime(world.memory, caller.sentAt, command.time)
    if (refusal !== null) return finish(world, command, refusal)
  }
  noteReferences(world)
  const code = execute(world, command)
  settleReferences(world)
  if (caller !== null) memorise(world, caller, code)
  return finish(world, command, code)
}

function finish(world: World, command: Command, code: RefusalCode | null): ModelAnswer {
  if (code !== null) {
    const account = 'account' in command ? command.account : asId<AccountId>(0)
    emit(world, { kind: 'refused', account, command: command.kind, code })
  }
  for (const { account, asset, cash, held } of takeChanges(world.ledger)) {
    const accountSeq = takeAccountSeqs(world, account, 1)
    const now = { cash: money(cash), held: money(held) }
    emit(world, { kind: 'balance', account, accountSeq, asset, ...now })
  }
  return { code, duplicate: false, seq: command.seq, events: world.events }
}

// Accepted withdrawals are known for ever, everything else while it is in the memory.
function recall(world: World, caller: Caller) {
  const remembered = world.memory.outcomes.get(caller.key)
  if (remembered !== undefined || !caller.withdrawal) return remembered
  const withdrawal = world.withdrawalIds.get(caller.key)
  return withdrawal === undefined ? undefined : { ...withdrawal, code: null }
}

function memorise(world: World, caller: Caller, code: RefusalCode | null): void {
  const { key, bodyHash, sentAt } = caller
  const { seq, time } = world
  remember(world.memory, key, { bodyHash, sentAt, time, seq, code })
  if (caller.withdrawal && code === null) world.withdrawalIds.set(key, { seq, bodyHash })
}

function execute(world: World, command: Command): RefusalCode | null {
  switch (command.kind) {
    case 'place':
      return place(world, command)
    case 'cancel':
      return cancelOne(world, command)
    case 'cancelAll':
      return cancelAll(world, command)
    case 'tick':
      return tick(world)
    case 'amend':
      return amend(world, command)
    case 'cancelSession':
      return cancelSession(world, command)
    case 'cancelAfter':
      return cancelAfter(world, command)
    default:
      return executeOther(world, command)
  }
}

type Other = Exclude<
  Command,
  { kind: 'place' | 'cancel' | 'cancelAll' | 'tick' | 'amend' | 'cancelSession' | 'cancelAfter' }
>

function executeOther(world: World, command: Other): RefusalCode | null {
  switch (command.kind) {
    case 'listAsset':
      return listAsset(world, command)
    case 'listMarket':
      return listMarket(world, command)
    case 'setMarket':
      return setMarket(world, command)
    case 'setFees':
      return setFees(world, command)
    case 'setPhase':
      return setPhase(world, command)
    case 'setMark':
      return setMark(world, command)
    case 'delistMarket':
      return delistMarket(world, command)
    case 'freezeAccount':
      return freezeAccount(world, command)
    case 'closeAccount':
      return closeAccount(world, command)
    default:
      return executeMoney(world, command)
  }
}

type Money = Exclude<
  Other,
  {
    kind:
      | 'listAsset'
      | 'listMarket'
      | 'setMarket'
      | 'setFees'
      | 'setPhase'
      | 'setMark'
      | 'delistMarket'
      | 'freezeAccount'
      | 'closeAccount'
  }
>

function executeMoney(world: World, command: Money): RefusalCode | null {
  switch (command.kind) {
    case 'openAccount':
      return openAccount(world, command)
    case 'openSubAccount':
      return openSubAccount(world, command)
    case 'transfer':
      return transfer(world, command)
    case 'faucet':
      return faucet(world, command)
    case 'issue':
      return issue(world, command)
    case 'credit':
      return credit(world, command)
    case 'requestWithdrawal':
      return requestWithdrawal(world, command)
    case 'signWithdrawal':
      return signWithdrawal(world, command)
    case 'settleWithdrawal':
      return settleWithdrawal(world, command)
    case 'failWithdrawal':
      return failWithdrawal(world, command)
    case 'chainReset':
      world.chainInstance = command.instance
      emit(world, { kind: 'chainReset', instance: command.instance })
      return null
    default:
      return unreachable(command)
  }
}
