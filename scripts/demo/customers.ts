// The demo's customers: a market maker, an arbitrageur and three takers, made at the first start.
//
// They register, hold API keys and are funded like anybody else; only the amounts are larger. Their
// passwords and keys stand in demo.json, so that a person can sign in as one of them and look.

import { randomBytes } from 'node:crypto'

import { assert } from '#kernel/assert.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { asMicros, type Clock } from '#kernel/time.ts'
import type { Auth, KeyScope } from '#platform/auth/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { assetId, coins } from './genesis.ts'
import { readOrMake, writeSecrets } from './secrets.ts'

export type Role = 'market-making' | 'arbitrage' | 'taker-1' | 'taker-2' | 'taker-3'

export type DemoCustomer = {
  readonly role: Role
  readonly email: string
  readonly password: string
  readonly key: { readonly id: string; readonly secret: string }
  readonly account: AccountId
  readonly userId: string
}

type Stored = {
  readonly role: Role
  readonly email: string
  readonly password: string
  key: { readonly id: string; readonly secret: string } | null
  userId: string | null
}

const TAKER = { USDC: 200_000, BTC: 4, ETH: 60, USD: 200_000, GBP: 150_000 }

const FUNDS: Readonly<Record<Role, Readonly<Record<string, number>>>> = {
  'market-making': { USDC: 10_000_000, BTC: 200, ETH: 3_000, USD: 10_000_000, GBP: 6_000_000 },
  arbitrage: { USDC: 1_000_000, BTC: 20, ETH: 300 },
  'taker-1': TAKER,
  'taker-2': TAKER,
  'taker-3': TAKER,
}

export const ROLES = Object.keys(FUNDS) as Role[] // Object.keys forgets the keys.

export type CustomerDeps = {
  readonly auth: Auth
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: LiveViews
  readonly dataFolder: string
  readonly clock: Clock
}

/** All customers, registered, with keys and funds; what is there already is left alone. */
export async function openCustomers(deps: CustomerDeps): Promise<DemoCustomer[]> {
  const { dataFolder } = deps
  const file = readOrMake(dataFolder, 'demo.json', () => ({ customers: ROLES.map(newCustomer) }))
  const customers: DemoCustomer[] = []
  for (const stored of file.customers) {
    const customer = await open(deps, stored)
    writeSecrets(dataFolder, 'demo.json', file)
    await fund(deps, customer)
    customers.push(customer)
  }
  return customers
}

function newCustomer(role: Role): Stored {
  const email = `${role}-${randomBytes(4).toString('hex')}@demo.example`
  return { role, email, password: randomBytes(18).toString('base64url'), key: null, userId: null }
}

async function open({ auth, views }: CustomerDeps, stored: Stored): Promise<DemoCustomer> {
  const { role, email, password } = stored
  if (stored.userId === null) {
    const user = await auth.register({ email, password })
    assert(user.ok, `demo customer ${email} cannot be registered`)
    stored.userId = user.value.id
  }
  const { userId } = stored
  if (stored.key === null) {
    const key = await auth.createKey({ userId, name: `demo ${role}`, scopes: scopesOf(role) })
    assert(key.ok, `demo customer ${email} gets no key`)
    stored.key = { id: key.value.id, secret: key.value.secret }
  }
  const account = views.accountOfUser(userId)?.account
  assert(account !== undefined, `demo.json is of another exchange: ${email} has no account here`)
  return { role, email, password, key: stored.key, account, userId }
}

function scopesOf(role: Role): KeyScope[] {
  return role === 'arbitrage' ? ['read', 'trade', 'rebalance'] : ['read', 'trade']
}

/** Once: an account that has ever held anything is not funded again. */
async function fund({ sequencer, views, clock }: CustomerDeps, customer: DemoCustomer) {
  if (views.balances(customer.account).length > 0) return
  const amounts = Object.entries(FUNDS[customer.role]).map(([symbol, whole]) => ({
    asset: assetId(symbol),
    amount: coins(symbol, whole),
  }))
  const { code } = await sequencer.submit({
    kind: 'faucet',
    account: asId<AccountId>(customer.account),
    requestId: `demo-${customer.role}`,
    sentAt: asMicros(clock()),
    sentAtGiven: false,
    amounts,
  })
  assert(code === null, `demo customer ${customer.email} is not funded: ${code}`)
}
