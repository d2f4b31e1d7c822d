// Instance: one core of the engine with its own memory, and the views of it.
//
// The core is AssemblyScript, compiled by the set-up (core/ is its source). Views are made anew
// when memory grows or the cells of events move: nobody keeps one over a call. An assertion of the
// core is one of the engine: it throws, and nothing of the command may be released.

import { assert } from '#kernel/assert.ts'
import { type Words, wordsOf } from './codec/words.ts'
import { CORE } from './generated/core.ts'

/** What core/calls.ts exports; money crosses as doubles that hold safe integers. */
export type CoreCalls = {
  readonly memory: { readonly buffer: ArrayBuffer }
  create(): void
  reserve(): void
  intake(): number
  asking(): number
  clockAt(): number
  eventsAt(): number
  eventRows(): number
  apply(): void
  start(seq: number, time: number): void
  finish(): void
  refuse(account: number, type: number, code: number): void
  beginEvent(type: number, small: number, cells: number): number
  post(kind: number, account: number, asset: number, amount: number, reference: number): void
  hold(account: number, asset: number, by: number): void
  cashOf(account: number, asset: number): number
  heldOf(account: number, asset: number): number
  setBalance(account: number, asset: number, cash: number, held: number): void
  addAccount(owner: number): void
  ownerOf(account: number): number
  firstOpen(account: number): number
  accountSeqOf(account: number): number
  setAccountSeq(account: number, seq: number): void
  addMarket(...row: readonly number[]): void
  setMark(market: number, price: number): void
  markOf(market: number): number
  cancelSession(account: number, session: number): number
  cancelAfter(account: number, key: number, afterMs: number): number
  cancelAll(account: number, market: number, side: number): number
  recallRequest(account: number): number
  refuseByTime(): number
  rememberRequest(code: number): void
  restoreOutcome(who: number, seq: number, time: number, code: number): void
  outcomesFirst(): number
  outcomesNext(): number
  outcomeAddress(count: number): number
  evictedSentAt(): number
  setEvictedSentAt(sentAt: number): void
  slotsUsed(): number
  setOpenOrders(count: number): void
  takeSlot(): number
  adoptOrder(slot: number): void
  orderAddress(slot: number): number
  termsAddress(slot: number): number
  nameAddress(slot: number): number
  marketAddress(market: number): number
  rulesAddress(market: number): number
  notionalWithin(amount: number, rate: number): number
  nextDue(): number
  nextUrgent(): number
  setPrices(market: number, ...rules: readonly number[]): void
  setTimes(market: number, ...rules: readonly number[]): void
  startRules(market: number): void
  settleMarket(market: number): void
  setTier(market: number, at: number, from: number, makerRate: number, takerRate: number): void
  setTierCount(market: number, count: number): void
  tierAddress(market: number, at: number): number
  setPhase(market: number, phase: number, endsAt: number): void
  delist(market: number): void
  isDelisted(market: number): number
  restoreDelisted(market: number): void
  hasOpen(account: number): number
  marksOf(account: number): number
  setMarks(account: number, marks: number): void
  volumesUsed(): number
  volumeAddress(row: number): number
  tradedOf(owner: number, asset: number): number
  volumeOf(owner: number, asset: number): number
  restoreVolume(owner: number, asset: number, day: number, traded: number): number
  paidAddress(slot: number): number
  slotById(id: number): number
  queueHead(): number
  extraAddress(slot: number): number
  addExtra(slot: number): number
  adoptExtra(slot: number): void
  restById(orderId: number): void
  parkById(orderId: number): void
  armById(orderId: number): void
  firstArmedList(market: number): number
  nextArmedList(): number
  armedListHead(): number
  bracketsUsed(): number
  bracketAddress(row: number): number
  attentionHead(): number
  addBracket(): number
  adoptBracket(row: number): void
  attend(entryId: number): void
  firstTimer(account: number): number
  timerAddress(row: number): number
  restoreTimer(account: number, key: number, dueAt: number): void
  referenceAddress(market: number, by: number): number
  isWatched(market: number): boolean
  judgeTriggers(): void
}

export type Core = {
  readonly calls: CoreCalls
  /** The whole memory, as it is now. */
  readonly view: { i32: Int32Array; bytes: Uint8Array }
  /** Cells of the running command. */
  readonly intake: { cells: Words }
  /** Cells of a request's id, hash and sentAt. */
  readonly asking: { cells: Words }
  /** Cells of events from the first on, and how many are used. */
  readonly events: { cells: Words; length: number }
  /** Words of the record of core/clock.ts. */
  readonly clockWord: number
}

/** What of WebAssembly is used; the types of Node do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** The longest command that the core reads itself has three. */
const INTAKE_CELLS = 4
const ASKING_CELLS = 2

const MODULE = new WebAssembly.Module(bytesOf(CORE))

/** A core without accounts and markets. */
export function createCore(): Core {
  const none = wordsOf(new ArrayBuffer(0), 0, 0)
  const core = {
    view: { bytes: none.bytes, i32: none.i32 },
    intake: { cells: none },
    asking: { cells: none },
    events: { cells: none, length: 0 },
  }
  let calls: CoreCalls | null = null
  const onMoved = () => {
    if (calls !== null) look(core, calls)
  }
  const abort = (message: number) => assert(false, textAt(core.view.i32, message))
  const { exports } = new WebAssembly.Instance(MODULE, { env: { abort }, memory: { onMoved } })
  // The module's exports have no types of their own; a plain object of them is quicker to call.
  calls = { ...(exports as CoreCalls) }
  look(core, calls)
  calls.create()
  look(core, calls)
  return { ...core, calls, clockWord: calls.clockAt() >>> 2 }
}

type Views = Omit<Core, 'calls' | 'clockWord'>

function look({ view, intake, asking, events }: Views, calls: CoreCalls): void {
  const { buffer } = calls.memory
  view.i32 = new Int32Array(buffer)
  view.bytes = new Uint8Array(buffer)
  intake.cells = wordsOf(buffer, calls.intake(), INTAKE_CELLS)
  asking.cells = wordsOf(buffer, calls.asking(), ASKING_CELLS)
  events.cells = wordsOf(buffer, calls.eventsAt(), calls.eventRows())
}

/** A string of AssemblyScript: UTF-16 with its length in bytes before it. */
function textAt(i32: Int32Array, at: number): string {
  const units = new Uint16Array(i32.buffer, at, (i32[(at >>> 2) - 1] ?? 0) / 2)
  return String.fromCharCode(...units)
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
