// Load for the rows `batch` and `websocket` of bench orders: many orders a message, over raw
// sockets, in a process of its own.
//
// Each connection places a message full of orders and then cancels them in another, by the ids it
// gave them, one message at a time. REST messages are signed one by one, as a program must; a
// WebSocket is signed once. Every result is counted, and any but 200 and 201 fails the run.

import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'
import { connect, type Socket } from 'node:net'
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
  readonly secret: KeyObject
  /** Ids that the next message cancels; none: it places. */
  placed: readonly string[]
  sentAt: number
  /** Bytes of answers that are not whole yet. */
  pending: Buffer
}

type Lane = {
  /** What a new connection sends first. */
  readonly open: (connection: Connection) => string
  readonly message: (connection: Connection, body: string) => string
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
  readonly unique: string
  done: number
  ids: number
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
  const cpu = process.cpuUsage()
  const start = performance.now()
  const run: Run = {
    ...{ ...order, latencies: [], unique: Date.now().toString(36) },
    ...{ done: 0, ids: 0, wrong: '' },
  }
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

/** One connection until the orders are done; it ends with a cancel, so nothing stays open. */
function drive(run: Run, key: LoadKey): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lane = LANES[run.lane]
  const socket = connect(run.port, '127.0.0.1')
  const secret = createSecretKey(Buffer.from(key.secret, 'utf8'))
  const connection: Connection = {
    ...{ socket, keyId: key.id, secret },
    ...{ placed: [], sentAt: 0, pending: Buffer.alloc(0) },
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
  const good = body.toString('latin1').split(STATUS).length - 1
  run.done += good
  if (good !== run.perMessage && run.wrong === '') run.wrong = body.toString('latin1', 0, 2_000)
}

function next(run: Run, connection: Connection): void {
  const { placed } = connection
  if (placed.length === 0 && (run.done >= run.orders || run.wrong !== '')) {
    connection.socket.end()
    return
  }
  const body = placed.length === 0 ? placeBody(run, connection) : cancelBody(run, connection)
  connection.sentAt = performance.now()
  connection.socket.write(LANES[run.lane].message(connection, body), 'latin1')
}

function placeBody(run: Run, connection: Connection): string {
  const ids = Array.from({ length: run.perMessage }, () => {
    run.ids += 1
    return `${run.unique}-${run.ids}`
  })
  connection.placed = ids
  const terms = '"market":"BTC-USDC","side":"buy","type":"limit","size":"0.00100"'
  const orders = ids.map((id, i) => {
    const price = 10_000 + ((run.ids + i) % 5_000)
    return `{"clientOrderId":"${id}",${terms},"price":"${price}.0"}`
  })
  if (run.lane === 'websocket') return frameText(run, 'order.place', orders)
  return batchText(run, 'place', orders)
}

function cancelBody(run: Run, connection: Connection): string {
  const orders = connection.placed.map((id) => `{"clientOrderId":"${id}"}`)
  connection.placed = []
  if (run.lane === 'websocket') return frameText(run, 'order.cancel', orders)
  return batchText(run, 'cancel', orders)
}

function batchText({ answers }: Run, kind: string, orders: readonly string[]): string {
  const items = orders.map((order) => `{"${kind}":${order}}`).join(',')
  return `{"answers":"${answers}","orders":[${items}]}`
}

function frameText({ answers }: Run, op: string, orders: readonly string[]): string {
  return `{"id":"1","op":"${op}","answers":"${answers}","orders":[${orders.join(',')}]}`
}

type Signed = { readonly method: string; readonly path: string; readonly body: string }

function proofOf({ keyId, secret }: Connection, { method, path, body }: Signed) {
  const timestamp = String(Date.now())
  const nonce = hash('md5', `${process.hrtime.bigint()}`)
  const text = `${method}\n${path}\n\n${hash('sha256', body)}\n${timestamp}\n${nonce}`
  const signature = createHmac('sha256', secret).update(text).digest('hex')
  return { keyId, timestamp, nonce, signature }
}

const BATCH: Lane = {
  open: () => '',
  message: (connection, body) => {
    const proof = proofOf(connection, { method: 'POST', path: PATH, body })
    return (
      `POST ${PATH} HTTP/1.1\r\nHost: a\r\nX-Crossbook-Key: ${proof.keyId}\r\n` +
      `X-Crossbook-Timestamp: ${proof.timestamp}\r\nX-Crossbook-Nonce: ${proof.nonce}\r\n` +
      `X-Crossbook-Signature: ${proof.signature}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`
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

const UPGRADE =
  'GET /v1/stream HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'

const WEBSOCKET: Lane = {
  open: (connection) => {
    const proof = proofOf(connection, { method: 'GET', path: '/v1/stream', body: '' })
    const { keyId: key, ...rest } = proof
    return UPGRADE + frame(JSON.stringify({ id: '0', op: 'auth', key, ...rest }))
  },
  message: (_connection, body) => frame(body),
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
