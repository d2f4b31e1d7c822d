// Withdrawals of kill9 --whole: asked for under load, paid by the wallet, killed in between.
//
// INV-13: each acknowledged one is settled on chain in the end, with one transaction of its own,
// and none is listed that nobody asked for.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from './ask.ts'
import type { Customer } from './customers.ts'
import type { Intent } from './intents.ts'
import type { Asked, Memory } from './memory.ts'
import type { Verifying } from './verify-answers.ts'

type Withdrawal = {
  readonly id: number
  readonly requestId: string
  readonly status: string
  readonly txHash?: string
}

type Requests = {
  readonly ask: Ask
  readonly memory: Memory
  readonly traders: readonly Customer[]
  readonly newId: () => string
  readonly isOver: () => boolean
}

const EVERY_MS = 400
const SETTLE_MS = 60_000
const LOOK_MS = 250
const ADDRESS = `0x${'c0ffee'.repeat(6)}beef`

export async function requestWithdrawals(order: Requests): Promise<void> {
  while (!order.isOver()) {
    await Promise.all(order.traders.map((customer) => request(order, customer)))
    await sleep(EVERY_MS)
  }
}

async function request({ ask, memory, newId }: Requests, customer: Customer): Promise<void> {
  const requestId = newId()
  const { account } = customer
  const money = { asset: 'ETH', amount: '0.001', address: ADDRESS }
  const body = JSON.stringify({ requestId, sentAt: Date.now() * 1_000, account, ...money })
  const target = { method: 'POST', path: '/v1/withdrawals' } as const
  const intent: Intent = { kind: 'withdraw', id: requestId, ...target, body }
  const asked: Asked = { customer, intent, at: Date.now(), ordersBefore: [], answer: null }
  memory.add(asked)
  asked.answer = await ask(customer.key, intent)
}

/** Waits until all that were acknowledged are settled, and looks for others. */
export async function verifyWithdrawals(
  run: Verifying,
  customer: Customer,
  cycle: readonly Asked[],
): Promise<void> {
  const all = [...run.memory.settled, ...cycle]
  const mine = all.filter((one) => one.customer === customer && one.intent.kind === 'withdraw')
  const known = new Set(
    mine.filter(({ answer }) => answer?.status === 201).map(({ intent }) => intent.id),
  )
  const listed = await settled(run, customer)
  const hashes = new Set<string>()
  for (const { id, requestId, status, txHash = '' } of listed) {
    if (!known.delete(requestId)) run.violated(`withdrawal ${id}: nobody was told of it, or twice`)
    if (status !== 'settled') run.violated(`INV-13: withdrawal ${id} stays ${status}`)
    if (hashes.has(txHash)) run.violated(`INV-13: ${txHash} pays two withdrawals`)
    hashes.add(txHash)
  }
  for (const id of known) run.violated(`withdrawal ${id} was acknowledged and is not listed`)
  run.reach('withdrawals', cycle.filter((one) => mine.includes(one)).length)
}

async function settled({ ask }: Verifying, customer: Customer): Promise<readonly Withdrawal[]> {
  const deadline = performance.now() + SETTLE_MS
  for (;;) {
    const query = 'limit=1000'
    const answer = await ask(customer.key, { method: 'GET', path: '/v1/withdrawals', query })
    const { items = [] }: { items?: Withdrawal[] } = JSON.parse(answer?.text ?? '{}')
    const isDone = items.every(({ status }) => status === 'settled' || status === 'failed')
    if ((isDone && items.length > 0) || performance.now() > deadline) return items
    await sleep(LOOK_MS)
  }
}
