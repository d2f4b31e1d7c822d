// Verify answers: whoever asks again after the kill hears what was said before it.
//
// F1 and F13: an acknowledged request repeated with its id gives the same bytes; one without an
// answer, asked again twice at once, has exactly one outcome; another body under a used id is
// refused. Requests are repeated exactly as they were sent.

import { inPool } from '#scripts/test/pool.ts'
import type { Answer, Ask } from './ask.ts'
import { type Asked, learn, type Memory, orderOf, placedOf } from './memory.ts'

export type Verifying = {
  readonly ask: Ask
  readonly memory: Memory
  /** Milliseconds since 1970. */
  readonly killedAt: number
  readonly violated: (what: string) => void
  readonly reach: (what: string, times?: number) => void
}

const AT_A_TIME = 24
const EXPECTED: Readonly<Record<Asked['intent']['kind'], readonly number[]>> = {
  place: [201, 422],
  transfer: [201, 422],
  withdraw: [201, 422],
  cancel: [200],
  cancelAll: [200],
}

/** All requests of the cycle have an answer afterwards, or a violation. */
export async function verifyAnswers(run: Verifying, cycle: readonly Asked[]): Promise<void> {
  const work = async (asked: Asked): Promise<void> => {
    if (asked.answer === null) await settle(run, asked)
    else await repeat(run, asked)
  }
  await inPool(cycle, { atATime: AT_A_TIME, work })
}

/** A repetition of what was answered gives the same bytes. */
export async function repeat(run: Verifying, asked: Asked): Promise<void> {
  const { customer, intent, answer } = asked
  run.reach('repeated')
  if (answer !== null) expectKnown(run, asked, answer)
  const again = await run.ask(customer.key, intent)
  if (again === null) return run.violated(`${nameOf(asked)}: no answer to its repetition`)
  if (intent.kind === 'cancelAll') return
  if (again.status !== answer?.status || again.text !== answer.text) {
    run.violated(`${nameOf(asked)}: was ${said(answer)}, its repetition ${said(again)}`)
  }
}

async function settle(run: Verifying, asked: Asked): Promise<void> {
  const { customer, intent } = asked
  const ask = () => run.ask(customer.key, intent)
  const [first, second] = await Promise.all([ask(), ask()])
  if (first === null || second === null) {
    return run.violated(`${nameOf(asked)}: no answer after the restart either`)
  }
  if (
    intent.kind !== 'cancelAll' &&
    (first.status !== second.status || first.text !== second.text)
  ) {
    run.violated(`${nameOf(asked)}: two outcomes, ${said(first)} and ${said(second)}`)
  }
  expectKnown(run, asked, first)
  asked.answer = first
  learn(run.memory, asked)
  run.reach(happenedBefore(run, asked, first) ? 'unansweredHappened' : 'unansweredNew')
}

/** Whether the request without an answer had been carried out before the kill. */
function happenedBefore({ killedAt }: Verifying, { intent }: Asked, answer: Answer): boolean {
  if (intent.kind === 'place' && answer.status === 201) {
    return placedOf(answer).order.createdAt <= killedAt * 1_000
  }
  return intent.kind === 'transfer' && answer.status === 201
    ? JSON.parse(answer.text).transfer.at <= killedAt * 1_000
    : false
}

function expectKnown(run: Verifying, asked: Asked, answer: Answer): void {
  if (EXPECTED[asked.intent.kind].includes(answer.status)) return
  run.violated(`${nameOf(asked)}: an answer that cannot be, ${said(answer)}`)
}

/** Another body under a used id changes nothing and says so. */
export async function verifyMismatch(run: Verifying, asked: Asked): Promise<void> {
  const { customer, intent } = asked
  const sent = JSON.parse(intent.body ?? '{}')
  const body = JSON.stringify({ ...sent, side: sent.side === 'buy' ? 'sell' : 'buy' })
  const answer = await run.ask(customer.key, { ...intent, body })
  if (answer?.status === 409 && answer.text.includes('idempotency.mismatch')) return
  run.violated(`${nameOf(asked)}: another body under its id was ${said(answer)}`)
}

/** An acknowledged order is there by both of its ids, with at least what was acknowledged. */
export async function verifyOrder(run: Verifying, { customer, intent, answer }: Asked) {
  if (intent.kind !== 'place' || answer?.status !== 201) return
  const { order } = placedOf(answer)
  const byClientId = `/v1/orders/by-client-id/${order.clientOrderId}`
  for (const path of [`/v1/orders/${order.id}`, byClientId]) {
    const found = await run.ask(customer.key, { method: 'GET', path })
    if (found?.status !== 200) {
      run.violated(`order ${order.id} was acknowledged; GET ${path} says ${said(found)}`)
      continue
    }
    const now = orderOf(found)
    const isMore = Number(now.filled) >= Number(order.filled)
    const isSame = isOpen(order.status) || JSON.stringify(now) === JSON.stringify(order)
    if (now.id !== order.id || now.clientOrderId !== order.clientOrderId || !isMore || !isSame) {
      run.violated(`order ${order.id} was ${JSON.stringify(order)} and is ${found.text}`)
    }
  }
}

export function isOpen(status: string): boolean {
  return status === 'open' || status === 'partially_filled'
}

function nameOf({ intent }: Asked): string {
  return `${intent.kind} ${intent.id}`
}

function said(answer: Answer | null): string {
  return answer === null ? 'nothing' : `${answer.status} ${answer.text}`
}
