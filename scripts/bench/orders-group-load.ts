// Load for the rows `batch` and `websocket` of bench orders: many orders a message, over raw
// sockets, in a process of its own.
//
// Each connection places a message full of orders and then cancels them in another, by the ids it
// gave them, one message at a time. What the messages say is written before the clock starts, for
// the load shall take little of the processors that it measures; REST messages are signed when they
// are sent, as a program must, a WebSocket is signed once. Every result is counted, and any but 200
// and 201 fails the run.

import { createSecretKey, hash } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { type HmacSecret, hmacOf, hmacSecretOf } from '#platform/auth/signature.ts'
import type { LoadKey } from './orders-load.ts'

/** Parent to load. */
export type GroupOrder = {
  readonly lane: 'batch' | 'websocket'
  /** What every message asks back of its commands. */
  readonly answers: 'full' | 'ack'
  readonly port: number
  readonly keys: readonly LoadKey[]
  readonly connections: number
  readonly perMessage: number
  /** Place and cancel together. */
  readonly orders: number
}

/** Load to parent. */
export type GroupReport = {
  readonly orders: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of this process, as a share of one core. */
  readonly loadCpu: number
  /** The first answer with a result that was neither 200 nor 201. */
  readonly wrong: string
}

type Connection = {
  readonly socket: Socket
  readonly keyId: string
  readonly secret: HmacSecret
  /** What cancels the orders of the last message; none: the next one places. */
  cancels: Message | undefined
  sentAt: number
  /** Bytes of answers that are not whole yet. */
  pending: Buffer
}

/** What a message says, as latin1, and the hash that is signed. */
type Message = { readonly text: string; readonly hash: string }
type Pair = { readonly place: Message; readonly cancel: Message }

type Lane = {
  /** What a new connection sends first. */
  readonly open: (connection: Connection) => string
  readonly message: (body: string) => Message
  /** What goes out before the message. */
  readonly head: (connection: Connection, message: Message) => string
  /** Where the first whole answer in the bytes has its body. */
  readonly answer: (bytes: Buffer) => Body | undefined
}

type Body = {
  readonly from: number
  readonly to: number
  /** A ping: nobody asked for it, and the next message says that we live. */
  readonly isPing?: boolean
}

type Run = GroupOrder & {
  readonly latencies: number[]
  /** Not sent yet. */
  readonly pairs: Pair[]
  done: number
  wrong: string
}

const PATH = '/v1/orders/batch'
const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('content-length: ')
const STATUS = '"status":20'

process.on('message', (order: GroupOrder) => {
  void load(order).then((report) => process.send?.(report))
})
process.on('disconnect', () => process.exit(0))

async function load(order: GroupOrder): Promise<GroupReport> {
  const run: Run = { ...order, latencies: [], pairs: pairsOf(order), done: 0, wrong: '' }
  const cpu = process.cpuUsage()
  const start = performance.now()
  const keys = Array.from(
    { length: order.connections },
    (_, i) => order.keys[i % order.keys.length],
  )
  await Promise.all(keys.flatMap((key) => (key === undefined ? [] : drive(run, key))))
  const seconds = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const sorted = Float64Array.from(run.latencies).sort()
  return {
    ...{ orders: run.done, seconds, wrong: run.wrong },
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    loadCpu: (user + system) / 1e6 / seconds,
  }
}

/** One connection until all is sent; it ends with a cancel, so nothing stays open. */
function drive(run: Run, key: LoadKey): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lane = LANES[run.lane]
  const socket = connect(run.port, '127.0.0.1')
  const secret = hmacSecretOf(createSecretKey(Buffer.from(key.secret, 'utf8')))
  const connection: Connection = {
    ...{ socket, keyId: key.id, secret },
    ...{ cancels: undefined, sentAt: 0, pending: Buffer.alloc(0) },
  }
  socket.setNoDelay(true)
  socket.on('connect', () => {
    const first = lane.open(connection)
    if (first.length > 0) socket.write(first, 'latin1')
    else next(run, connection)
  })
  socket.on('data', (chunk) => {
    const { pending } = connection
    const bytes = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    connection.pending = hear(run, connection, bytes)
  })
  socket.on('error', reject)
  socket.on('close', () => resolve())
  return promise
}

/** Takes the whole answers out of the bytes and asks the next thing after each. */
function hear(run: Run, connection: Connection, bytes: Buffer): Buffer {
  let rest = bytes
  for (;;) {
    const answer = LANES[run.lane].answer(rest)
    if (answer === undefined) return rest
    const body = rest.subarray(answer.from, answer.to)
    rest = rest.subarray(answer.to)
    if (answer.isPing === true) continue
    if (connection.sentAt > 0) count(run, connection, body)
    next(run, connection)
  }
}

function count(run: Run, connection: Connection, body: Buffer): void {
  run.latencies.push(performance.now() - connection.sentAt)
  const text = body.toString('latin1')
  let good = 0
  for (let at = text.indexOf(STATUS); at >= 0; at = text.indexOf(STATUS, at + STATUS.length)) {
    good += 1
  }
  run.done += good
  if (good !== run.perMessage && run.wrong === '') run.wrong = text.slice(0, 2_000)
}

function next(run: Run, connection: Connection): void {
  const { socket, cancels } = connection
  const pair = cancels === undefined && run.wrong === '' ? run.pairs.pop() : undefined
  const message = cancels ?? pair?.place
  if (message === undefined) return void socket.end()
  connection.cancels = pair?.cancel
  connection.sentAt = performance.now()
  socket.write(LANES[run.lane].head(connection, message) + message.text, 'latin1')
}

