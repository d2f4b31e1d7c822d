// Portfolio: the signed-in customer's orders, fills and balances, told by the stream.
//
// History is read once after subscribing and again when messages were missed; the stream's word
// always wins over it. An order that was sent stands as pending until the stream (or, for one that
// never arrived, the server) says what became of it: never by hope.

import { computed, effect, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Stream } from '#client/stream.ts'
import type { BalancesMessage, FillsMessage, OrdersMessage } from '#client/stream-messages.ts'
import type { Frames } from './frames.ts'
import { insist } from './insist.ts'
import type { Notices } from './notices.ts'
import { grouped, plain } from './numbers.ts'
import { outcomeText } from './outcome-text.ts'
import type { Session } from './session.ts'

export type Order = OrdersMessage['order']
export type Fill = FillsMessage['fill']
export type Balance = BalancesMessage['balance']

export type Pending = Pick<Order, 'market' | 'side' | 'type' | 'price' | 'size'> & {
  readonly clientOrderId: string
  readonly quoteAmount?: string
  readonly sentAt: number
}

export type PortfolioDeps = {
  readonly client: Client
  readonly stream: Stream
  readonly session: Session
  readonly notices: Notices
  readonly frames: Frames
}

export type Portfolio = ReturnType<typeof createPortfolio>

const HISTORY = 200
const OPEN_MAX = 1_000

export function createPortfolio(deps: PortfolioDeps) {
  const state = createState()
  const account = computed(() => deps.session.user.value?.account)
  effect(() => {
    const id = account.value
    clear(state)
    if (id !== undefined) return follow(deps, state, id)
  })
  const cancelling = signal<ReadonlySet<number>>(new Set())
  return {
    ...state,
    cancelling,
    open: computed(() => [...state.orders.value.values()].filter(isOpen).sort(newestFirst)),
    recent: computed(() => [...state.orders.value.values()].sort(newestFirst)),
    newestFills: computed(() => [...state.fills.value.values()].sort((a, b) => b.at - a.at)),
    available: (asset: string) => state.balances.value.get(asset)?.available,
    expect: (order: Pending): void => {
      state.pending.value = [order, ...state.pending.value]
    },
    /** The order never came to be. */
    dismiss: (clientOrderId: string): void => dropPending(state, clientOrderId),
    /** The server's own answer about an order, for what the stream may not have told yet. */
    learn: (order: Order): void => takeOrder(state, order),
    cancel: async (id: number): Promise<void> => {
      cancelling.value = new Set([...cancelling.value, id])
      const outcome = await deps.client.cancel(id)
      cancelling.value = new Set([...cancelling.value].filter((one) => one !== id))
      if (outcome.kind !== 'done') deps.notices.say(outcomeText(outcome), 'bad')
    },
    cancelAll: async (): Promise<void> => {
      const outcome = await deps.client.cancelAll()
      if (outcome.kind !== 'done') deps.notices.say(outcomeText(outcome), 'bad')
      else deps.notices.say(`${outcome.value.cancelled} orders cancelled`)
    },
  }
}

function createState() {
  return {
    isLoaded: signal(false),
    orders: signal<ReadonlyMap<number, Order>>(new Map()),
    fills: signal<ReadonlyMap<string, Fill>>(new Map()),
    balances: signal<ReadonlyMap<string, Balance>>(new Map()),
    pending: signal<readonly Pending[]>([]),
    /** Told by the stream since the last reading began. */
    told: new Set<string>(),
  }
}

type State = ReturnType<typeof createState>

export function isOpen({ status }: Order): boolean {
  return status === 'open' || status === 'partially_filled'
}

function newestFirst(a: Order, b: Order): number {
  return b.id - a.id
}

function clear(state: State): void {
  state.isLoaded.value = false
  state.orders.value = new Map()
  state.fills.value = new Map()
  state.balances.value = new Map()
  state.pending.value = []
}

