// Collect, orders: what a snapshot has of orders that wait, hide or come in pairs.
//
// And where every order stands: in its book, in the queue, among the armed, each in its order. What
// is collected here is exactly what restore-orders.ts puts back.

import { asId, type OrderId } from '#kernel/ids.ts'
import { openSlots } from '../image-of.ts'
import * as orderState from '../order-state.ts'
import { FLAGS, REFERENCE, readField } from '../rows.ts'
import type { Engine } from '../state.ts'
import type { OrderIdRow, SectionName, Sections } from './rows.ts'

type Collectors<S extends SectionName> = {
  readonly [N in S]: (engine: Engine) => Iterable<Sections[N]>
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

export const ORDER_COLLECTORS: Collectors<OfOrders> = {
  extras: function* (engine) {
    for (const slot of openSlots(engine)) {
      const numbers = orderState.extraNumbers(engine, slot)
      if (numbers === null) continue
      const { order } = orderState.orderReader(engine, slot)
      const triggered = orderState.isSet(order('flags'), FLAGS.triggered)
      const shown = order('level') === 0 ? 0 : numbers.shown
      yield { ...numbers, shown, orderId: asId(order('id')), triggered }
    }
  },
  resting,
  queue: (engine) => idsOf(engine, orderState.queuedSlots(engine)),
  armed: (engine) => idsOf(engine, orderState.armedSlots(engine)),
  ranges: function* ({ core, markets }) {
    for (const { market } of markets) {
      if (!core.calls.isWatched(market)) continue
      for (const by of [0, 1]) {
        const at = core.calls.referenceAddress(market, by)
        const low = readField(core, at, REFERENCE.low)
        const high = readField(core, at, REFERENCE.high)
        if (low !== high) yield { market, by, low, high }
      }
    }
  },
  brackets: orderState.bracketRows,
  attention: (engine) => orderState.attentionIds(engine).map((id) => ({ orderId: asId(id) })),
  deadMans: orderState.timerRows,
}

/** Orders in books, by market and in the order in which they came to rest. */
function* resting(engine: Engine): Iterable<OrderIdRow> {
  const rows = openSlots(engine).map((slot) => {
    const { order, terms } = orderState.orderReader(engine, slot)
    const market = order('flags') & FLAGS.marketMask
    return { id: order('id'), level: order('level'), market, priority: terms('priority') }
  })
  const inBooks = rows.filter(({ level }) => level !== 0)
  inBooks.sort((a, b) => a.market - b.market || a.priority - b.priority)
  for (const { id } of inBooks) yield { orderId: asId(id) }
}

function* idsOf(engine: Engine, slots: readonly number[]): Iterable<OrderIdRow> {
  for (const slot of slots) {
    yield { orderId: asId<OrderId>(orderState.orderReader(engine, slot).order('id')) }
  }
}
