// Order kinds: every example of the OpenAPI text is sent, and reaches the sequencer as a command.
//
// What the engine makes of it is the engine's; here it answers nothing that it would have to know.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ORDER_EXAMPLES } from '#platform/orders/examples.ts'
import { call, createCustomer, createExchange } from './exchange.ts'
import { createRecorder } from './recorder.ts'

type Media = {
  readonly example?: object
  readonly examples?: Readonly<Record<string, { readonly value: object }>>
}
type Operation = { readonly requestBody?: { readonly content: Readonly<Record<string, Media>> } }
type Api = { readonly paths: Record<string, Record<string, Operation>> }

const recorder = createRecorder()
const exchange = await createExchange({ wrap: recorder.wrap })
const ada = await createCustomer(exchange, 'ada')
const api: Api = JSON.parse((await call(exchange.app, 'GET', '/docs/json')).text)
const REFUSED = { code: 'market.halted' } as const

function examplesOf(path: string, method: string): readonly object[] {
  const { content } = api.paths[path]?.[method]?.requestBody ?? assert.fail(`${method} ${path}`)
  const { example, examples = {} } = content['application/json'] ?? {}
  const all = Object.values(examples).map(({ value }) => value)
  return example === undefined ? all : [example]
}

test('the OpenAPI text has an example of every kind of order, and each can be sent', async () => {
  const examples = examplesOf('/v1/orders', 'post')
  assert.equal(examples.length, Object.keys(ORDER_EXAMPLES).length)
  recorder.answer(() => REFUSED)
  for (const example of examples) {
    recorder.taken()
    const answer = await ada.post('/v1/orders', example)
    assert.deepEqual([answer.status, answer.body.code], [422, 'market.halted'], answer.text)
    const [command] = recorder.taken()
    assert.ok(command?.kind === 'place')
    assert.equal(command.type, (example as { type: string }).type)
  }
  const kinds = new Set(examples.map((example) => (example as { type: string }).type))
  assert.equal(kinds.size, 8)
  recorder.answer(null)
})

test('so can the examples of amends, batches, timers and what operators do', async () => {
  const [batch] = examplesOf('/v1/orders/batch', 'post')
  const answer = await ada.post('/v1/orders/batch', batch)
  assert.equal(answer.status, 200)
  for (const example of examplesOf('/v1/orders/{id}', 'patch')) {
    assert.equal((await ada.patch('/v1/orders/1', example)).status, 404)
  }
  for (const [path, methods] of Object.entries(api.paths)) {
    if (!path.startsWith('/v1/operator/markets')) continue
    for (const method of Object.keys(methods)) {
      if (method === 'put') assert.ok(examplesOf(path, method).length > 0, path)
    }
  }
})
