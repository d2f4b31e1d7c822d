// Engine: the exchange as a pure function of (state, command) to events.
//
// apply never throws for input: it refuses with a code. It throws only when an invariant is
// broken, and then nothing of the command may be released. No clock, no randomness, no I/O: time
// and ids are fields of the command. Place, amend, cancel and tick are applied by the core; the
// other commands are decoded here and change the core through its calls.

import { COMMAND_TYPE } from './codec/choices.ts'
import { WORD } from './codec/commands.ts'
import { CELL_WORDS, copyCells, get64, wordAt } from './codec/words.ts'
import { type Cells, decodeCommand } from './codec.ts'
import { execute, type PlainCommand } from './commands/execute.ts'
import { lookUpRequest, NEW, REPEATED } from './duplicates.ts'
import { ACCOUNTS_MAX } from './limits.ts'
import { CLOCK_WORD } from './rows.ts'
import type { Engine } from './state.ts'
import { createState } from './state.ts'

/** An exchange without assets, markets and customers. */
export function createEngine(): Engine {
  return createState()
}

/** Makes room for as much as the limits allow, so that no command has to wait for it. */
export function reserve({ core }: Engine): void {
  core.calls.reserve()
}

/** Applies the command at a cell; appends to engine.events and sets engine.outcome. */
export function apply(engine: Engine, from: Cells, at: number): void {
  const { calls, intake } = engine.core
  const type = wordAt(from.i32, at * CELL_WORDS) & 0xff
  beginOutcome(engine)
  if (isOfCore(type)) {
    copyCells(from, at, intake.cells, wordAt(from.i32, at * CELL_WORDS) >>> 16)
    calls.apply()
  } else applyDecoded(engine, from, at, type)
  endOutcome(engine)
}

/** Micros at which a tick is due: 0 = now, Infinity = never. */
export function nextDue({ core }: Engine): number {
  return core.calls.nextDue()
}

/** The same for what comes before the next customer's command, by as many ticks as it takes. */
export function nextUrgent({ core }: Engine): number {
  return core.calls.nextUrgent()
}

// The reader of events says with their length how many it has not taken.
function beginOutcome({ core, events }: Engine): void {
  core.view.i32[core.clockWord + CLOCK_WORD.eventsUsed] = events.length
}

function endOutcome({ core, events }: Engine): void {
  events.length = wordAt(core.view.i32, core.clockWord + CLOCK_WORD.eventsUsed)
}

function isOfCore(type: number): boolean {
  const { place, cancel, amend, tick } = COMMAND_TYPE
  return type === place || type === cancel || type === amend || type === tick
}

function applyDecoded(engine: Engine, from: Cells, at: number, type: number): void {
  const { calls } = engine.core
  const command = decodeCommand(from, at) as PlainCommand // The core's kinds were taken before.
  const word = at * CELL_WORDS
  calls.start(get64(from.i32, word + WORD.seq), get64(from.i32, word + WORD.time))
  const account = 'account' in command ? command.account : 0
  const hasId = 'requestId' in command && command.requestId !== '' && canExist(account)
  const known = hasId ? lookUpRequest(engine, command) : NEW
  if (known === REPEATED) return
  const code = known === NEW ? execute(engine, command) : known
  if (code !== 0) calls.refuse(account, type, code)
  if (hasId && known === NEW) calls.rememberRequest(code)
  calls.finish()
}

// What asks under a number that no account can have is refused alike every time: not remembered.
function canExist(account: number): boolean {
  return account >= 0 && account < ACCOUNTS_MAX
}
