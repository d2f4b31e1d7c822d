// Fees: what the signed-in customer pays in each market, as the platform counts it.
//
// Read again a moment after fills, because they move the tier, and now and then, because days do.
// Orders keep the rates of their acceptance: nothing here is about one that was placed.

import { computed, effect, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Connection } from './connection.ts'
import type { ItemOf } from './item-of.ts'
import type { Listing } from './listing.ts'
import type { Portfolio } from './portfolio.ts'
import type { Session } from './session.ts'

export type FeesDeps = {
  readonly client: Client
  readonly connection: Connection
  readonly session: Session
  readonly listing: Listing
  readonly portfolio: Portfolio
}

export type Fees = ReturnType<typeof createFees>
type Row = ItemOf<Client['fees']>

const SOON_MS = 2_000
const NOW_AND_THEN_MS = 60_000

export function createFees({ client, connection, session, listing, portfolio }: FeesDeps) {
  const rows = signal<ReadonlyMap<string, Row>>(new Map())
  const account = computed(() => session.user.value?.account)
  const state = { isDue: false }
  const load = async (): Promise<void> => {
    const asking = account.peek()
    if (asking === undefined) return
    const outcome = await client.fees()
    if (outcome.kind !== 'done' || account.peek() !== asking) return
    rows.value = new Map(outcome.value.items.map((row) => [row.market, row]))
  }
  effect(() => {
    account.value
    rows.value = new Map()
    void load()
  })
  effect(() => {
    if (portfolio.fills.value.size === 0 || state.isDue) return
    state.isDue = true
    setTimeout(() => {
      state.isDue = false
      void load()
    }, SOON_MS)
  })
  connection.every(NOW_AND_THEN_MS, load)
  return {
    /** In the market that is looked at; undefined while nobody is signed in. */
    own: computed(() => rows.value.get(listing.current.value ?? '')),
  }
}
