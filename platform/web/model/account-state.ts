// Account state: orders, fills and balances of one account, told by the stream.
//
// History is read once after subscribing and again when messages were missed; the stream's word
// always wins over it. One's own account is read so, and those of one's bots.

import { signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Stream } from '#client/stream.ts'
import type { BalancesMessage, FillsMessage, OrdersMessage } from '#client/stream-messages.ts'
import { insist } from './insist.ts'

export type Order = OrdersMessage['order']
export type Fill = FillsMessage['fill']
export type Balance = BalancesMessage['balance']

export type AccountDeps = {
  readonly client: Client
  readonly stream: Stream
  readonly onOrder?: (order: Order) => void
  /** Of what happens from now on, not of what is read. */
  readonly onFill?: (fill: Fill) => void
  readonly onRefused: () => void
}

export type AccountState = ReturnType<typeof createAccountState>

const HISTORY = 200
const OPEN_MAX = 1_000

export function createAccountState() {
  return {
    isLoaded: signal(false),
    orders: signal<ReadonlyMap<number, Order>>(new Map()),
    fills: signal<ReadonlyMap<string, Fill>>(new Map()),
    balances: signal<ReadonlyMap<string, Balance>>(new Map()),
    /** Told by the stream since the last reading began. */
    told: new Set<string>(),
  }
}

export function isOpen({ status }: Order): boolean {
  return status === 'open' || status === 'partially_filled'
}

export function newestFirst(a: Order, b: Order): number {
  return b.id - a.id
}

export function clearAccount(state: AccountState): void {
  state.isLoaded.value = false
  state.orders.value = new Map()
  state.fills.value = new Map()
  state.balances.value = new Map()
}

/** Until the returned function is called. */
export function followAccount(deps: AccountDeps, state: AccountState, account: number): () => void {
  const { stream, onRefused } = deps
  const alive = { is: true }
  // All three become ready together; one of them reads history for all.
  const onReady = (how: 'fresh' | 'resumed'): void => {
    if (how === 'fresh' || !state.isLoaded.peek()) void load(deps, state, { account, alive })
  }
  const stops = [
    stream.subscribe(
      { name: 'orders', account },
      { onReady, onRefused, onMessage: ({ order }) => takeOrder(deps, state, order) },
    ),
    stream.subscribe({ name: 'fills', account }, { onMessage: (m) => takeFill(deps, state, m) }),
    stream.subscribe({ name: 'balances', account }, { onMessage: (m) => takeBalance(state, m) }),
  ]
  return () => {
    alive.is = false
    for (const stop of stops) stop()
  }
}

type Load = { readonly account: number; readonly alive: { readonly is: boolean } }

async function load(deps: AccountDeps, state: AccountState, { account, alive }: Load) {
  const { client } = deps
  state.told.clear()
  const isWanted = (): boolean => alive.is
  const [open, partly, recent, fills, balances] = await Promise.all([
    insist(() => client.orders({ account, status: 'open', limit: OPEN_MAX }), isWanted),
    insist(() => client.orders({ account, status: 'partially_filled', limit: OPEN_MAX }), isWanted),
    insist(() => client.orders({ account, limit: HISTORY }), isWanted),
    insist(() => client.fills({ account, limit: HISTORY }), isWanted),
    insist(() => client.balances({ account }), isWanted),
  ])
  if (!alive.is) return
  for (const page of [open, partly, recent]) {
    for (const order of page?.items ?? []) takeOrder(deps, state, order)
  }
  const traded = (fills?.items ?? []).map((fill) => [fillKey(fill), fill] as const)
  state.fills.value = new Map([...state.fills.value, ...traded])
  const untold = (balances?.items ?? []).filter(({ asset }) => !state.told.has(asset))
  const held = untold.map((balance) => [balance.asset, balance] as const)
  state.balances.value = new Map([...state.balances.value, ...held])
  state.isLoaded.value = true
}

export function takeOrder(
  { onOrder }: Pick<AccountDeps, 'onOrder'>,
  state: AccountState,
  order: Order,
): void {
  const known = state.orders.value.get(order.id)
  const isNews = known === undefined || isLater(order, known)
  if (isNews) state.orders.value = new Map(state.orders.value).set(order.id, order)
  onOrder?.(order)
}

/** A finished order stays finished; else the later word counts. */
function isLater(order: Order, known: Order): boolean {
  if (isOpen(order) !== isOpen(known)) return isOpen(known)
  return order.updatedAt >= known.updatedAt
}

function takeFill({ onFill }: AccountDeps, state: AccountState, { fill }: FillsMessage): void {
  const key = fillKey(fill)
  if (state.fills.value.has(key)) return
  state.fills.value = new Map(state.fills.value).set(key, fill)
  onFill?.(fill)
}

function takeBalance(state: AccountState, { balance }: BalancesMessage): void {
  state.told.add(balance.asset)
  state.balances.value = new Map(state.balances.value).set(balance.asset, balance)
}

/** A trade of two own orders is two fills with one id. */
function fillKey({ market, id, orderId }: Fill): string {
  return `${market} ${id} ${orderId}`
}
