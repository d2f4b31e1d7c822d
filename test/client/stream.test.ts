// Stream and client over a real server: snapshots and deltas, cuts and resuming, slow readers.

import assert from 'node:assert/strict'
import { type AddressInfo, connect } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { tokenAuthorization } from '#client/authorization.ts'
import { createClient } from '#client/client.ts'
import { createLiveBook } from '#client/live-book.ts'
import { createNodeSend } from '#client/send-node.ts'
import { keyAuthorization } from '#client/sign.ts'
import { createStream } from '#client/stream.ts'
import type { BalancesMessage, FillsMessage, OrdersMessage } from '#client/stream-messages.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { createCustomer, createExchange, PASSWORD } from '../api/exchange.ts'

const exchange = await createExchange()
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo
const baseUrl = `http://127.0.0.1:${port}`
const url = `ws://127.0.0.1:${port}/v1/stream`
const [ada, bob] = [await createCustomer(exchange, 'ada'), await createCustomer(exchange, 'bob')]
const { send, close } = createNodeSend()
const authorization = keyAuthorization(ada.key)
const client = createClient({ baseUrl, authorization, send })
const bobs = createClient({ baseUrl, authorization: tokenAuthorization(() => bob.token) })
after(close)

const LIMIT = {
  market: 'BTC-USDC',
  side: 'buy',
  type: 'limit',
  price: '100.0',
  size: '0.1',
} as const

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    if (condition()) return
    await sleep(5)
  }
  assert.fail(`never: ${what}`)
}

test('snapshot and deltas give the same book as REST, also after a cut', async () => {
  const states: string[] = []
  const stream = createStream({
    ...{ url, retryMs: { first: 10, max: 50 } },
    onState: (state) => states.push(state),
  })
  const book = createLiveBook({ stream, market: 'BTC-USDC' })
  await until(() => book.levels('bids', 1) !== null, 'a snapshot')
  for (let index = 0; index < 20; index += 1) {
    await client.place({ ...LIMIT, price: `${100 - (index % 7)}.0` })
    if (index === 10) stream.reconnect()
    if (index % 5 === 4) await bobs.place({ ...LIMIT, side: 'sell', size: '0.15' })
  }
  const rest = await client.book('BTC-USDC', { depth: 1_000 })
  assert.ok(rest.kind === 'done')
  await until(() => book.number() === rest.value.number, 'the last change')
  assert.deepEqual(book.levels('bids', 1_000), rest.value.bids)
  assert.deepEqual(book.levels('asks', 1_000), rest.value.asks)
  assert.equal(book.gaps(), 0)
  assert.ok(states.includes('waiting') && states.at(-1) === 'open')
  await client.cancelAll()
  await bobs.cancelAll()
  stream.close()
})

test('private messages are numbered without a gap and resume after a cut', async () => {
  const stream = createStream({ url, authorization, retryMs: { first: 10, max: 50 } })
  const seen: (OrdersMessage | FillsMessage | BalancesMessage)[] = []
  const ready: string[] = []
  const listener = {
    onMessage: (message: (typeof seen)[number]) => void seen.push(message),
    onReady: (how: string) => void ready.push(how),
  }
  for (const name of ['orders', 'fills', 'balances'] as const) stream.subscribe({ name }, listener)
  await until(() => ready.length === 3, 'three channels')
  await client.place(LIMIT)
  await until(() => seen.length > 0, 'a message')
  stream.reconnect()
  const sold = await bobs.place({ ...LIMIT, side: 'sell', size: '0.02' })
  assert.ok(sold.kind === 'done' && sold.value.fills.length === 1, JSON.stringify(sold))
  const last = () => exchange.views.accountSeq(asId(ada.account))
  await until(() => seen.at(-1)?.accountSeq === last(), 'everything')
  const numbers = seen.map(({ accountSeq }) => accountSeq)
  const first = numbers[0] ?? 0
  assert.deepEqual(
    numbers,
    Array.from(numbers, (_, index) => first + index),
  )
  assert.deepEqual(new Set(seen.map(({ channel }) => channel)).size, 3)
  assert.deepEqual(ready.slice(3), ['resumed', 'resumed', 'resumed'])
  stream.close()
})

