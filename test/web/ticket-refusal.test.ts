// Ticket refusals: whatever is refused and whatever kind it was, the ticket shows it somewhere.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import { KIND_FIELDS, KINDS, type KindField, kindOf } from '#platform/web/model/ticket-kinds.ts'
import { fieldErrorOf } from '#platform/web/model/ticket-refusal.ts'

const CODES = Object.keys(REFUSALS) as RefusalCode[] // Object.keys forgets the keys.
const FIELDS = Object.keys(KIND_FIELDS) as KindField[] // The same.

const refusal = (code: RefusalCode, details?: Record<string, string>) => ({
  ...{ code, message: REFUSALS[code].text },
  ...(details === undefined ? {} : { details }),
})
const fieldOf = (kind: string, code: RefusalCode) => fieldErrorOf(kindOf(kind), refusal(code)).field

test('every refusal of every kind stands at a field that the kind has, or above the button', () => {
  for (const kind of KINDS) {
    const seen = new Set<string>([...kind.fields, 'size', 'total', 'form'])
    for (const code of CODES) {
      const { field, text } = fieldErrorOf(kind, refusal(code))
      assert.ok(seen.has(field), `${kind.id} ${code}: ${field}`)
      assert.equal(text, REFUSALS[code].text)
    }
    for (const name of FIELDS.map((field) => KIND_FIELDS[field].api)) {
      const malformed = refusal('request.malformed', { where: name, why: 'It is wrong.' })
      const { field } = fieldErrorOf(kind, malformed)
      assert.ok(seen.has(field), `${kind.id} ${name}: ${field}`)
    }
  }
})

test('a refused price is shown at the trigger or distance of a kind without a price', () => {
  for (const code of ['order.price_off_tick', 'order.price_out_of_band'] as const) {
    assert.equal(fieldOf('limit', code), 'price')
    assert.equal(fieldOf('stop', code), 'trigger')
    assert.equal(fieldOf('take-profit', code), 'trigger')
    assert.equal(fieldOf('trailing-stop', code), 'trail')
    assert.equal(fieldOf('market', code), 'form')
  }
  assert.equal(fieldOf('bracket', 'order.would_trigger'), 'trigger')
  assert.equal(fieldOf('stop', 'funds.insufficient'), 'size')
  assert.equal(fieldOf('stop', 'market.halted'), 'form')
})

test('a malformed order says why, at the field that is wrong', () => {
  const why = 'The take-profit price of a bracket must be above its price.'
  const malformed = refusal('request.malformed', { where: 'takeProfitPrice', why })
  assert.deepEqual(fieldErrorOf(kindOf('bracket'), malformed), {
    ...{ field: 'takeProfit', code: 'request.malformed', text: why },
  })
  assert.equal(fieldErrorOf(kindOf('limit'), malformed).field, 'form')
  const inBody = refusal('request.malformed', { where: 'body/size', why: 'pattern' })
  assert.equal(fieldErrorOf(kindOf('limit'), inBody).field, 'size')
})