function follow(deps: PortfolioDeps, state: State, account: number): () => void {
  const { stream, session } = deps
  const alive = { is: true, triedToRenew: false }
  // All three become ready together; one of them reads history for all.
  const onReady = (how: 'fresh' | 'resumed'): void => {
    alive.triedToRenew = false
    if (how === 'fresh' || !state.isLoaded.peek()) void load(deps, state, alive)
  }
  const onRefused = (): void => {
    if (alive.triedToRenew) return
    alive.triedToRenew = true
    void session.renew().then(() => stream.reconnect())
  }
  const stops = [
    stream.subscribe(
      { name: 'orders', account },
      { onReady, onRefused, onMessage: ({ order }) => takeOrder(state, order) },
    ),
    stream.subscribe({ name: 'fills', account }, { onMessage: (m) => takeFill(deps, state, m) }),
    stream.subscribe({ name: 'balances', account }, { onMessage: (m) => takeBalance(state, m) }),
  ]
  return () => {
    alive.is = false
    for (const stop of stops) stop()
  }
}

async function load({ client }: PortfolioDeps, state: State, alive: { is: boolean }) {
  state.told.clear()
  const isWanted = (): boolean => alive.is
  const [open, partly, recent, fills, balances] = await Promise.all([
    insist(() => client.orders({ status: 'open', limit: OPEN_MAX }), isWanted),
    insist(() => client.orders({ status: 'partially_filled', limit: OPEN_MAX }), isWanted),
    insist(() => client.orders({ limit: HISTORY }), isWanted),
    insist(() => client.fills({ limit: HISTORY }), isWanted),
    insist(() => client.balances(), isWanted),
  ])
  if (!alive.is) return
  for (const page of [open, partly, recent]) {
    for (const order of page?.items ?? []) takeOrder(state, order)
  }
  const traded = (fills?.items ?? []).map((fill) => [fillKey(fill), fill] as const)
  state.fills.value = new Map([...state.fills.value, ...traded])
  const untold = (balances?.items ?? []).filter(({ asset }) => !state.told.has(asset))
  const held = untold.map((balance) => [balance.asset, balance] as const)
  state.balances.value = new Map([...state.balances.value, ...held])
  state.isLoaded.value = true
}

function takeOrder(state: State, order: Order): void {
  const known = state.orders.value.get(order.id)
  const isNews = known === undefined || isLater(order, known)
  if (isNews) state.orders.value = new Map(state.orders.value).set(order.id, order)
  if (order.clientOrderId !== null) dropPending(state, order.clientOrderId)
}

/** A finished order stays finished; else the later word counts. */
function isLater(order: Order, known: Order): boolean {
  if (isOpen(order) !== isOpen(known)) return isOpen(known)
  return order.updatedAt >= known.updatedAt
}

function takeFill({ notices }: PortfolioDeps, state: State, { fill }: FillsMessage): void {
  const key = fillKey(fill)
  if (state.fills.value.has(key)) return
  state.fills.value = new Map(state.fills.value).set(key, fill)
  const [base = ''] = fill.market.split('-')
  const verb = fill.side === 'buy' ? 'Bought' : 'Sold'
  const tone = fill.side === 'buy' ? 'up' : 'down'
  notices.say(`${verb} ${plain(fill.size)} ${base} at ${grouped(fill.price)}`, tone)
}

function takeBalance(state: State, { balance }: BalancesMessage): void {
  state.told.add(balance.asset)
  state.balances.value = new Map(state.balances.value).set(balance.asset, balance)
}

function dropPending({ pending }: State, clientOrderId: string): void {
  if (pending.value.some((one) => one.clientOrderId === clientOrderId)) {
    pending.value = pending.value.filter((one) => one.clientOrderId !== clientOrderId)
  }
}

/** A trade of two own orders is two fills with one id. */
function fillKey({ market, id, orderId }: Fill): string {
  return `${market} ${id} ${orderId}`
}