test('a channel of somebody else, an unknown market and a stranger are refused', async () => {
  const stranger = createStream({ url })
  const stream = createStream({ url, authorization })
  const codes: string[] = []
  const listener = { onMessage: () => {}, onRefused: (code: string) => void codes.push(code) }
  stream.subscribe({ name: 'orders', account: bob.account }, listener)
  stream.subscribe({ name: 'fills', account: 999_999 }, listener)
  stream.subscribe({ name: 'book', market: 'NO-SUCH' }, listener)
  await until(() => codes.length === 3, 'three refusals')
  assert.deepEqual(codes, ['not_found', 'not_found', 'not_found'])
  stranger.subscribe({ name: 'balances' }, listener)
  await until(() => codes.length === 4, 'a fourth')
  assert.equal(codes[3], 'auth.required')
  stream.close()
  stranger.close()
})

test('what is no longer kept is not resumed, and the reader is told', async () => {
  const socket = new WebSocket(url)
  const said: string[] = []
  socket.onmessage = ({ data }) => void said.push(String(data))
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  const say = (message: object) => socket.send(JSON.stringify(message))
  say({ id: 'a', op: 'auth', token: bob.token })
  await until(() => said.length === 1, 'the proof')
  const channels = [{ name: 'orders' }, { name: 'balances' }]
  say({ id: 'b', op: 'subscribe', channels, fromAccountSeq: 1_000_000 })
  await until(() => said.length === 2, 'the answer')
  const accountSeq = exchange.views.accountSeq(asId(bob.account))
  assert.deepEqual(JSON.parse(said[1] ?? ''), {
    ...{ id: 'b', ok: true, accounts: [{ account: bob.account, accountSeq, resumed: false }] },
  })
  for (const wrong of ['{', '{"id":"c"}', '{"id":"c","op":"auth","token":1}', '{"a":1,"a":1}']) {
    const before = said.length
    socket.send(wrong)
    await until(() => said.length > before, 'a refusal')
    assert.match(said.at(-1) ?? '', /"ok":false,"code":"request.malformed"/)
  }
  socket.close()
})

test('a revoked session ends its stream at the next private message', async () => {
  const login = { email: bob.email, password: PASSWORD }
  const signedIn = await bobs.login(login)
  assert.ok(signedIn.kind === 'done')
  const token = signedIn.value.accessToken
  const why: string[] = []
  const ready: string[] = []
  const stream = createStream({
    ...{ url, authorization: tokenAuthorization(() => token), retryMs: { first: 1e6, max: 1e6 } },
    onState: (_state, reason) => void why.push(reason),
  })
  const seen: unknown[] = []
  stream.subscribe(
    { name: 'orders' },
    { onMessage: (message) => void seen.push(message), onReady: (how) => void ready.push(how) },
  )
  await until(() => ready.length === 1, 'the channel')
  const own = createClient({ baseUrl, authorization: tokenAuthorization(() => token) })
  await own.logout(signedIn.value.refreshToken ? { refreshToken: signedIn.value.refreshToken } : {})
  await bobs.place({ ...LIMIT, price: '1.0', size: '1' })
  await until(() => why.some((reason) => reason.startsWith('4001')), 'the cut')
  assert.deepEqual(seen, [])
  stream.close()
})

