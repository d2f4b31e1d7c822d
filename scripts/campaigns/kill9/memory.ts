// Memory: everything the load asked for, and what it was told, over all kills.
//
// It is the client's side of the promise: what stands here with an answer was acknowledged. Answers
// are kept as the bytes that came, so that a repetition can be compared with them.

import type { Answer } from './ask.ts'
import type { Customer } from './customers.ts'
import type { Intent } from './intents.ts'

export type Asked = {
  readonly customer: Customer
  readonly intent: Intent
  /** Milliseconds since 1970. */
  readonly at: number
  /** Of a cancel-all: the orders it must have ended. */
  readonly ordersBefore: readonly number[]
  /** null until somebody knows. */
  answer: Answer | null
}

export type Memory = {
  add(asked: Asked): void
  /** Forgets which requests are of the running cycle and answers them. */
  takeCycle(): readonly Asked[]
  /** Answered requests of earlier cycles, the oldest first. */
  readonly settled: Asked[]
  /** Ids of orders that were acknowledged since the customer's last cancel-all. */
  ordersOf(customer: Customer): number[]
  /** What the sub-account must hold: in 1e-8 of each asset. */
  savingsOf(customer: Customer): Map<string, number>
}

export function createMemory(): Memory {
  let cycle: Asked[] = []
  const orders = new Map<Customer, number[]>()
  const savings = new Map<Customer, Map<string, number>>()
  const of = <T>(map: Map<Customer, T>, customer: Customer, first: () => T): T => {
    const known = map.get(customer) ?? first()
    map.set(customer, known)
    return known
  }
  return {
    add: (asked) => void cycle.push(asked),
    takeCycle() {
      const taken = cycle
      cycle = []
      return taken
    },
    settled: [],
    ordersOf: (customer) => of(orders, customer, () => []),
    savingsOf: (customer) => of(savings, customer, () => new Map<string, number>()),
  }
}

/** Takes in what a request came to, once, when its answer is known. */
export function learn(memory: Memory, { customer, intent, answer, ordersBefore }: Asked): void {
  if (intent.kind === 'place' && answer?.status === 201) {
    memory.ordersOf(customer).push(placedOf(answer).order.id)
  }
  if (intent.kind === 'cancelAll' && answer?.status === 200) {
    const known = memory.ordersOf(customer)
    const ended = new Set(ordersBefore)
    known.splice(0, known.length, ...known.filter((id) => !ended.has(id)))
  }
  if (intent.kind === 'transfer' && answer?.status === 201) {
    const { asset, amount, to } = transferOf(answer)
    const held = memory.savingsOf(customer)
    const units = toUnits(amount) * (to === customer.savings ? 1 : -1)
    held.set(asset, (held.get(asset) ?? 0) + units)
  }
}

export type FillAnswer = {
  readonly id: number
  readonly orderId: number
  readonly market: string
  readonly size: string
}
export type OrderAnswer = {
  readonly id: number
  readonly clientOrderId: string
  readonly filled: string
  readonly status: string
  readonly createdAt: number
}
type TransferAnswer = { readonly asset: string; readonly amount: string; readonly to: number }

export function placedOf({ text }: Answer): {
  readonly order: OrderAnswer
  readonly fills: readonly FillAnswer[]
} {
  return JSON.parse(text)
}

export function orderOf({ text }: Answer): OrderAnswer {
  return JSON.parse(text).order
}

function transferOf({ text }: Answer): TransferAnswer {
  return JSON.parse(text).transfer
}

/** A decimal of at most 8 digits after the point, in 1e-8. */
export function toUnits(decimal: string): number {
  const [whole = '', digits = ''] = decimal.split('.')
  return Number(whole) * 1e8 + Number(digits.padEnd(8, '0'))
}