/** Half of the orders are placed, and each of them is cancelled. */
function pairsOf(order: GroupOrder): Pair[] {
  const unique = Date.now().toString(36)
  const { message } = LANES[order.lane]
  const pairs: Pair[] = []
  for (let ids = 0; ids * 2 < order.orders; ids += order.perMessage) {
    const own = Array.from({ length: order.perMessage }, (_, i) => `${unique}-${ids + i}`)
    const places = own.map((id, i) => {
      const price = 10_000 + ((ids + 2 * i) % 5_000)
      return `{"clientOrderId":"${id}",${TERMS},"price":"${price}.0"}`
    })
    const cancels = own.map((id) => `{"clientOrderId":"${id}"}`)
    const [place, cancel] = [textOf(order, 'place', places), textOf(order, 'cancel', cancels)]
    pairs.push({ place: message(place), cancel: message(cancel) })
  }
  return pairs
}

const TERMS = '"market":"BTC-USDC","side":"buy","type":"limit","size":"0.00100"'

function textOf(order: GroupOrder, kind: 'place' | 'cancel', orders: readonly string[]): string {
  if (order.lane === 'websocket') return frameText(order, `order.${kind}`, orders)
  return batchText(order, kind, orders)
}

function batchText({ answers }: GroupOrder, kind: string, orders: readonly string[]): string {
  const items = orders.map((order) => `{"${kind}":${order}}`).join(',')
  return `{"answers":"${answers}","orders":[${items}]}`
}

function frameText({ answers }: GroupOrder, op: string, orders: readonly string[]): string {
  return `{"id":"1","op":"${op}","answers":"${answers}","orders":[${orders.join(',')}]}`
}

type Signed = { readonly method: string; readonly path: string; readonly hash: string }

const used = { nonces: 0 }

function proofOf({ keyId, secret }: Connection, { method, path, hash: bodyHash }: Signed) {
  const timestamp = String(Date.now())
  used.nonces += 1
  const nonce = `${process.pid.toString(16)}${timestamp}${used.nonces}`.padStart(32, '0')
  const text = `${method}\n${path}\n\n${bodyHash}\n${timestamp}\n${nonce}`
  const signature = hmacOf(secret, text)
  return { keyId, timestamp, nonce, signature }
}

const BATCH: Lane = {
  open: () => '',
  message: (body) => ({ text: body, hash: hash('sha256', body) }),
  head: (connection, { text, hash: bodyHash }) => {
    const proof = proofOf(connection, { method: 'POST', path: PATH, hash: bodyHash })
    return (
      `POST ${PATH} HTTP/1.1\r\nHost: a\r\nX-Crossbook-Key: ${proof.keyId}\r\n` +
      `X-Crossbook-Timestamp: ${proof.timestamp}\r\nX-Crossbook-Nonce: ${proof.nonce}\r\n` +
      `X-Crossbook-Signature: ${proof.signature}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${text.length}\r\n\r\n`
    )
  },
  answer: (bytes) => {
    const head = bytes.indexOf(HEAD_END)
    if (head < 0) return undefined
    const at = bytes.indexOf(LENGTH)
    const length = Number.parseInt(bytes.toString('latin1', at + LENGTH.length, at + 24), 10)
    const from = head + HEAD_END.length
    return bytes.length < from + length ? undefined : { from, to: from + length }
  },
}

const PING = 9
const EMPTY_HASH = hash('sha256', '')

const UPGRADE =
  'GET /v1/stream HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'

const WEBSOCKET: Lane = {
  open: (connection) => {
    const proof = proofOf(connection, { method: 'GET', path: '/v1/stream', hash: EMPTY_HASH })
    const { keyId: key, ...rest } = proof
    return UPGRADE + frame(JSON.stringify({ id: '0', op: 'auth', key, ...rest }))
  },
  message: (body) => ({ text: frame(body), hash: '' }),
  head: () => '',
  answer: (bytes) => {
    // The answer to the upgrade has no frame; what follows it has.
    if (bytes[0] === 72) {
      const head = bytes.indexOf(HEAD_END)
      const first = head < 0 ? undefined : frameOf(bytes.subarray(head + HEAD_END.length))
      if (first === undefined) return undefined
      const from = head + HEAD_END.length + first.from
      return { from, to: head + HEAD_END.length + first.to }
    }
    return frameOf(bytes)
  },
}

const LANES: Readonly<Record<GroupOrder['lane'], Lane>> = { batch: BATCH, websocket: WEBSOCKET }

/** A text frame as latin1, masked with zeros: a client must mask, with what it may choose. */
function frame(body: string): string {
  const { length } = body
  const size =
    length < 126
      ? String.fromCharCode(0x80 | length)
      : String.fromCharCode(0x80 | 126, length >> 8, length & 0xff)
  return `\x81${size}\0\0\0\0${body}`
}

/** Where the first frame of a server's bytes has its text. */
function frameOf(bytes: Buffer): Body | undefined {
  if (bytes.length < 2) return undefined
  const isPing = ((bytes[0] ?? 0) & 0x0f) === PING
  const short = (bytes[1] ?? 0) & 0x7f
  const from = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < from) return undefined
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : bytes.readUInt32BE(6)
  return bytes.length < from + length ? undefined : { from, to: from + length, isPing }
}
