// Order state: what the core keeps of orders, brackets and timers, by name.
//
// Read for images and snapshots. Lists (queue, armed triggers, brackets that need attention) are
// read in their order.

import { asUnit, type PriceTicks } from '#kernel/amount.ts'
import type { OrderId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { FEES_IN, TRAILS_IN, TRIGGERS_BY } from './codec/choices.ts'
import { EXTRA_BIT, NO_EXTRA } from './codec/extra.ts'
import { choice } from './codec/fields.ts'
import type { OrderExtra } from './command.ts'
import {
  BRACKET,
  BRACKET_NEXT,
  EXTRA_LINK,
  EXTRA_ROW,
  FLAGS,
  ORDER,
  type RowField,
  readField,
  TERMS,
  TIMER,
  TIMER_NEXT,
} from './rows.ts'
import type { Engine } from './state.ts'

export type ExtraNumbers = { readonly [F in keyof typeof EXTRA_ROW]: number }
export type BracketNumbers = { readonly [F in keyof typeof BRACKET]: number }
export type TimerNumbers = { readonly [F in keyof typeof TIMER]: number }

type Inner = Pick<Engine, 'core'>

/** Reads fields of an order by name. */
export function orderReader({ core }: Engine, slot: number) {
  const [order, terms] = [core.calls.orderAddress(slot), core.calls.termsAddress(slot)]
  return {
    order: (field: keyof typeof ORDER) => readField(core, order, ORDER[field]),
    terms: (field: keyof typeof TERMS) => readField(core, terms, TERMS[field]),
  }
}

export function isSet(flags: number, bit: number): boolean {
  return ((flags >>> bit) & 1) !== 0
}

/** The extra of an order in a slot; null for a plain one. */
export function extraNumbers(engine: Engine, slot: number): ExtraNumbers | null {
  if (!isSet(orderReader(engine, slot).order('flags'), FLAGS.hasExtra)) return null
  return readRow(engine, engine.core.calls.extraAddress(slot), EXTRA_ROW)
}

/** Where the trigger of an open order stands; 0 when the order is over or waits for none. */
export function armedTrigger(engine: Engine, orderId: OrderId): PriceTicks {
  const slot = engine.core.calls.slotById(orderId)
  const flags = slot === 0 ? 0 : orderReader(engine, slot).order('flags')
  const waiting = isSet(flags, FLAGS.armed) ? extraNumbers(engine, slot) : null
  return asUnit(waiting?.trigger ?? 0)
}

const WAITS_FIRST = 2
const TRAILING = 6

/** What an image shows of an order's extra. */
export function imageExtraOf(engine: Engine, slot: number, type: number, isGtd: boolean) {
  const numbers = extraNumbers(engine, slot)
  if (numbers === null) return { extra: NO_EXTRA, trigger: asUnit<never>(0), expireAt: asMicros(0) }
  const trigger = type >= WAITS_FIRST || numbers.takeProfit !== 0 ? numbers.trigger : 0
  return {
    extra: extraShown(numbers, type, isGtd),
    trigger: asUnit<never>(trigger),
    expireAt: asMicros(numbers.expireAt),
  }
}

function extraShown(numbers: ExtraNumbers, type: number, isGtd: boolean): OrderExtra {
  const bit = (place: number) => (numbers.flags >>> place) & 1
  return {
    triggerPrice: asUnit(type === TRAILING ? 0 : numbers.trigger),
    triggerBy: choice(TRIGGERS_BY, bit(EXTRA_BIT.triggerBy)),
    stopPrice: asUnit(numbers.stopPrice),
    takeProfitPrice: asUnit(numbers.takeProfit),
    displaySize: asUnit(numbers.displaySize),
    trail: numbers.trail,
    trailIn: choice(TRAILS_IN, bit(EXTRA_BIT.trailIn)),
    expireAt: asMicros(isGtd ? numbers.expireAt : 0),
    reduceOnly: bit(EXTRA_BIT.reduceOnly) === 1,
    slide: bit(EXTRA_BIT.slide) === 1,
    feeIn: choice(FEES_IN, bit(EXTRA_BIT.feeIn)),
    session: numbers.session >>> 0,
    key: numbers.key >>> 0,
  }
}

/** Slots of the queue, the first first. */
export function queuedSlots({ core }: Inner): number[] {
  const slots: number[] = []
  let slot = core.calls.queueHead()
  while (slot !== 0) {
    slots.push(slot)
    slot = readField(core, core.calls.orderAddress(slot), ORDER.next)
  }
  return slots
}

/** Slots whose triggers wait, in the order of firing as if all were due. */
export function armedSlots({ core, markets }: Pick<Engine, 'core' | 'markets'>): number[] {
  const slots: number[] = []
  for (const { market } of markets) {
    for (let list = core.calls.firstArmedList(market); list !== 0; ) {
      for (let slot = core.calls.armedListHead(); slot !== 0; ) {
        slots.push(slot)
        slot = readField(core, core.calls.extraAddress(slot), EXTRA_LINK.armedNext)
      }
      list = core.calls.nextArmedList()
    }
  }
  return slots
}

/** Rows of brackets, ascending by entry. */
export function bracketRows(engine: Inner): BracketNumbers[] {
  const { core } = engine
  const rows: BracketNumbers[] = []
  for (let row = 1; row < core.calls.bracketsUsed(); row += 1) {
    const numbers = readRow(engine, core.calls.bracketAddress(row), BRACKET)
    if (numbers.entryId !== 0) rows.push(numbers)
  }
  return rows.sort((a, b) => a.entryId - b.entryId)
}

/** Entries of the brackets that need attention, in their order. */
export function attentionIds({ core }: Inner): number[] {
  const ids: number[] = []
  let row = core.calls.attentionHead()
  while (row !== 0) {
    const at = core.calls.bracketAddress(row)
    ids.push(readField(core, at, BRACKET.entryId))
    row = readField(core, at, BRACKET_NEXT)
  }
  return ids
}

/** Dead-man timers of all accounts, ascending by account and key. */
export function timerRows(engine: Pick<Engine, 'core' | 'accounts'>): TimerNumbers[] {
  const { core, accounts } = engine
  const rows: TimerNumbers[] = []
  for (const { account } of accounts.rows) {
    let row = core.calls.firstTimer(account)
    const from = rows.length
    while (row !== 0) {
      rows.push(readRow(engine, core.calls.timerAddress(row), TIMER))
      row = readField(core, core.calls.timerAddress(row), TIMER_NEXT)
    }
    const sorted = rows.splice(from).sort((a, b) => (a.key >>> 0) - (b.key >>> 0))
    rows.push(...sorted)
  }
  return rows
}

function readRow<F extends string>(
  { core }: Inner,
  at: number,
  fields: Readonly<Record<F, RowField>>,
): Readonly<Record<F, number>> {
  const names = Object.keys(fields) as F[] // Object.keys forgets that the keys are names.
  const values = names.map((name) => [name, readField(core, at, fields[name])] as const)
  return Object.fromEntries(values) as Readonly<Record<F, number>> // As above.
}
