// Restore, orders: extras, and where every order stands.
//
// Rows of books, queue and armed orders come in the order in which the orders stood, so that time
// priority is what it was. Brackets and ranges come after the orders they are about.

import type { RowField } from '../rows.ts'
import { BRACKET, EXTRA_ROW, FLAGS, ORDER, REFERENCE, readField, writeField } from '../rows.ts'
import type { Engine } from '../state.ts'
import type { ExtraRow, SectionName, Sections } from './rows.ts'

type Restorers<S extends SectionName> = {
  readonly [N in S]: (engine: Engine, row: Sections[N]) => void
}

type OfOrders =
  | 'extras'
  | 'resting'
  | 'queue'
  | 'armed'
  | 'ranges'
  | 'brackets'
  | 'attention'
  | 'deadMans'

export const ORDER_RESTORERS: Restorers<OfOrders> = {
  extras: restoreExtra,
  resting: ({ core }, { orderId }) => core.calls.restById(orderId),
  queue: ({ core }, { orderId }) => core.calls.parkById(orderId),
  armed: ({ core }, { orderId }) => core.calls.armById(orderId),
  ranges: ({ core }, { market, by, low, high }) => {
    const at = core.calls.referenceAddress(market, by)
    writeField(core, at, REFERENCE.low, low)
    writeField(core, at, REFERENCE.high, high)
  },
  brackets: (engine, row) => {
    const { calls } = engine.core
    const number = calls.addBracket()
    writeRow(engine, calls.bracketAddress(number), BRACKET, row)
    calls.adoptBracket(number)
  },
  attention: ({ core }, { orderId }) => core.calls.attend(orderId),
  deadMans: ({ core }, { account, key, dueAt }) => core.calls.restoreTimer(account, key, dueAt),
}

function restoreExtra(engine: Engine, { orderId, triggered, ...numbers }: ExtraRow): void {
  const { core } = engine
  const slot = core.calls.slotById(orderId)
  writeRow(engine, core.calls.addExtra(slot), EXTRA_ROW, numbers)
  const order = core.calls.orderAddress(slot)
  const bits =
    (1 << FLAGS.hasExtra) |
    (numbers.displaySize === 0 ? 0 : 1 << FLAGS.iceberg) |
    (triggered ? 1 << FLAGS.triggered : 0)
  const flags = readField(core, order, ORDER.flags) | bits
  const type = (flags >>> FLAGS.type) & 7
  const stays = !triggered || hasLimit(type, numbers.stopPrice)
  writeField(core, order, ORDER.flags, stays ? flags : flags & ~(1 << FLAGS.stays))
  core.calls.adoptExtra(slot)
}

const STOP_LIMIT = 3
const TAKE_PROFIT_LIMIT = 5
const OCO = 7

// A triggered order without a limit ends like an immediate one.
function hasLimit(type: number, stopPrice: number): boolean {
  if (type === OCO) return stopPrice !== 0
  return type === STOP_LIMIT || type === TAKE_PROFIT_LIMIT
}

function writeRow<F extends string>(
  { core }: Engine,
  at: number,
  fields: Readonly<Record<F, RowField>>,
  values: Readonly<Record<NoInfer<F>, number>>,
): void {
  // Object.keys forgets that the keys are names.
  for (const name of Object.keys(fields) as F[]) writeField(core, at, fields[name], values[name])
}
