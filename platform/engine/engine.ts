// Engine: the exchange as a pure function of (state, command) to events.
//
// apply never throws for input: it refuses with a code. It throws only when an invariant is
// broken, and then nothing of the command may be released. No clock, no randomness, no I/O: time
// and ids are fields of the command. INV-16: seq and time never go back.

import { assert } from '#kernel/assert.ts'
import * as choices from './codec/choices.ts'
import * as records from './codec/commands.ts'
import * as words from './codec/words.ts'
import { CELL_SIZE_BYTES, type Cells, decodeCommand } from './codec.ts'
import * as columns from './columns.ts'
import { execute, type PlainCommand } from './commands/execute.ts'
import * as duplicates from './duplicates.ts'
import * as emitting from './emit.ts'
import * as ledger from './ledger/balances.ts'
import * as limits from './limits.ts'
import * as cancelling from './matching/cancel.ts'
import * as placing from './matching/place.ts'
import * as takingIn from './matching/take-in.ts'
import * as memory from './outcomes.ts'
import type { Engine } from './state.ts'
import * as states from './state.ts'

const { COMMAND_TYPE } = choices
const { WORD } = records
const { get64, wordAt } = words
const { intAt, numAt } = columns
const { lookUpOrder, lookUpRequest, NEW, REPEATED } = duplicates
const { emitBalance, emitRefused } = emitting
const { settleTouched, sortTouched } = ledger
const { ACCOUNTS_MAX } = limits
const { cancel, marketAt } = cancelling
const { place } = placing
const { takeIn } = takingIn
const { remember } = memory
const { createState, SEQ, TIME } = states

const CELL_WORDS = CELL_SIZE_BYTES / 4

/** An exchange without assets, markets and customers. */
export function createEngine(): Engine {
  return createState()
}

/** Applies the command at a cell; appends to engine.events and sets engine.outcome. */
export function apply(engine: Engine, from: Cells, at: number): void {
  const word = at * CELL_WORDS
  const type = wordAt(from.i32, word) & 0xff
  startCommand(engine, from.i32, word)
  if (type === COMMAND_TYPE.place) applyPlace(engine, from, at)
  else if (type === COMMAND_TYPE.cancel) applyCancel(engine, from, at)
  else if (type === COMMAND_TYPE.tick) applyTick(engine)
  else applyDecoded(engine, from, at, type)
  emitBalances(engine)
}

/** Micros at which a tick is due: 0 = now, Infinity = never. */
export function nextDue(engine: Engine): number {
  return engine.orders.drainHead === 0 ? Infinity : 0
}

function startCommand(engine: Engine, i32: Int32Array, word: number): void {
  const { clock, stamp, outcome } = engine
  const seq = get64(i32, word + WORD.seq)
  const time = get64(i32, word + WORD.time)
  assert(seq > numAt(clock, SEQ), 'the seq of a command is above the last')
  assert(time >= numAt(clock, TIME), 'INV-16: time never goes back')
  clock[SEQ] = seq
  clock[TIME] = time
  for (let i = 0; i < 4; i += 1) stamp[i] = wordAt(i32, word + WORD.seq + i)
  outcome.code = 0
  outcome.seq = seq
  outcome.duplicate = false
}

function applyPlace(engine: Engine, from: Cells, at: number): void {
  const word = at * CELL_WORDS
  const account = wordAt(from.i32, word + WORD.account)
  const hasId = (wordAt(from.i32, word + WORD.callerId) & 0xff) !== 0 && canExist(account)
  const known = hasId ? lookUpOrder(engine, from, at) : NEW
  if (known === REPEATED) return
  const code = known === NEW ? place(engine, from, at) : known
  if (code !== 0) refuse(engine, account, COMMAND_TYPE.place, code)
  if (hasId && known === NEW) remember(engine.outcomes, engine.clock, code)
}

function applyCancel(engine: Engine, from: Cells, at: number): void {
  const code = cancel(engine, from, at)
  if (code === 0) return
  refuse(engine, wordAt(from.i32, at * CELL_WORDS + WORD.account), COMMAND_TYPE.cancel, code)
}

function applyTick(engine: Engine): void {
  const slot = engine.orders.drainHead
  if (slot !== 0) takeIn(engine, marketAt(engine, slot), slot)
}

function applyDecoded(engine: Engine, from: Cells, at: number, type: number): void {
  const command = decodeCommand(from, at) as PlainCommand // The hot kinds were taken before.
  const account = 'account' in command ? command.account : 0
  const hasId = 'requestId' in command && command.requestId !== '' && canExist(account)
  const known = hasId ? lookUpRequest(engine, command) : NEW
  if (known === REPEATED) return
  const code = known === NEW ? execute(engine, command) : known
  if (code !== 0) refuse(engine, account, type, code)
  if (hasId && known === NEW) remember(engine.outcomes, engine.clock, code)
}

// What asks under a number that no account can have is refused alike every time: not remembered.
function canExist(account: number): boolean {
  return account >= 0 && account < ACCOUNTS_MAX
}

function refuse(engine: Engine, account: number, commandType: number, code: number): void {
  engine.outcome.code = code
  emitRefused(engine, account, commandType, code)
}

function emitBalances(engine: Engine): void {
  const { balances } = engine
  if (balances.touchedCount === 0) return
  sortTouched(balances)
  for (let i = 0; i < balances.touchedCount; i += 1) {
    const cell = intAt(balances.touched, i)
    if (settleTouched(balances, cell)) emitBalance(engine, cell)
  }
  balances.touchedCount = 0
}
