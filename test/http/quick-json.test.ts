// Quick JSON: what it answers is what the slow way lets through, and plain messages it answers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { readJson, readJsonBody } from '#platform/http/json-body.ts'
import { closed } from '#platform/http/port.ts'
import { quickReader } from '#platform/http/quick-json.ts'
import { clientMessage, quickOrders } from '#platform/http/stream-messages.ts'
import { ORDER_EXAMPLES } from '#platform/orders/examples.ts'
import { BatchBody, isCheckedBatch } from '#platform/orders/port.ts'
import { GROUP_MAX } from '#sequencer/port.ts'

const isBatch = Compile(BatchBody)

/** A message or batch as the slow way has it; undefined when that refuses it. */
function slowly(bytes: Buffer): unknown {
  const read = readJson(bytes)
  if (!read.ok) return undefined
  return clientMessage(read.value) ?? (isBatch.Check(read.value) ? read.value : undefined)
}

function quickly(bytes: Buffer): unknown {
  const body = readJsonBody(bytes)
  return body.ok && isCheckedBatch(body.value) ? body.value : quickOrders(bytes)
}

/** Whether it was read quickly; the fields of an order keep their order. */
function isAsSlow(bytes: Buffer): boolean {
  const quick = quickly(bytes)
  if (quick !== undefined) assert.equal(textOf(quick), textOf(slowly(bytes)), bytes.toString())
  return quick !== undefined
}

/** The order of a batch's own two fields says nothing. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('orders' in value)) return ''
  const { orders, ...rest } = value
  return JSON.stringify([Object.entries(rest).sort(), orders])
}

const decimal = fc.constantFrom('0.00100', '45000.5', '1', '0', '1.', '-1', 'x', '9'.repeat(40))
const instant = fc.constantFrom(0, 1, 1_760_000_000_000_000, Number.MAX_SAFE_INTEGER)
const FIELDS: Record<string, fc.Arbitrary<unknown>> = {
  clientOrderId: fc.constantFrom('a', 'A.b_c:d-9', 'x'.repeat(36)),
  ...{ sentAt: instant, account: instant, expireAt: instant, trailBps: instant, id: instant },
  market: fc.constantFrom('BTC-USDC', '', 'btc~[ ]/', 'M'.repeat(64)),
  side: fc.constantFrom('buy', 'sell'),
  type: fc.constantFrom('limit', 'market', 'stop', 'stop-limit', 'oco', 'trailing-stop'),
  timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK', 'GTD', 'DAY'),
  selfTrade: fc.constantFrom('cancel-taker', 'cancel-maker', 'decrement'),
  triggerBy: fc.constantFrom('last', 'mark'),
  feeIn: fc.constantFrom('quote', 'received'),
  ...{ size: decimal, quoteAmount: decimal, price: decimal, triggerPrice: decimal },
  ...{ stopPrice: decimal, takeProfitPrice: decimal, displaySize: decimal, trail: decimal },
  ...{ postOnly: fc.boolean(), slide: fc.boolean(), reduceOnly: fc.boolean(), stays: fc.boolean() },
}
const NAMED = ['id', 'clientOrderId', 'account']
const NAMES = {
  place: Object.keys(FIELDS).filter((name) => name !== 'id'),
  cancel: NAMED,
  amend: [...NAMED, 'price', 'size', 'triggerPrice'],
}

type Kind = keyof typeof NAMES
const kinds = fc.constantFrom<Kind>('place', 'cancel', 'amend')

/** Some of the fields that a command may have, in any order; a place has what it must have. */
function commandOf(kind: Kind): fc.Arbitrary<object> {
  return fc.subarray(NAMES[kind], { minLength: 1 }).chain((some) => {
    const names = [...new Set(kind === 'place' ? [...some, 'market', 'side', 'type'] : some)]
    return fc
      .shuffledSubarray(names, { minLength: names.length })
      .chain((order) =>
        fc.record(Object.fromEntries(order.map((name) => [name, FIELDS[name] ?? decimal]))),
      )
  }) as fc.Arbitrary<object> // Each name has its field.
}

