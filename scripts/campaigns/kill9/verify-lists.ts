// Verify lists: what the platform lists is what was acknowledged, no more and no less.
//
// Orders listed since the last look are exactly those with an answer 201; every acknowledged fill
// is listed, none twice; what a cancel-all was to end has ended; sub-accounts hold what the answers
// of the transfers add up to. Lists are read newest first down to what is known already.

import type { Answer } from './ask.ts'
import type { Customer } from './customers.ts'
import { type Asked, type FillAnswer, type OrderAnswer, placedOf, toUnits } from './memory.ts'
import { isOpen, type Verifying } from './verify-answers.ts'

export type Ledger = {
  /** The newest order that was listed, by customer. */
  readonly lastOrder: Map<Customer, number>
  /** By customer: fills as JSON by 'market:id'. */
  readonly fills: Map<Customer, Map<string, string>>
}

export function createLedger(): Ledger {
  return { lastOrder: new Map(), fills: new Map() }
}

/** After verifyAnswers: every request of the cycle has its answer. */
export async function verifyLists(
  run: Verifying,
  ledger: Ledger,
  { customer, cycle }: { readonly customer: Customer; readonly cycle: readonly Asked[] },
): Promise<void> {
  const own = cycle.filter((asked) => asked.customer === customer)
  const placed = own.filter(
    ({ intent, answer }) => intent.kind === 'place' && answer?.status === 201,
  )
  const answers = placed.map(({ answer }) => answer).filter((answer) => answer !== null)
  await verifyOrders(run, ledger, { customer, answers })
  await verifyFills(run, ledger, { customer, answers })
  await verifySavings(run, customer)
}

type Own = { readonly customer: Customer; readonly answers: readonly Answer[] }

async function verifyOrders(run: Verifying, ledger: Ledger, { customer, answers }: Own) {
  const last = ledger.lastOrder.get(customer) ?? 0
  const listed = await listUntil<OrderAnswer>(run, customer, '/v1/orders', ({ id }) => id <= last)
  const known = new Set(answers.map((answer) => placedOf(answer).order.id))
  for (const { id } of listed) {
    if (!known.delete(id)) run.violated(`order ${id} is listed and no answer told of it, or twice`)
  }
  for (const id of known) run.violated(`order ${id} was acknowledged and is not listed`)
  ledger.lastOrder.set(customer, Math.max(last, ...listed.map(({ id }) => id)))
  run.reach('ordersListed', listed.length)
}

async function verifyFills(run: Verifying, ledger: Ledger, { customer, answers }: Own) {
  const fills = ledger.fills.get(customer) ?? new Map<string, string>()
  ledger.fills.set(customer, fills)
  const seen = new Set(fills.keys())
  const isKnown = (fill: FillAnswer) => seen.has(keyOf(fill))
  const listed = await listUntil<FillAnswer>(run, customer, '/v1/fills', isKnown)
  for (const fill of listed) {
    if (fills.has(keyOf(fill))) run.violated(`fill ${keyOf(fill)} is listed twice`)
    fills.set(keyOf(fill), JSON.stringify(fill))
  }
  run.reach('fillsListed', listed.length)
  for (const fill of answers.flatMap((answer) => placedOf(answer).fills)) {
    if (fills.get(keyOf(fill)) === JSON.stringify(fill)) continue
    run.violated(`fill ${JSON.stringify(fill)} was acknowledged, listed: ${fills.get(keyOf(fill))}`)
  }
}

async function verifySavings({ ask, memory, violated }: Verifying, customer: Customer) {
  const query = `account=${customer.savings}`
  const answer = await ask(customer.key, { method: 'GET', path: '/v1/balances', query })
  if (answer?.status !== 200) return violated(`balances of ${customer.savings}: ${answer?.text}`)
  const items: { asset: string; total: string }[] = JSON.parse(answer.text).items
  const held = new Map(items.map(({ asset, total }) => [asset, toUnits(total)]))
  for (const [asset, units] of memory.savingsOf(customer)) {
    if (units === (held.get(asset) ?? 0)) continue
    violated(`account ${customer.savings} holds ${held.get(asset)}e-8 ${asset}, not ${units}e-8`)
  }
}

/** Every order ends with the sum of its fills, and cancel-all has ended what it was told to. */
export async function verifyAllOrders(
  run: Verifying,
  ledger: Ledger,
  customer: Customer,
): Promise<void> {
  const sums = new Map<number, number>()
  for (const text of ledger.fills.get(customer)?.values() ?? []) {
    const { orderId, size }: FillAnswer = JSON.parse(text)
    sums.set(orderId, (sums.get(orderId) ?? 0) + toUnits(size))
  }
  const ended = new Set(endedByCancelAll(run, customer))
  const never = () => false
  for (const order of await listUntil<OrderAnswer>(run, customer, '/v1/orders', never)) {
    const { id, filled, status } = order
    if (toUnits(filled) !== (sums.get(id) ?? 0)) {
      run.violated(`order ${id} says it filled ${filled}, its fills say ${sums.get(id) ?? 0}e-8`)
    }
    if (ended.has(id) && isOpen(status)) run.violated(`order ${id} outlived a cancel-all`)
  }
}

function endedByCancelAll({ memory }: Verifying, customer: Customer): number[] {
  const all = memory.settled.filter(
    (asked) => asked.customer === customer && asked.intent.kind === 'cancelAll',
  )
  return all.flatMap(({ ordersBefore }) => ordersBefore)
}

/** Items of a list, newest first, up to the first one that is known. */
async function listUntil<Item>(
  { ask, violated }: Verifying,
  customer: Customer,
  path: string,
  isKnown: (item: Item) => boolean,
): Promise<Item[]> {
  const found: Item[] = []
  for (let after = ''; ; ) {
    const query = `limit=1000${after === '' ? '' : `&after=${after}`}`
    const answer = await ask(customer.key, { method: 'GET', path, query })
    if (answer?.status !== 200) {
      violated(`GET ${path} says ${answer?.status} ${answer?.text}`)
      return found
    }
    const page: { items: Item[]; next: string | null } = JSON.parse(answer.text)
    for (const item of page.items) {
      if (isKnown(item)) return found
      found.push(item)
    }
    if (page.next === null) return found
    after = page.next
  }
}

function keyOf({ market, id }: FillAnswer): string {
  return `${market}:${id}`
}
