// Portfolio: the signed-in customer's orders, fills and balances, and what is on its way.
//
// An order that was sent stands as pending until the stream (or, for one that never arrived, the
// server) says what became of it: never by hope.

import { computed, effect, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Stream } from '#client/stream.ts'
import {
  type AccountDeps,
  clearAccount,
  createAccountState,
  type Fill,
  followAccount,
  isOpen,
  newestFirst,
  type Order,
  takeOrder,
} from './account-state.ts'
import type { Notices } from './notices.ts'
import { grouped, plain } from './numbers.ts'
import { outcomeText } from './outcome-text.ts'
import type { Session } from './session.ts'

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
}

export type Portfolio = ReturnType<typeof createPortfolio>

export function createPortfolio(deps: PortfolioDeps) {
  const { client, notices, session } = deps
  const state = createAccountState()
  const pending = signal<readonly Pending[]>([])
  const dismiss = (id: string | null): void => {
    if (!pending.value.some((one) => one.clientOrderId === id)) return
    pending.value = pending.value.filter((one) => one.clientOrderId !== id)
  }
  const onOrder = ({ clientOrderId }: Order): void => dismiss(clientOrderId)
  const account = computed(() => session.user.value?.account)
  effect(() => {
    const id = account.value
    clearAccount(state)
    pending.value = []
    if (id !== undefined) return followAccount(followed(deps, onOrder), state, id)
  })
  const cancelling = signal<ReadonlySet<number>>(new Set())
  return {
    ...{ ...state, pending, cancelling, dismiss },
    open: computed(() => [...state.orders.value.values()].filter(isOpen).sort(newestFirst)),
    recent: computed(() => [...state.orders.value.values()].sort(newestFirst)),
    newestFills: computed(() => [...state.fills.value.values()].sort((a, b) => b.at - a.at)),
    available: (asset: string) => state.balances.value.get(asset)?.available,
    expect: (order: Pending): void => {
      pending.value = [order, ...pending.value]
    },
    /** The server's own answer about an order, for what the stream may not have told yet. */
    learn: (order: Order): void => takeOrder({ onOrder }, state, order),
    cancel: async (id: number): Promise<void> => {
      cancelling.value = new Set([...cancelling.value, id])
      const outcome = await client.cancel(id)
      cancelling.value = new Set([...cancelling.value].filter((one) => one !== id))
      if (outcome.kind !== 'done') notices.say(outcomeText(outcome), 'bad')
    },
    cancelAll: async (): Promise<void> => {
      const outcome = await client.cancelAll()
      if (outcome.kind !== 'done') notices.say(outcomeText(outcome), 'bad')
      else notices.say(`${outcome.value.cancelled} orders cancelled`)
    },
  }
}

/** A refused subscription is tried once more with a new token. */
function followed(
  { client, stream, session, notices }: PortfolioDeps,
  onOrder: (order: Order) => void,
): AccountDeps {
  const tried = { at: 0 }
  return {
    ...{ client, stream, onOrder },
    onFill: (fill) => tell(notices, fill),
    onRefused: () => {
      if (Date.now() - tried.at < RENEW_AGAIN_MS) return
      tried.at = Date.now()
      void session.renew().then(() => stream.reconnect())
    },
  }
}

const RENEW_AGAIN_MS = 30_000

function tell(notices: Notices, { market, side, size, price }: Fill): void {
  const [base = ''] = market.split('-')
  const verb = side === 'buy' ? 'Bought' : 'Sold'
  const tone = side === 'buy' ? 'up' : 'down'
  notices.say(`${verb} ${plain(size)} ${base} at ${grouped(price)}`, tone)
}
