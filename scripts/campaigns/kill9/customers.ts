// The campaign's customers: registered over HTTP once, before the first kill.
//
// Each has a main account that trades, a sub-account that only transfers reach, and a key. All of
// them are funded from the faucet like anybody else.

import { randomUUID } from 'node:crypto'
import { tokenAuthorization } from '#client/authorization.ts'
import { createClient } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { Send } from '#client/send.ts'
import type { KeyScope } from '#platform/auth/port.ts'
import type { Key } from './ask.ts'

export type Customer = {
  readonly key: Key
  readonly account: number
  /** Only transfers reach it, so its balance is known from their answers. */
  readonly savings: number
}

type Registration = { readonly baseUrl: string; readonly send: Send; readonly count: number }

export async function registerCustomers(order: Registration): Promise<Customer[]> {
  const customers: Customer[] = []
  for (let index = 0; index < order.count; index += 1) customers.push(await register(order))
  return customers
}

async function register({ baseUrl, send }: Registration): Promise<Customer> {
  const visitor = createClient({ baseUrl, send })
  const who = { email: `${randomUUID()}@example.com`, password: randomUUID() }
  done(await visitor.register(who))
  const { accessToken = '' } = done(await visitor.login({ ...who, refresh: 'body' }))
  const authorization = tokenAuthorization(() => accessToken)
  const client = createClient({ baseUrl, send, authorization })
  done(await client.faucet())
  const { account: savings } = done(await client.openAccount({ name: 'savings' }))
  const scopes: KeyScope[] = ['read', 'trade', 'withdraw']
  const { id, secret = '' } = done(await client.createKey({ name: 'load', scopes }))
  const account = done(await client.me()).accounts.find(({ kind }) => kind === 'main')?.id ?? 0
  return { key: { id, secret }, account, savings: savings.id }
}

function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value
  throw new Error(`a customer cannot be made: ${JSON.stringify(outcome)}`)
}
