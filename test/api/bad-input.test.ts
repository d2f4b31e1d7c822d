// Bad input: every refusal has a code, leaks nothing and changes nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Body, call, createCustomer, createExchange, signedCall } from './exchange.ts'

const exchange = await createExchange()
const { app } = exchange
const ada = await createCustomer(exchange, 'ada')

const LIMIT = { market: 'BTC-USDC', side: 'buy', type: 'limit', price: '100.0', size: '0.1' }
const bearer = { authorization: `Bearer ${ada.token}` }
const json = { ...bearer, 'content-type': 'application/json' }

async function refuses(body: object, status: number, code: string): Promise<Body> {
  const before = exchange.views.accountSeq(ada.account as never)
  const answer = await ada.post('/v1/orders', body)
  assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body))
  assert.equal(exchange.views.accountSeq(ada.account as never), before, 'it changed nothing')
  return answer.body
}

test('malformed numbers are 400 request.malformed', async () => {
  const texts = ['', ' 1', '1 ', '1\n', '+1', '-1', '.5', '1.', '01', '1e3', '1_0', '0x10', 'NaN']
  const more = ['Infinity', '١', '1,5', '1.5.5', '9'.repeat(41), '1e400', '9'.repeat(20)]
  for (const price of [...texts, ...more])
    await refuses({ ...LIMIT, price }, 400, 'request.malformed')
  for (const size of texts) await refuses({ ...LIMIT, size }, 400, 'request.malformed')
  for (const value of [1, true, null, ['1'], {}, 1.5]) {
    await refuses({ ...LIMIT, price: value }, 400, 'request.malformed')
    await refuses({ ...LIMIT, size: value }, 400, 'request.malformed')
  }
})

test('rules of the market are 422 with their own code', async () => {
  await refuses({ ...LIMIT, price: '100.00' }, 422, 'order.price_off_tick')
  await refuses({ ...LIMIT, price: '100.05' }, 422, 'order.price_off_tick')
  await refuses({ ...LIMIT, size: '0.000001' }, 422, 'order.size_off_lot')
  await refuses({ ...LIMIT, size: '0.0000000001' }, 422, 'order.size_off_lot')
  await refuses({ ...LIMIT, price: '0.0' }, 422, 'order.price_out_of_band')
  await refuses({ ...LIMIT, price: '999999999999' }, 422, 'order.price_out_of_band')
  await refuses({ ...LIMIT, price: '9999999999999999.9' }, 422, 'order.price_out_of_band')
  await refuses({ ...LIMIT, size: '10000001' }, 422, 'order.too_large')
  await refuses({ ...LIMIT, size: '0.00001' }, 422, 'order.notional_too_small')
  await refuses({ ...LIMIT, size: '2000' }, 422, 'funds.insufficient')
  await refuses({ ...LIMIT, market: 'DOGE-USDC' }, 422, 'market.unknown')
  await refuses({ ...LIMIT, market: '' }, 422, 'market.unknown')
  await refuses({ ...LIMIT, timeInForce: 'FOK' }, 422, 'order.fok_unfillable')
  await refuses({ ...LIMIT, account: 1 }, 404, 'not_found')
  await refuses({ ...LIMIT, account: 999_999 }, 404, 'not_found')
})

test('fields that do not fit together are 400', async () => {
  const { price: _price, ...noPrice } = LIMIT
  const { size: _size, ...noSize } = LIMIT
  const market = { ...noPrice, type: 'market' }
  const wrong = [
    ...[{}, noPrice, noSize, market.type === 'market' && { ...market, price: '1.0' }],
    ...[
      { ...LIMIT, quoteAmount: '5' },
      { ...market, quoteAmount: '5' },
    ],
    ...[
      { ...noSize, type: 'market', price: undefined },
      { ...market, timeInForce: 'GTC' },
    ],
    ...[
      { ...market, postOnly: true },
      { ...LIMIT, postOnly: true, timeInForce: 'IOC' },
    ],
    ...[
      { ...LIMIT, side: 'BUY' },
      { ...LIMIT, type: 'stop' },
      { ...LIMIT, timeInForce: 'gtc' },
    ],
    ...[
      { ...LIMIT, role: 'admin' },
      { ...LIMIT, selfTrade: 'none' },
      { ...LIMIT, postOnly: 1 },
    ],
    ...[
      { ...LIMIT, clientOrderId: '' },
      { ...LIMIT, clientOrderId: 'a b' },
    ],
    ...[
      { ...LIMIT, clientOrderId: 'x'.repeat(37) },
      { ...LIMIT, clientOrderId: 'é' },
    ],
    ...[
      { ...LIMIT, sentAt: '5' },
      { ...LIMIT, sentAt: 1.5 },
      { ...LIMIT, sentAt: -1 },
    ],
    ...[{ ...LIMIT, sentAt: 2 ** 53 }, { ...LIMIT, account: '16' }, []],
  ]
  for (const body of wrong) await refuses(body as object, 400, 'request.malformed')
  const { details } = await refuses(noSize, 400, 'request.malformed')
  assert.equal(details['why'], 'limit: needs size')
})

