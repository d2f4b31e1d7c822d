// Stream orders: place, amend and cancel over a connection, up to GROUP_MAX in one message.
//
// Bodies, results and statuses are those of REST. A message is one group in the journal. A
// connection that asked for it has a number; whatever was placed over it is cancelled when it ends,
// also what was still on its way: an account is noted before its order is sequenced.

import type { Result } from '#kernel/result.ts'
import { refuse } from '#kernel/result.ts'
import type { Principal } from '#platform/auth/port.ts'
import type { BatchItem, OrderEntry } from '#platform/orders/port.ts'
import type { AccountAccess } from '#platform/portfolio/port.ts'
import { isPermitted } from './plugins/authenticate.ts'
import type { OrderMessage } from './stream-messages.ts'

/** Commands of a message for the weight of one request: it costs a fraction of them. */
const COMMANDS_PER_WEIGHT = 4

/** As of the routes that do the same. */
const TRADE = { scope: 'trade', byMarket: true } as const

export type StreamOrdersDeps = {
  readonly entry: Pick<OrderEntry, 'run' | 'disconnected'>
  readonly access: AccountAccess
  /** Takes weight out of what key and account may ask for. */
  readonly charge: (principal: Principal, weight: number) => Result<null>
  /** The number of the next connection whose orders end with it; from 1. */
  readonly nextSession: () => number
}

export type StreamOrders = {
  /** From now on this connection's orders end with it. */
  cancelOnDisconnect(): void
  /** A JSON array with one result a command, or the refusal of the whole message. */
  run(principal: Principal, message: OrderMessage): Promise<string> | Result<never>
  end(): void
}

export function createStreamOrders(deps: StreamOrdersDeps): StreamOrders {
  const { entry, access, charge, nextSession } = deps
  const accounts = new Set<number>()
  let session = 0
  const note = (principal: Principal, { place }: BatchItem): void => {
    const account = place === undefined ? undefined : access.resolve(principal, place.account)
    if (account?.ok === true) accounts.add(account.value)
  }
  return {
    cancelOnDisconnect: () => {
      if (session === 0) session = nextSession()
    },
    run: (principal, message) => {
      if (!isPermitted(principal, TRADE)) return refuse('auth.forbidden')
      const weight = Math.ceil(message.orders.length / COMMANDS_PER_WEIGHT)
      const charged = charge(principal, weight)
      if (!charged.ok) return charged
      const items = itemsOf(message)
      if (session > 0) for (const item of items) note(principal, item)
      return entry.run(principal, items, { session, answers: message.answers })
    },
    end: () => {
      for (const account of accounts) void entry.disconnected(account, session)
    },
  }
}

function itemsOf(message: OrderMessage): readonly BatchItem[] {
  switch (message.op) {
    case 'order.place':
      return message.orders.map((place) => ({ place }))
    case 'order.amend':
      return message.orders.map((amend) => ({ amend }))
    case 'order.cancel':
      return message.orders.map((cancel) => ({ cancel }))
  }
}
