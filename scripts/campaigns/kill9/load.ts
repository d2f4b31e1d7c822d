// Load: customers that ask for something all the time, until the core is gone.
//
// Each worker has one request in flight. What got no answer is kept exactly as it was sent; nothing
// is repeated here. A worker ends with its first failure after the kill.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Ask } from './ask.ts'
import type { Customer } from './customers.ts'
import { nextIntent } from './intents.ts'
import { type Asked, learn, type Memory } from './memory.ts'

export type LoadOrder = {
  readonly ask: Ask
  readonly customers: readonly Customer[]
  readonly memory: Memory
  readonly random: Random
  readonly newId: () => string
  readonly isOver: () => boolean
}

const WORKERS_PER_CUSTOMER = 5
const PAUSE_MS = 5

export async function runLoad(order: LoadOrder): Promise<void> {
  const workers = order.customers.flatMap((customer) =>
    Array.from({ length: WORKERS_PER_CUSTOMER }, () => work(order, customer)),
  )
  await Promise.all(workers)
}

async function work(order: LoadOrder, customer: Customer): Promise<void> {
  const { ask, memory, random, newId, isOver } = order
  const knownOrder = (one: Customer) => {
    const known = memory.ordersOf(one)
    return known.length === 0 ? undefined : random.pick(known)
  }
  while (!isOver()) {
    const intent = nextIntent({ random, newId, knownOrder }, customer)
    const ordersBefore = intent.kind === 'cancelAll' ? [...memory.ordersOf(customer)] : []
    const asked: Asked = { customer, intent, at: Date.now(), ordersBefore, answer: null }
    memory.add(asked)
    asked.answer = await ask(customer.key, intent)
    if (asked.answer === null) await sleep(PAUSE_MS)
    else learn(memory, asked)
  }
}