test('sentAt ahead of us is 400, older than the window 409', async () => {
  const id = { clientOrderId: 'when' }
  const ahead = exchange.clock() + 5_000_000
  await refuses({ ...LIMIT, ...id, sentAt: ahead }, 400, 'idempotency.in_future')
  await refuses({ ...LIMIT, ...id, sentAt: 1_000 }, 409, 'idempotency.too_old')
})

test('post-only that would take and orders past the limit are 422', async () => {
  const bob = await createCustomer(exchange, 'bob')
  await bob.post('/v1/orders', { ...LIMIT, side: 'sell', price: '150.0' })
  await refuses({ ...LIMIT, price: '150.0', postOnly: true }, 422, 'order.post_only_would_take')
  await bob.delete('/v1/orders')
})

test('bodies that are not plain JSON of one object are 400', async () => {
  const texts = [
    ...['', ' ', 'null', '[]', '"text"', '1', '{', '{"market"}', "{'a':1}", '{"a":1,}'],
    ...['{"price":"1","price":"2"}', '{"__proto__":{}}', '{"pri\\u0063e":"1"}', '{"a":NaN}'],
    ...['{"price":1e400}', `{"a":${'['.repeat(20)}${']'.repeat(20)}}`, '\ufeff{}'],
    `${JSON.stringify(LIMIT)}x`,
    JSON.stringify(LIMIT).replace('"price"', '"market":"BTC-USDC","price"'),
  ]
  for (const payload of texts) {
    const answer = await call(app, 'POST', '/v1/orders', { headers: json, payload })
    assert.deepEqual([answer.status, answer.body.code], [400, 'request.malformed'], payload)
    assert.ok(!answer.text.includes('Error') && !answer.text.includes('node:'))
  }
  const latin = Buffer.from(JSON.stringify({ ...LIMIT, clientOrderId: 'é' }), 'latin1')
  const answer = await call(app, 'POST', '/v1/orders', { headers: json, payload: latin })
  assert.equal(answer.status, 400)
})

test('a content type without a body is no body', async () => {
  const headers = json
  assert.equal((await call(app, 'DELETE', '/v1/orders', { headers })).status, 200)
  assert.equal((await call(app, 'POST', '/v1/orders', { headers })).status, 400)
  assert.equal((await call(app, 'POST', '/v1/auth/refresh')).status, 401)
  assert.equal((await call(app, 'POST', '/v1/auth/logout', { headers: {} })).status, 204)
  const plain = { 'content-type': 'application/json' }
  assert.equal((await call(app, 'POST', '/v1/auth/logout', { headers: plain })).status, 204)
})

test('other content types are 415, whatever they pretend to be', async () => {
  const types = [
    ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/json'],
    ...['application/jsonx', 'application/json2; a', 'application', 'application/xml', '*/*'],
    ...['application/problem+json', ' text/html', 'json'],
  ]
  for (const type of types) {
    const headers = { ...bearer, 'content-type': type }
    const payload = JSON.stringify(LIMIT)
    const answer = await call(app, 'POST', '/v1/orders', { headers, payload })
    assert.equal(answer.status, 415, `${type}: ${answer.text}`)
    assert.equal(answer.body.code, 'request.unsupported_type')
  }
  for (const type of [
    'application/json\t',
    ' application/json',
    'application/json;charset=utf-8',
  ]) {
    const headers = { ...bearer, 'content-type': type }
    const answer = await call(app, 'POST', '/v1/orders', { headers, payload: '{"side":1}' })
    assert.ok([400, 415].includes(answer.status), `${type} ${answer.status}`)
  }
})

test('bodies over the limit are 413, for orders from 16 KiB on', async () => {
  const big = (bytes: number) => JSON.stringify({ ...LIMIT, price: '1'.repeat(bytes) })
  const order = await call(app, 'POST', '/v1/orders', { headers: json, payload: big(16_384) })
  assert.deepEqual([order.status, order.body.code], [413, 'request.too_large'])
  const transfer = { headers: json, payload: big(65_536) }
  assert.equal((await call(app, 'POST', '/v1/transfers', transfer)).status, 413)
  assert.equal(
    (await call(app, 'POST', '/v1/transfers', { ...transfer, payload: big(20_000) })).status,
    400,
  )
})

