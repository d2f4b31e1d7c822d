// Apply: the commands that the core reads in place: place, amend, cancel, tick.
//
// Each goes the same way: what is remembered is answered again; else checks, wall, change. Whatever
// else a command is comes decoded, through calls.ts.

import { canExist } from './accounts.ts'
import { amend } from './amend.ts'
import { emitBalances } from './balances.ts'
import { cancel } from './cancel.ts'
import { clock, startCommand } from './clock.ts'
import { AMEND, Amend, CANCEL, Cancel, Command, PLACE, Place } from './commands.ts'
import { lookUp, NEW, REPEATED } from './duplicates.ts'
import { emitRefused } from './events.ts'
import { tables } from './memory.ts'
import { ORDER_CLASS, remember } from './outcomes.ts'
import { place } from './place.ts'
import { tick } from './ticks.ts'
import { settleAll } from './triggers.ts'

/** Applies the record of a place, amend, cancel or tick command. */
export function applyRecord(command: Command): void {
  startCommand(command.seq, command.time)
  if (command.type === PLACE) applyPlace(changetype<Place>(command))
  else if (command.type === CANCEL) applyCancel(changetype<Cancel>(command))
  else if (command.type === AMEND) applyAmend(changetype<Amend>(command))
  else tick()
  settle()
  emitBalances()
}

/** The references of markets where something moved settle before the command ends. */
export function settle(): void {
  if (tables.settleCount !== 0) settleAll()
}

/** Notes a refusal as the outcome of the running command and tells it. */
export function refuse(account: i32, type: u32, code: i32): void {
  clock.outcomeCode = code
  emitRefused(account, type, code)
}

function applyPlace(command: Place): void {
  const account = command.account
  // What asks under a number that no account can have is refused alike every time.
  const hasId = u8(command.name0) !== 0 && canExist(account)
  const known = hasId ? lookUp(account, ORDER_CLASS, command) : NEW
  if (known === REPEATED) return
  const code = known === NEW ? place(command) : known
  if (code !== 0) refuse(account, PLACE, code)
  if (hasId && known === NEW) remember(command, clock.seq, clock.time, code)
}

function applyCancel(command: Cancel): void {
  const code = cancel(command.account, command.orderId)
  if (code !== 0) refuse(command.account, CANCEL, code)
}

function applyAmend(command: Amend): void {
  const code = amend(command)
  if (code !== 0) refuse(command.account, AMEND, code)
}
