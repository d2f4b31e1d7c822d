// Client: what a retry repeats, and what counts as an answer.
//
// INV-18 begins here: an outcome nobody knows stays unknown until the same id was asked again.

import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { createClient } from '#client/client.ts'
import type { HttpRequest, HttpResponse, Send } from '#client/send.ts'
import { sendByFetch } from '#client/send.ts'
import { createNodeSend } from '#client/send-node.ts'
import { keyAuthorization } from '#client/sign.ts'

const LIMIT = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '1.0', size: '1' } as const
const PLACED = { status: 201, text: '{"order":{"id":1},"fills":[]}', retryAfter: null }

/** Answers in turn; undefined is a connection that was cut. */
function scripted(answers: (HttpResponse | undefined)[]) {
  const requests: HttpRequest[] = []
  const send: Send = async (request) => {
    requests.push(request)
    const answer = answers.shift()
    if (answer === undefined) throw new Error('cut')
    return answer
  }
  return { requests, send }
}

test('a retry repeats clientOrderId and sentAt, and signs anew', async () => {
  const { requests, send } = scripted([undefined, { ...PLACED, status: 504, text: '{}' }, PLACED])
  const authorization = keyAuthorization({ id: 'k', secret: 's' })
  const client = createClient({ baseUrl: 'http://x', send, authorization })
  const outcome = await client.place(LIMIT)
  assert.equal(outcome.kind, 'done')
  const [first, second, third] = requests
  assert.ok(first !== undefined && second !== undefined && third !== undefined)
  assert.equal(first.body, second.body)
  assert.equal(first.body, third.body)
  const body: Record<string, unknown> = JSON.parse(first.body)
  assert.match(String(body['clientOrderId']), /^[A-Za-z0-9._:-]{1,36}$/)
  assert.ok(Number.isSafeInteger(body['sentAt']))
  const nonces = requests.map(({ headers }) => headers['x-crossbook-nonce'])
  assert.equal(new Set(nonces).size, 3)
})

test('what the caller gives is never replaced', async () => {
  const { requests, send } = scripted([PLACED])
  const client = createClient({ baseUrl: '', send })
  await client.place({ ...LIMIT, clientOrderId: 'mine', sentAt: 5 })
  assert.match(requests[0]?.body ?? '', /"clientOrderId":"mine","sentAt":5|"sentAt":5/)
})

test('a refusal is an answer and is not asked again', async () => {
  const text = '{"code":"funds.insufficient","message":"m","details":{"asset":"USDC"}}'
  const { requests, send } = scripted([{ status: 422, text, retryAfter: null }])
  const outcome = await createClient({ baseUrl: '', send }).place(LIMIT)
  assert.deepEqual(outcome, {
    ...{ kind: 'refused', status: 422, code: 'funds.insufficient', message: 'm' },
    details: { asset: 'USDC' },
  })
  assert.equal(requests.length, 1)
})

test('after the last retry the outcome is unknown, never failed', async () => {
  const { requests, send } = scripted([])
  const outcome = await createClient({ baseUrl: '', send, retries: 3 }).place(LIMIT)
  assert.deepEqual(outcome, { kind: 'unknown', why: 'cut' })
  assert.equal(requests.length, 4)
})

test('answers that are no answers of ours are unknown', async () => {
  const texts = ['<html>', '', '{"code":1}', '{"code":"internal","message":"m"}']
  for (const text of texts) {
    const { send } = scripted([{ status: 500, text, retryAfter: null }])
    const outcome = await createClient({ baseUrl: '', send, retries: 0 }).cancelAll()
    assert.equal(outcome.kind, 'unknown', text)
  }
})

test('a limited request says when to come back', async () => {
  const text = '{"code":"rate.limited","message":"m"}'
  const { send } = scripted([{ status: 429, text, retryAfter: '3' }])
  const outcome = await createClient({ baseUrl: '', send }).balances()
  assert.ok(outcome.kind === 'refused' && outcome.retryAfterMs === 3_000)
})

test('parameters are encoded, and left out when not given', async () => {
  const { requests, send } = scripted([PLACED, PLACED])
  const client = createClient({ baseUrl: 'http://x', send })
  await client.orders({ market: 'A&B', limit: 5 })
  await client.orderByClientId('a:b')
  assert.equal(requests[0]?.url, 'http://x/v1/orders?market=A%26B&limit=5')
  assert.equal(requests[1]?.url, 'http://x/v1/orders/by-client-id/a%3Ab')
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('both senders send the body, read the answer and give up in time', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/silent') return
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.writeHead(201, { 'retry-after': '2' }).end(`${body}é`))
  })
  const node = createNodeSend()
  after(node.close)
  for (const send of [sendByFetch(), node.send]) {
    const request = { method: 'POST', headers: {}, body: 'aé', timeoutMs: 1_000 } as const
    const answer = await send({ ...request, url: `${url}/` })
    assert.deepEqual(answer, { status: 201, text: 'aéé', retryAfter: '2' })
    await assert.rejects(send({ ...request, url: `${url}/silent`, timeoutMs: 50 }))
    const cut = send({ ...request, url: 'http://127.0.0.1:1/' })
    await assert.rejects(cut)
  }
})