test('unknown, repeated and malformed parameters are 400, limits are never clamped', async () => {
  const queries = [
    'limit=0',
    'limit=1001',
    'limit=-1',
    'limit=1.0',
    'limit=',
    'limit',
    'limit=%31x',
  ]
  const more = ['x=1', 'limit=1&limit=1', 'limit=%zz', 'after=-1', '__proto__=1', 'limit=010', '&']
  for (const query of [...queries, ...more]) {
    const answer = await ada.get(`/v1/orders?${query}`)
    assert.deepEqual([answer.status, answer.body.code], [400, 'request.malformed'], query)
  }
  for (const query of ['depth=0', 'depth=1001', 'depth=1&depth=2', 'deep=1']) {
    assert.equal((await ada.get(`/v1/markets/BTC-USDC/book?${query}`)).status, 400, query)
  }
  assert.equal((await ada.get('/v1/markets/BTC-USDC/candles?interval=2m')).status, 400)
  assert.equal((await ada.get('/v1/markets/BTC-USDC/candles')).status, 400)
  assert.equal((await ada.get('/v1/markets/BTC-USDC/candles?interval=1m')).status, 200)
  assert.equal((await ada.get('/v1/markets/BTC-USDC/book?depth=%31')).status, 200)
})

test('unknown paths are 404, a known path under another method is 405 with Allow', async () => {
  for (const url of ['/v1/nothing', '/v1/markets/NO-SUCH', '/v1/markets/NO-SUCH/book', '/v1/']) {
    const answer = await ada.get(url)
    assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], url)
  }
  const answer = await call(app, 'PUT', '/v1/orders/5', { headers: json, payload: '{}' })
  assert.equal(answer.status, 405)
  assert.equal(answer.headers['allow'], 'DELETE, GET, PATCH')
  assert.equal((await ada.post('/v1/bots/maker/pause', { x: 1 })).status, 400)
})

test('who does not say who he is gets 401, and no hint', async () => {
  const tries: [Record<string, string>, string][] = [
    [{}, 'auth.required'],
    [{ authorization: ada.token }, 'auth.invalid'],
    [{ authorization: 'Bearer ' }, 'auth.invalid'],
    [{ authorization: `Bearer ${ada.token}x` }, 'auth.invalid'],
    [{ authorization: `bearer ${ada.token}` }, 'auth.invalid'],
    [{ authorization: `Bearer ${ada.token}`, 'x-crossbook-key': ada.key.id }, 'auth.invalid'],
    [{ 'x-crossbook-key': ada.key.id }, 'auth.invalid'],
    [{ 'x-crossbook-key': 'nobody', 'x-crossbook-timestamp': '1' }, 'auth.invalid'],
  ]
  for (const [headers, code] of tries) {
    const answer = await call(app, 'GET', '/v1/balances', { headers })
    assert.deepEqual([answer.status, answer.body.code], [401, code], JSON.stringify(headers))
    assert.equal(answer.headers['www-authenticate'], 'Bearer')
  }
})

test('a signature holds for its method, path, query, body and once', async () => {
  const order = { method: 'POST', url: '/v1/orders', body: LIMIT } as const
  assert.equal((await signedCall(app, ada.key, order)).status, 201)
  const wrong = { ...ada.key, secret: `${ada.key.secret}x` }
  assert.equal((await signedCall(app, wrong, order)).body.code, 'auth.invalid')
  const { keyAuthorization } = await import('#client/sign.ts')
  const body = JSON.stringify(LIMIT)
  const parts = { method: 'POST', path: '/v1/orders', query: '', body }
  const sign = (change: object = {}) => ({
    ...keyAuthorization(ada.key).headers({ ...parts, ...change }),
    'content-type': 'application/json',
  })
  const send = (headers: Record<string, string>) =>
    call(app, 'POST', '/v1/orders', { headers, payload: body })
  for (const change of [{ method: 'GET' }, { path: '/v1/order' }, { query: 'a' }, { body: '{}' }]) {
    assert.equal((await send(sign(change))).body.code, 'auth.invalid')
  }
  const headers = sign()
  assert.equal((await send(headers)).status, 201)
  assert.equal((await send(headers)).body.code, 'auth.replayed')
  const old = keyAuthorization(ada.key, { nowMs: () => Date.now() - 60_000 }).headers(parts)
  const expired = await send({ ...old, 'content-type': 'application/json' })
  assert.equal(expired.body.code, 'auth.expired')
  await ada.delete('/v1/orders')
})

test('scopes and capabilities are checked route by route', async () => {
  const made = await ada.post('/v1/auth/keys', { name: 'reader', scopes: ['read'] })
  const reader = { id: made.body.id, secret: made.body.secret }
  const place = { method: 'POST', url: '/v1/orders', body: LIMIT } as const
  const keys = { method: 'GET', url: '/v1/auth/keys' } as const
  for (const request of [place, keys]) {
    const answer = await signedCall(app, reader, request)
    assert.deepEqual([answer.status, answer.body.code], [403, 'auth.forbidden'])
  }
  assert.equal((await signedCall(app, reader, { method: 'GET', url: '/v1/orders' })).status, 200)
  const pause = await ada.post('/v1/bots/maker/pause')
  assert.deepEqual([pause.status, pause.body.code], [403, 'auth.forbidden'])
  assert.equal((await ada.post('/v1/bots/nobody/pause')).status, 404)
})

test('no bug was met on the way', () => {
  assert.deepEqual(exchange.bugs, [])
})
