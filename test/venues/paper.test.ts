// The numbered spec of venues in paper mode: a live book that a test tells, and a private engine.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { openPaperStore } from '#connectors/simulated/paper-store.ts'
import { openPaperVenue } from '#connectors/simulated/paper-venue.ts'
import type { PlaceAnswer, Trading } from '#connectors/venue.ts'
import { createToldVenue, ETH_USDC } from '../connectors/simulated/told-venue.ts'
import { testVenue } from './spec.ts'
import type { Connection, VenueUnderTest } from './venue-under-test.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-paper-'))
after(() => rmSync(folder, { recursive: true }))

async function open(): Promise<VenueUnderTest> {
  const told = createToldVenue()
  const wire = { isLosing: false }
  const clock = { at: 1_800_000_000_000_000 }
  const now = () => {
    clock.at += 100
    return clock.at
  }
  const connect = async (): Promise<Connection> => {
    const venue = await openPaperVenue({
      ...{ live: told.venue, balances: { USDC: '100000', ETH: '40' }, now, log: assert.fail },
      store: openPaperStore(join(folder, 'paper.json')),
    })
    const lossy =
      <A extends readonly unknown[]>(ask: (...asked: A) => Promise<PlaceAnswer>) =>
      async (...asked: A): Promise<PlaceAnswer> => {
        const answer = await ask(...asked)
        return wire.isLosing ? { kind: 'unknown', reason: 'the answer was lost' } : answer
      }
    const { place, amend } = venue.trading
    const trading: Trading = {
      ...{ ...venue.trading, place: lossy(place) },
      ...(amend === undefined ? {} : { amend: lossy(amend) }),
    }
    venue.subscribe(ETH_USDC.symbol, () => {})
    return { venue, trading }
  }
  const makeBook = () => {
    told.gone()
    const levels = (side: 1 | -1) =>
      Array.from({ length: 5 }, (_, rank) => [2_500 + side * (rank + 1) * 10, 4] as const)
    told.book(levels(-1), levels(1), now())
  }
  makeBook()
  const first = await connect()
  makeBook()
  return {
    ...first,
    ...{ symbol: ETH_USDC.symbol, size: '0.1', rests: true, quoteUnit: 1e-6 },
    prices: { buy: { fills: '2600', far: '2450' }, sell: { fills: '2400', far: '2550' } },
    async settle() {
      await new Promise((resolve) => setImmediate(resolve))
    },
    async losingAnswers(run) {
      wire.isLosing = true
      try {
        return await run()
      } finally {
        wire.isLosing = false
      }
    },
    async reopen() {
      const again = await connect()
      makeBook()
      return again
    },
  }
}

testVenue(await open())
