// Ticket kinds: every kind that the page offers, and the words on its button.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindText, triggerText } from '#platform/web/model/order-words.ts'
import { KIND_FIELDS, KINDS, kindOf } from '#platform/web/model/ticket-kinds.ts'

const words = (id: string) => kindOf(id).words((field) => field.toUpperCase())

test('the ticket offers nine kinds, each with a name and words of its own', () => {
  assert.deepEqual(
    KINDS.map(({ name }) => name),
    [
      ...['Limit', 'Market', 'Stop', 'Stop-limit', 'Take-profit', 'Trailing stop'],
      ...['Iceberg', 'OCO', 'Bracket'],
    ],
  )
  const said = new Set(KINDS.map(({ id }) => words(id)))
  assert.equal(said.size, KINDS.length)
  assert.equal(words('oco'), 'at PRICE or stop at TRIGGER')
  assert.equal(kindOf('no such kind').id, 'limit')
})

test('every field has a name, a scale and its place in the API', () => {
  for (const { fields, optional = [] } of KINDS) {
    for (const field of fields) assert.ok(KIND_FIELDS[field].api.length > 0)
    assert.ok(optional.every((field) => fields.includes(field)))
  }
})

test('an order says what it is and what it waits for', () => {
  const order = (fields: object) => ({ type: 'limit', ...fields }) as Parameters<typeof kindText>[0]
  assert.equal(kindText(order({})), 'limit')
  assert.equal(kindText(order({ displaySize: '0.1' })), 'iceberg')
  assert.equal(kindText(order({ takeProfitPrice: '1' })), 'bracket limit')
  assert.equal(kindText(order({ type: 'oco', entryOrderId: 5 })), 'bracket exit')
  assert.equal(kindText(order({ type: 'trailing-stop' })), 'trailing stop')
  assert.equal(triggerText(order({})), '')
  assert.equal(
    triggerText(order({ triggerPrice: '44000.0', triggerBy: 'mark' })),
    '44,000.0 (mark)',
  )
  assert.equal(triggerText(order({ triggerPrice: '44000.0', triggeredAt: 5 })), '44,000.0 ✓')
  assert.equal(triggerText(order({ trail: '250.0' })), '± 250.0')
  assert.equal(triggerText(order({ trailBps: 150 })), '± 1.5 %')
  const now = { currentTrigger: '44750.0', trail: '250.0', triggerBy: 'mark' }
  assert.equal(triggerText(order(now)), '44,750.0 ± 250.0 (mark)')
})
