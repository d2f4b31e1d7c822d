// Live orders, open and packed, beside a list that keeps every row as it is.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  FEES_IN,
  ORDER_TYPES,
  SELF_TRADES,
  SIDES,
  TIMES_IN_FORCE,
  TRAILS_IN,
  TRIGGERS_BY,
} from '#engine/codec/choices.ts'
import { asUnit } from '#kernel/amount.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { createLiveOrders } from '#views/live/live-orders.ts'
import { createNameKeys, type NameKeys } from '#views/live/order-names.ts'
import { isFinished, type OrderRow } from '#views/order-row.ts'

const ACCOUNTS = 3
const PAGE_BITS = 12
const PAGE_ROWS = 2 ** PAGE_BITS
const amount = fc.maxSafeNat().map((value) => asUnit<never>(value))
const micros = fc.maxSafeNat().map(asMicros)

/** A row with every field at will; its number and what became of it are the test's. */
const anyRow: fc.Arbitrary<OrderRow> = fc.record({
  id: fc.constant(asId<never>(0)),
  account: fc.integer({ min: 1, max: ACCOUNTS }).map((id) => asId<AccountId>(id)),
  market: fc.nat({ max: 255 }).map((id) => asId<never>(id)),
  side: fc.constantFrom(...SIDES),
  type: fc.constantFrom(...ORDER_TYPES),
  timeInForce: fc.constantFrom(...TIMES_IN_FORCE),
  postOnly: fc.boolean(),
  selfTrade: fc.constantFrom(...SELF_TRADES),
  ...{ price: amount, size: amount, quoteAmount: amount, remaining: amount, traded: amount },
  ...{ quoteTraded: amount, triggerPrice: amount, stopPrice: amount, takeProfitPrice: amount },
  ...{ displaySize: amount, trail: fc.nat(), expireAt: micros, triggeredAt: micros },
  fee: fc.maxSafeInteger().map((value) => asUnit<never>(value)),
  triggerBy: fc.constantFrom(...TRIGGERS_BY),
  trailIn: fc.constantFrom(...TRAILS_IN),
  ...{ reduceOnly: fc.boolean(), slide: fc.boolean(), feeIn: fc.constantFrom(...FEES_IN) },
  clientOrderId: fc.oneof(
    fc.constantFrom('', 'a', 'b', 'x'.repeat(36)),
    fc.stringMatching(/^[A-Za-z0-9._:-]{1,36}$/),
  ),
  status: fc.constant('open' as const),
  reason: fc.constant(null),
  ...{ createdAt: micros, updatedAt: micros, eventNo: fc.constant(0) },
})

const end = fc.constantFrom(
  ...([
    { status: 'filled', reason: null },
    { status: 'cancelled', reason: 'order.cancelled_by_owner' },
    { status: 'cancelled', reason: 'order.self_trade' },
    { status: 'expired', reason: 'order.expired' },
  ] as const),
)

type Step =
  | { readonly kind: 'open'; readonly row: OrderRow }
  | { readonly kind: 'change'; readonly which: number; readonly row: OrderRow }
  | { readonly kind: 'end'; readonly which: number; readonly how: Partial<OrderRow> }
  | { readonly kind: 'forget'; readonly share: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('open' as const), row: anyRow }) },
  fc.record({ kind: fc.constant('change' as const), which: fc.nat(), row: anyRow }),
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(), how: end }),
  },
  fc.record({
    kind: fc.constant('forget' as const),
    share: fc.double({ min: 0, max: 1.2, noNaN: true }),
  }),
)

/** What events change of an order. */
function changeable(row: OrderRow) {
  const { price, size, triggerPrice, remaining, traded, quoteTraded, fee, triggeredAt } = row
  const { updatedAt } = row
  return { price, size, triggerPrice, remaining, traded, quoteTraded, fee, triggeredAt, updatedAt }
}

/** Every order as it is now, the newest last, and which of them an account's id means. */
function createModel() {
  let rows: OrderRow[] = []
  const named = new Map<string, number>()
  const nameOf = ({ account, clientOrderId }: OrderRow) => `${account} ${clientOrderId}`
  return {
    rows: () => rows,
    open: () => rows.filter((row) => !isFinished(row)),
    enter(row: OrderRow) {
      rows.push(row)
      if (row.clientOrderId !== '') named.set(nameOf(row), row.id)
    },
    change(row: OrderRow) {
      rows = rows.map((one) => (one.id === row.id ? row : one))
    },
    forgetUpTo(eventNo: number) {
      for (const row of rows.filter((one) => isFinished(one) && one.eventNo <= eventNo)) {
        rows = rows.filter((one) => one !== row)
        if (named.get(nameOf(row)) === row.id) named.delete(nameOf(row))
      }
    },
    byName: (row: OrderRow) => rows.find(({ id }) => id === named.get(nameOf(row))),
  }
}

const keyOf = (length: number) => (length === 0 ? 0 : (length % 2) + 1)
const shared: NameKeys = {
  ofText: (_, name) => keyOf(name.length),
  ofBytes: (_, _bytes, _from, length) => keyOf(length),
}

for (const [which, create] of [
  ['every name has a key', () => createLiveOrders(createNameKeys(), 3)],
  ['names share two', () => createLiveOrders(shared, 3)],
] as const) {
  test(`orders are found as they are, whatever happened before; ${which}`, () => {
    checkStories(create)
  })
}