const commands = (kind: Kind) => fc.array(commandOf(kind), { minLength: 1, maxLength: 3 })
const answers = fc.constantFrom({}, { answers: 'ack' }, { answers: 'full' })
const messages = kinds.chain((kind) =>
  fc.tuple(answers, commands(kind)).map(([more, orders]) => {
    return { id: '1', op: `order.${kind}`, ...more, orders }
  }),
)
const batches = fc
  .tuple(
    answers,
    fc.array(
      kinds.chain((kind) => commandOf(kind).map((command) => ({ [kind]: command }))),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([more, orders]) => ({ orders, ...more }))
const indents = fc.constantFrom('', '', ' ', '\t', '\n')
const texts = fc
  .tuple(fc.oneof(messages, batches), indents)
  .map(([message, indent]) => JSON.stringify(message, null, indent))

test('plain messages are read, whatever their fields, their order and the space between', () => {
  fc.assert(fc.property(texts, (text) => assert.ok(isAsSlow(Buffer.from(text)), text)))
})

/** What breaks a JSON text or makes another one of it. */
const PIECES = ['"', '\\', '{', '}', '[', ']', ':', ',', '0', '1', '-', '.', 'e', ' ', 'é', '\0']
const WORDS = ['"id":1,', '"price":"1",', '"a":1,', '\\u0061', 'null', 'true', '\v', '\ufeff', '{}']
const edits = fc.record({
  place: fc.nat(),
  cut: fc.constantFrom(0, 0, 1, 1, 2, 8, 30),
  piece: fc.constantFrom('', ...PIECES, ...WORDS),
})

test('whatever a text is made into, it is declined or read as the slow way reads it', () => {
  const several = fc.array(edits, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(texts, several, (text, all) => {
      let edited = text
      for (const { place, cut, piece } of all) {
        const at = place % (edited.length + 1)
        edited = edited.slice(0, at) + piece + edited.slice(at + cut)
      }
      isAsSlow(Buffer.from(edited))
    }),
    { numRuns: 5_000 },
  )
})

test('bounds are those of the schema', () => {
  const order = { market: 'BTC-USDC', side: 'buy', type: 'limit' }
  const isRead = (more: object, count = 1) => {
    const orders = Array.from({ length: count }, () => ({ ...order, ...more }))
    return isAsSlow(Buffer.from(JSON.stringify({ id: '1', op: 'order.place', orders })))
  }
  for (const [name, length] of [
    ['clientOrderId', 36],
    ['price', 40],
    ['market', 64],
  ] as const) {
    assert.ok(isRead({ [name]: '1'.repeat(length) }), name)
    assert.ok(!isRead({ [name]: '1'.repeat(length + 1) }), name)
  }
  assert.ok(!isRead({ clientOrderId: '' }) && !isRead({ price: '' }))
  assert.ok(isRead({ sentAt: Number.MAX_SAFE_INTEGER }) && !isRead({ sentAt: 2 ** 53 }))
  assert.ok(isRead({}, GROUP_MAX) && !isRead({}, GROUP_MAX + 1) && !isRead({}, 0))
})

test('every example of an order is read quickly', () => {
  for (const example of Object.values(ORDER_EXAMPLES)) {
    const message = { id: '1', op: 'order.place', orders: [example] }
    assert.ok(isAsSlow(Buffer.from(JSON.stringify(message))))
  }
})

test('a schema with a rule that would go unheeded has no quick reader', () => {
  const text = { maxLength: 9 }
  for (const schema of [
    Type.Object({ a: Type.Boolean() }),
    closed({ a: Type.String() }),
    closed({ a: Type.String({ ...text, format: 'uuid' }) }),
    closed({ a: Type.String({ ...text, pattern: '^a|b$' }) }),
    closed({ a: Type.Integer({ minimum: 0 }) }),
    closed({ a: Type.Integer({ minimum: 0, maximum: 2 ** 53 }) }),
    closed({ a: Type.Array(Type.Boolean()) }),
    closed({ a: Type.Number() }),
    closed({ a: Type.Union([Type.Boolean(), Type.String(text)]) }),
    closed({ a: Type.Literal('"') }),
  ]) {
    assert.throws(() => quickReader([schema]), JSON.stringify(schema))
  }
})