test('trades, ticker and candles follow a fill', async () => {
  const stream = createStream({ url })
  const seen = new Map<string, unknown>()
  const ready: string[] = []
  const listen = (name: string) => ({
    onMessage: (message: unknown) => void seen.set(name, message),
    onReady: () => void ready.push(name),
  })
  const market = 'ETH-USDC'
  stream.subscribe({ name: 'trades', market }, listen('trades'))
  stream.subscribe({ name: 'ticker', market }, listen('ticker'))
  stream.subscribe({ name: 'candles', market, interval: '1m' }, listen('candles'))
  await until(() => ready.length === 3, 'three channels')
  await client.place({ ...LIMIT, market, price: '50.00', size: '1' })
  await bobs.place({ ...LIMIT, market, price: '50.00', size: '1', side: 'sell' })
  await until(() => seen.has('trades') && seen.has('candles'), 'trade and candle')
  const { trade } = seen.get('trades') as { trade: object }
  assert.deepEqual(
    { ...trade, at: 0 },
    {
      ...{ id: 1, price: '50.00', size: '1.0000', takerSide: 'sell', at: 0 },
    },
  )
  const rest = await client.trades(market)
  assert.ok(rest.kind === 'done')
  assert.deepEqual(rest.value.items, [trade])
  await until(() => JSON.stringify(seen.get('ticker')).includes('"last":"50.00"'), 'the ticker')
  stream.close()
})

test('a gap makes the book ask for a new snapshot', async () => {
  const listeners: ((message: never) => void)[] = []
  let renewed = 0
  const stream = {
    subscribe: (_channel: unknown, listener: { onMessage: (message: never) => void }) => {
      listeners.push(listener.onMessage)
      return () => {}
    },
    renew: () => {
      renewed += 1
    },
  }
  const book = createLiveBook({ stream: stream as never, market: 'BTC-USDC' })
  const say = (type: string, number: number, bids: string[][]) =>
    listeners[0]?.({ channel: 'book', type, number, bids, asks: [] } as never)
  say('snapshot', 7, [['1.0', '2']])
  say('delta', 8, [['1.0', '3']])
  assert.deepEqual(book.levels('bids', 5), [['1.0', '3']])
  say('delta', 10, [['1.0', '9']])
  say('delta', 11, [['1.0', '9']])
  assert.equal(book.levels('bids', 5), null)
  assert.deepEqual([book.gaps(), renewed], [1, 1])
  say('snapshot', 11, [['1.0', '9']])
  say('delta', 12, [['1.0', '0']])
  assert.deepEqual(book.levels('bids', 5), [])
})

test('a reader that falls a MiB behind is closed with 4008, nobody else notices', async () => {
  const slow = connect(port, '127.0.0.1')
  slow.write(
    `GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  const chunks: Buffer[] = []
  slow.on('data', (chunk) => chunks.push(chunk))
  await until(() => Buffer.concat(chunks).includes('101'), 'the upgrade')
  await fillBook()
  const channels = [{ name: 'book', market: 'GBP-USD' }]
  const subscription = frame({ id: '1', op: 'subscribe', channels })
  slow.write(subscription)
  await until(() => Buffer.concat(chunks).includes('snapshot'), 'the snapshot')
  slow.pause()
  for (let index = 0; index < 400; index += 1) slow.write(subscription)
  await sleep(200)
  slow.resume()
  await until(() => Buffer.concat(chunks).includes('reading too slowly'), 'the reason')
  const all = Buffer.concat(chunks)
  const reason = all.indexOf('reading too slowly')
  assert.equal(all.readUInt16BE(reason - 2), 4008)
  slow.destroy()
})

/** A book of many levels, whose snapshot is tens of kilobytes. */
async function fillBook(): Promise<void> {
  const { views, sequencer } = exchange
  const market = views.listing.marketBySymbol('GBP-USD')
  assert.ok(market !== undefined)
  for (let level = 1; level <= 900; level += 1) {
    await sequencer.submit({
      ...{ kind: 'place', account: asId(bob.account), market: market.id, postOnly: false },
      ...{ side: 'buy', type: 'limit', timeInForce: 'GTC', selfTrade: 'cancel-taker' },
      ...{ price: asUnit(100_000 - level), size: asUnit(2), quoteAmount: asUnit(0) },
      ...{ clientOrderId: '', sentAt: exchange.clock(), sentAtGiven: false },
    })
  }
}

/** A masked text frame of a client; the mask is zero. */
function frame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  assert.ok(body.length < 126)
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body])
}
