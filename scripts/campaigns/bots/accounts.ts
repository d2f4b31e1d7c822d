// Accounts: what the venue says of a bot, what the bot's own record says, and whether they agree.
//
// The venue's lists are the exchange's own, read over the API with the bot's key. An order is lost
// when the bot made it and neither the venue has it nor the bot was told that it is not; doubled is
// what the venue has and the bot never made, and a fill that was counted twice.

import { setTimeout as sleep } from 'node:timers/promises'
import { openStateStore } from '#bots/runtime/state-store.ts'
import { createClient } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { Send } from '#client/send.ts'
import type { Balance, Fill, HistoryPage, Order } from '#client/shapes.ts'
import { keyAuthorization } from '#client/sign.ts'
import type { Key } from '../kill9/ask.ts'

export type Account = {
  readonly orders: readonly Order[]
  readonly fills: readonly Fill[]
  readonly balances: readonly Balance[]
}

export type BotRecord = {
  readonly idPrefix: string
  readonly state: { readonly version: number; readonly state: BotState; readonly kept: Kept }
}

type BotState = {
  readonly decisions: number
  readonly fills: number
  readonly bought: number
  readonly sold: number
  readonly ends: Readonly<Record<string, string>>
  readonly amends: number
}

type Kept = {
  readonly orders: Readonly<Record<string, object>>
  readonly positions: Readonly<Record<string, { readonly size: number }>>
  readonly idCount: number
}

const LOOK_MS = 50

export async function readAccount(baseUrl: string, send: Send, key: Key): Promise<Account> {
  const client = createClient({ baseUrl, send, authorization: keyAuthorization(key) })
  // Lists of what is over come from the database, which follows.
  while (done(await client.health()).projectorLag > 0) await sleep(LOOK_MS)
  const balances = done(await client.balances())
  return {
    orders: await all((after) => client.orders({ limit: 1_000, ...after })),
    fills: await all((after) => client.fills({ limit: 1_000, ...after })),
    balances: balances.items,
  }
}

/** As the bot's next start would find it. */
export function readRecord(path: string): BotRecord {
  const store = openStateStore(path)
  const { found } = store
  if (found?.state === undefined) throw new Error(`${path}: the bot has no record`)
  // A record of the campaign's own strategy.
  return { idPrefix: found.idPrefix, state: found.state as BotRecord['state'] }
}

export type Verdict = { readonly lost: readonly string[]; readonly doubled: readonly string[] }

const NEAR = 1e-7

/** Holds a bot's record against the venue's own account. */
export function judge({ orders, fills }: Account, { idPrefix, state }: BotRecord): Verdict {
  const { state: told, kept } = state
  const lost: string[] = []
  const doubled: string[] = []
  const there = new Map(orders.map((order) => [order.clientOrderId ?? '', order]))
  const made = Array.from({ length: kept.idCount }, (_, at) => idPrefix + (at + 1).toString(36))
  for (const id of made) {
    const end = told.ends[id]
    const order = there.get(id)
    const isRefused = end?.startsWith('refused') === true
    if (order === undefined && !isRefused) lost.push(`order ${id} (${end ?? 'open'})`)
    if (order !== undefined && isRefused) doubled.push(`order ${id} was called refused`)
    if (order === undefined || end === undefined || isRefused) continue
    const [how, filled] = end.split(' ')
    const isAsTold = how === stateOf(order) && Number(filled) === Number(order.filled)
    if (!isAsTold) lost.push(`the end of ${id}: ${end}`)
  }
  const ids = new Set(made)
  for (const id of there.keys()) if (!ids.has(id)) doubled.push(`order ${id} is nobody's`)
  if (there.size !== orders.length) doubled.push('two orders of one id')
  const sum = (side: string) =>
    fills.filter((fill) => fill.side === side).reduce((all_, { size }) => all_ + Number(size), 0)
  const compare = (what: string, ours: number, theirs: number) => {
    if (ours < theirs - NEAR) lost.push(`${what}: ${ours} of ${theirs}`)
    if (ours > theirs + NEAR) doubled.push(`${what}: ${ours} of ${theirs}`)
  }
  compare('fills', told.fills, fills.length)
  compare('bought', told.bought, sum('buy'))
  compare('sold', told.sold, sum('sell'))
  const position = Object.values(kept.positions).reduce((all_, { size }) => all_ + size, 0)
  const off = position - (sum('buy') - sum('sell'))
  if (Math.abs(off) > NEAR) doubled.push(`the position is off by ${off}`)
  return { lost, doubled }
}

function stateOf({ status }: Order): string {
  return status === 'filled' ? 'filled' : 'cancelled'
}

/**
 * What must be the same in two runs, in an order of its own. Ids count in the order of decisions,
 * and what waited for a restart is decided at once: which id is whose is for `judge` to say.
 */
export function comparable({ orders, fills, balances }: Account, { state }: BotRecord) {
  const rows = <T>(list: readonly T[], of: (one: T) => readonly unknown[]) =>
    list.map((one) => JSON.stringify(of(one))).sort()
  const { state: told, kept, version } = state
  return {
    orders: rows(orders, (order) => {
      const {
        id: _id,
        clientOrderId: _own,
        createdAt: _at,
        updatedAt: _to,
        triggeredAt: _on,
        ...rest
      } = withTimes(order)
      return sorted(rest)
    }),
    fills: rows(fills, ({ side, price, size, fee, feeAsset, liquidity }) => {
      return [side, price, size, fee, feeAsset, liquidity]
    }),
    balances: rows(balances, ({ asset, available, held }) => [asset, available, held]),
    told: { ...told, version, ends: Object.values(told.ends).sort() },
    kept: {
      ...kept,
      orders: rows(Object.values(kept.orders), (order) => sorted({ ...order, id: 0 })),
    },
  }
}

function sorted(of: object): readonly unknown[] {
  return Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1))
}

function withTimes(
  order: Order,
): Order & { createdAt?: unknown; updatedAt?: unknown; triggeredAt?: unknown } {
  return order
}

/** Paths at which two values differ; numbers may differ by what sums of floats lose. */
export function differences(a: unknown, b: unknown, path = ''): string[] {
  if (Object.is(a, b)) return []
  if (typeof a === 'number' && typeof b === 'number') {
    const isNear = Math.abs(a - b) <= NEAR * Math.max(1, Math.abs(a), Math.abs(b))
    return isNear ? [] : [`${path}: ${a} and ${b}`]
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`]
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].flatMap((key) =>
    differences(Reflect.get(a, key), Reflect.get(b, key), `${path}.${key}`),
  )
}

async function all<T>(
  ask: (after: { readonly after?: string }) => Promise<Outcome<HistoryPage<T>>>,
): Promise<T[]> {
  const items: T[] = []
  let after: string | null = null
  do {
    const page: HistoryPage<T> = done(await ask(after === null ? {} : { after }))
    items.push(...page.items)
    after = page.next
  } while (after !== null)
  return items
}

function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value
  throw new Error(`an account cannot be read: ${JSON.stringify(outcome)}`)
}
