// Apply: the commands that the core reads in place: place, cancel, tick.
//
// Each goes the same way: what is remembered is answered again; else checks, wall, change. Whatever
// else a command is comes decoded, through calls.ts.

import { canExist } from './accounts.ts'
import { emitBalances } from './balances.ts'
import { cancel } from './cancel.ts'
import { clock, startCommand } from './clock.ts'
import { CANCEL, Cancel, Command, PLACE, Place } from './commands.ts'
import { lookUp, NEW, REPEATED } from './duplicates.ts'
import { emitRefused } from './events.ts'
import { marketAt } from './markets.ts'
import { tables } from './memory.ts'
import { MARKET_MASK, orderAt } from './orders.ts'
import { ORDER_CLASS, remember } from './outcomes.ts'
import { place } from './place.ts'
import { takeIn } from './take-in.ts'

/** Applies the record of a place, cancel or tick command. */
export function applyRecord(command: Command): void {
  startCommand(command.seq, command.time)
  if (command.type === PLACE) applyPlace(changetype<Place>(command))
  else if (command.type === CANCEL) applyCancel(changetype<Cancel>(command))
  else applyTick()
  emitBalances()
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

function applyTick(): void {
  const slot = tables.drainHead
  if (slot !== 0) takeIn(marketAt(orderAt(slot).flags & MARKET_MASK), slot)
}