function checkStories(create: typeof createLiveOrders): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const live = create()
      const model = createModel()
      const seen: OrderRow[] = []
      for (const [at, one] of steps.entries()) {
        const eventNo = at + 1
        const open = model.open()
        if (one.kind === 'open') {
          const row = { ...one.row, id: asId<never>(eventNo), eventNo }
          model.enter(row)
          live.put(row)
          seen.push(row)
        } else if (one.kind === 'forget') {
          const upTo = Math.floor(one.share * eventNo)
          model.forgetUpTo(upTo)
          live.forgetUpTo(upTo)
        } else {
          const before = open[one.which % Math.max(1, open.length)]
          if (before === undefined) continue
          const { id, account, clientOrderId } = before
          const named = { id, account, clientOrderId, eventNo }
          const row =
            one.kind === 'change'
              ? { ...before, ...changeable(one.row), ...named }
              : { ...before, ...one.how, eventNo }
          model.change(row)
          live.put(row)
        }
      }
      for (const row of seen) {
        assert.deepEqual(
          live.rows.order(row.id),
          model.rows().find(({ id }) => id === row.id),
        )
        if (row.clientOrderId !== '') {
          assert.deepEqual(
            live.rows.orderByClientId(row.account, row.clientOrderId),
            model.byName(row),
          )
        }
      }
      for (let account = 1; account <= ACCOUNTS; account += 1) {
        const own = model.rows().filter((row) => row.account === account)
        assert.deepEqual(live.ofAccount(asId(account)), own.toReversed())
      }
      assert.equal(live.openCount(), model.open().length)
      assert.equal(live.finishedCount(), model.rows().length - model.open().length)
    }),
    { numRuns: 150 },
  )
}

test('more finished orders than a page holds are kept, and left pages are used again', () => {
  const [row] = fc.sample(anyRow, { numRuns: 1, seed: 7 })
  assert.ok(row)
  const live = createLiveOrders(createNameKeys(), PAGE_BITS)
  // More than the tables have room for at first.
  const last = 9 * PAGE_ROWS + 5
  const account = asId<AccountId>(1)
  for (let id = 1; id <= last; id += 1) {
    const own = { ...row, account, id: asId<never>(id), clientOrderId: `c${id}`, eventNo: 2 * id }
    live.put(own)
    live.put({ ...own, status: 'filled', remaining: asUnit(0), eventNo: 2 * id + 1 })
    // Two pages and a bit stay.
    live.forgetUpTo(2 * (id - 2 * PAGE_ROWS - 3) + 1)
  }
  assert.equal(live.finishedCount(), 2 * PAGE_ROWS + 3)
  const first = last - live.finishedCount() + 1
  for (const id of [first, first + 1, first + PAGE_ROWS, last]) {
    assert.equal(live.rows.order(asId(id))?.clientOrderId, `c${id}`)
    assert.equal(live.rows.orderByClientId(account, `c${id}`)?.id, id)
  }
  for (const id of [1, first - 1, last + 1]) {
    assert.equal(live.rows.order(asId(id)), undefined)
    assert.equal(live.rows.orderByClientId(account, `c${id}`), undefined)
  }
  assert.equal(live.ofAccount(account).length, live.finishedCount())
  live.forgetUpTo(Number.POSITIVE_INFINITY)
  assert.equal(live.finishedCount(), 0)
})

test('names that share keys are found after their tables have moved', () => {
  const [sample] = fc.sample(anyRow, { numRuns: 1, seed: 7 })
  assert.ok(sample)
  const live = createLiveOrders(shared, 3)
  const account = asId<AccountId>(1)
  // Half of those that leave do so before the first tables are full, which is at 512.
  const last = 900
  const isLeft = (id: number) => id % 3 === 0
  for (let id = 1; id <= last; id += 1) {
    const own = { ...sample, account, id: asId<never>(id), clientOrderId: `c${id}`, eventNo: id }
    live.put(own)
    if (isLeft(id)) live.put({ ...own, status: 'filled', remaining: asUnit(0) })
    if (id === last / 2) live.forgetUpTo(id)
  }
  live.forgetUpTo(last)
  for (let id = 1; id <= last; id += 1) {
    const expected = isLeft(id) ? undefined : id
    assert.equal(live.rows.orderByClientId(account, `c${id}`)?.id, expected)
    assert.equal(live.rows.order(asId(id))?.id, expected)
  }
})

test('an order does not end twice', () => {
  const [row] = fc.sample(anyRow, { numRuns: 1, seed: 7 })
  assert.ok(row)
  const live = createLiveOrders()
  live.put(row)
  live.put({ ...row, status: 'filled' })
  assert.throws(() => live.put({ ...row, status: 'cancelled' }), /INV-06/)
})

test('a place that has orders of one name again leads to none before the last of them', () => {
  const [sample] = fc.sample(anyRow, { numRuns: 1, seed: 7 })
  assert.ok(sample)
  const live = createLiveOrders(createNameKeys(), 3)
  const account = asId<AccountId>(1)
  let eventNo = 0
  const enter = (clientOrderId: string): OrderRow => {
    eventNo += 1
    const row = { ...sample, account, clientOrderId, id: asId<never>(eventNo), eventNo }
    live.put(row)
    return row
  }
  const end = (row: OrderRow): void => {
    eventNo += 1
    live.put({ ...row, status: 'filled', remaining: asUnit(0), eventNo })
    live.forgetUpTo(eventNo)
  }
  end(enter('x'))
  const between = enter('other')
  enter('x')
  // Its place was that of the first, and is that of the next.
  end(between)
  enter('x')
  const last = enter('x')
  assert.equal(live.rows.orderByClientId(account, 'x')?.id, last.id)
  end(last)
  assert.equal(live.rows.orderByClientId(account, 'x'), undefined)
})
