// Trailing: keeps the triggers of waiting trailing stops up to date on the page.
//
// They move with the market and the stream does not tell them, so they are read again now and then,
// one list at a time, and only for whom they were asked.

import type { Client } from '#client/client.ts'
import type { Connection } from './connection.ts'
import { followsMarket } from './order-words.ts'
import type { Portfolio } from './portfolio.ts'
import type { Session } from './session.ts'

export type TrailingDeps = {
  readonly client: Pick<Client, 'orders'>
  readonly connection: Pick<Connection, 'every'>
  readonly session: Pick<Session, 'user'>
  readonly portfolio: Pick<Portfolio, 'open' | 'learn'>
}

const EVERY_MS = 2_000
const LIMIT = 1_000

export function followTrailing({ client, connection, session, portfolio }: TrailingDeps): void {
  const account = () => session.user.peek()?.account
  const state = { isAsking: false }
  connection.every(EVERY_MS, async () => {
    const known = new Map(portfolio.open.peek().map((order) => [order.id, order.currentTrigger]))
    if (state.isAsking || !portfolio.open.peek().some(followsMarket)) return
    const asking = account()
    state.isAsking = true
    const outcome = await client.orders({ status: 'open', limit: LIMIT })
    state.isAsking = false
    if (outcome.kind !== 'done' || account() !== asking) return
    for (const order of outcome.value.items) {
      const isNews = known.has(order.id) && known.get(order.id) !== order.currentTrigger
      if (followsMarket(order) && isNews) portfolio.learn(order)
    }
  })
}
