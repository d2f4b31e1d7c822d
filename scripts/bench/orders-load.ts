// Load for bench orders: signed HTTP over raw sockets, in a process of its own.
//
// Each connection places an order, reads its id, cancels it, and so on, one request at a time.
// Every request is signed with a fresh timestamp and nonce, as a real program must. It does as
// little as possible, so that the server's processor is what is measured.

import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export type LoadKey = { readonly id: string; readonly secret: string }

/** Parent to load. */
export type LoadOrder = {
  readonly port: number
  readonly keys: readonly LoadKey[]
  readonly connections: number
  readonly seconds: number
}

/** Load to parent. */
export type LoadReport = {
  /** Requests answered within the time. */
  readonly requests: number
  readonly seconds: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of this process, as a share of one core. */
  readonly loadCpu: number
  /** The first answer that was neither 200 nor 201. */
  readonly wrong: string
}

type Connection = {
  readonly socket: Socket
  readonly keyId: string
  readonly secret: KeyObject
  /** 0: the next request places; else it cancels this order. */
  orderId: number
  sentAt: number
  pending: Buffer | null
}

type Run = {
  readonly latencies: Float64Array
  readonly byStatus: Map<number, number>
  readonly until: number
  readonly unique: string
  count: number
  nonces: number
  wrong: string
  done: () => void
}

const LATENCIES_MAX = 4_000_000
const EMPTY_HASH = hash('sha256', '')

process.on('message', (order: LoadOrder) => {
  void load(order).then((report) => process.send?.(report))
})
process.on('disconnect', () => process.exit(0))

async function load({ port, keys, connections, seconds }: LoadOrder): Promise<LoadReport> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const run: Run = {
    latencies: new Float64Array(LATENCIES_MAX),
    byStatus: new Map(),
    until: start + seconds * 1_000,
    unique: Date.now().toString(36),
    ...{ count: 0, nonces: 0, wrong: '', done: () => {} },
  }
  const ends = Array.from({ length: connections }, (_, index) => {
    const key = keys[index % keys.length]
    if (key === undefined) throw new Error('no keys')
    return drive(run, port, key)
  })
  await Promise.all(ends)
  const took = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const sorted = run.latencies.subarray(0, run.count).sort()
  return {
    requests: run.count,
    seconds: took,
    byStatus: Object.fromEntries(run.byStatus),
    p50Ms: sorted[Math.floor(run.count * 0.5)] ?? 0,
    p99Ms: sorted[Math.floor(run.count * 0.99)] ?? 0,
    loadCpu: (user + system) / 1e6 / took,
    wrong: run.wrong,
  }
}

/** One connection until the time is over; it ends with a cancel, so nothing stays open. */
function drive(run: Run, port: number, key: LoadKey): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect(port, '127.0.0.1', () => next(run, connection))
  socket.setNoDelay(true)
  const secret = createSecretKey(Buffer.from(key.secret, 'utf8'))
  const connection: Connection = {
    ...{ socket, keyId: key.id, secret },
    ...{ orderId: 0, sentAt: 0, pending: null },
  }
  socket.on('data', (chunk: Buffer) => {
    if (hear(run, connection, chunk)) next(run, connection)
  })
  socket.on('error', reject)
  socket.on('close', () => resolve())
  return promise
}

function next(run: Run, connection: Connection): void {
  if (connection.orderId === 0 && performance.now() > run.until) {
    connection.socket.end()
    return
  }
  connection.sentAt = performance.now()
  connection.socket.write(
    connection.orderId === 0 ? placeText(run, connection) : cancelText(run, connection),
    'latin1',
  )
}

function placeText(run: Run, connection: Connection): string {
  run.nonces += 1
  const price = 10_000 + (run.nonces % 5_000)
  const id = `${run.unique}-${run.nonces}`
  const terms = `"side":"buy","type":"limit","price":"${price}.0","size":"0.00100"`
  const body = `{"clientOrderId":"${id}","market":"BTC-USDC",${terms}}`
  const proof = proofOf(run, connection, {
    method: 'POST',
    path: '/v1/orders',
    digest: hash('sha256', body),
  })
  const entity = `Content-Type: application/json\r\nContent-Length: ${body.length}`
  return `POST /v1/orders HTTP/1.1\r\nHost: a\r\n${proof}${entity}\r\n\r\n${body}`
}

function cancelText(run: Run, connection: Connection): string {
  run.nonces += 1
  const path = `/v1/orders/${connection.orderId}`
  const proof = proofOf(run, connection, { method: 'DELETE', path, digest: EMPTY_HASH })
  return `DELETE ${path} HTTP/1.1\r\nHost: a\r\n${proof}\r\n`
}

type Parts = { readonly method: string; readonly path: string; readonly digest: string }

function proofOf(run: Run, { keyId, secret }: Connection, { method, path, digest }: Parts): string {
  const timestamp = Date.now()
  const nonce = `${run.unique}_${run.nonces}`
  const text = `${method}\n${path}\n\n${digest}\n${timestamp}\n${nonce}`
  const signature = createHmac('sha256', secret).update(text).digest('hex')
  const who = `X-Crossbook-Key: ${keyId}\r\nX-Crossbook-Timestamp: ${timestamp}\r\n`
  return `${who}X-Crossbook-Nonce: ${nonce}\r\nX-Crossbook-Signature: ${signature}\r\n`
}

/** Takes in bytes; true when the answer is whole. */
function hear(run: Run, connection: Connection, chunk: Buffer): boolean {
  const bytes = connection.pending === null ? chunk : Buffer.concat([connection.pending, chunk])
  const text = bytes.toString('latin1')
  const head = text.indexOf('\r\n\r\n')
  const length = head < 0 ? -1 : lengthOf(text, head)
  if (head < 0 || bytes.length < head + 4 + length) {
    connection.pending = bytes
    return false
  }
  connection.pending = null
  const status = Number(text.slice(9, 12))
  run.byStatus.set(status, (run.byStatus.get(status) ?? 0) + 1)
  if (status !== 200 && status !== 201 && run.wrong === '') run.wrong = text
  run.latencies[run.count] = performance.now() - connection.sentAt
  run.count += 1
  connection.orderId = status === 201 ? idOf(text, head) : 0
  return true
}

function lengthOf(text: string, head: number): number {
  const at = text.indexOf('content-length: ')
  return at < 0 || at > head ? 0 : Number.parseInt(text.slice(at + 16, at + 24), 10)
}

/** The first "id" of the answer is the order's. */
function idOf(text: string, head: number): number {
  const at = text.indexOf('"id":', head)
  return Number.parseInt(text.slice(at + 5, at + 22), 10)
}
