// Trailing: keeps the triggers of waiting trailing stops up to date on the page.
//
// They move with the market and the stream does not tell them, so each is read again now and then.

import type { Client } from '#client/client.ts'
import type { Connection } from './connection.ts'
import { followsMarket } from './order-words.ts'
import type { Portfolio } from './portfolio.ts'

export type TrailingDeps = {
  readonly client: Pick<Client, 'order'>
  readonly connection: Pick<Connection, 'every'>
  readonly portfolio: Pick<Portfolio, 'open' | 'learn'>
}

const EVERY_MS = 2_000

export function followTrailing({ client, connection, portfolio }: TrailingDeps): void {
  connection.every(EVERY_MS, async () => {
    for (const { id } of portfolio.open.peek().filter(followsMarket)) {
      const outcome = await client.order(id)
      if (outcome.kind === 'done') portfolio.learn(outcome.value.order)
    }
  })
}
