// World of round trips: one market, a customer with a sub-account, and others at one price.
//
// The others' orders that the customer can meet have one limit, the price of the way; they move the
// market among themselves where nobody else stands. Operations are done by any way: its numbers.

import assert from 'node:assert/strict'
import type { CommandBody, FeeTier, TriggerBy } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { asId } from '#kernel/ids.ts'
import {
  caller,
  faucet,
  issue,
  limit,
  listAsset,
  openAccount,
  START_US,
  stamp,
} from '../commands.ts'
import { createDriver } from '../engine-driver.ts'
import { mark, rules } from '../example.ts'
import { createRates, learnRates, type Scales } from '../fair-share.ts'

/** Two customers for the market; the one who tries, with a sub-account. */
export const MOVER = 16
export const OTHER = 17
export const TRADER = 18
export const SUB = 19
export const FEES = 2
export const DUST = 3
export const [QUOTE, BASE] = [0, 1]
const FUNDS = 1_000_000_000_000_000

export type Side = 'buy' | 'sell'
/** Rates of tiers, each from so much volume on: the first from 0. */
export type Tier = readonly [from: number, makerRate: number, takerRate: number]

/** The numbers of an operation. */
export type Way = {
  readonly price: number
  /** Lots, at least 4. */
  readonly size: number
  readonly account: number
  /** The other one of the same owner. */
  readonly own: number
  readonly amount: number
  /** The fee schedule, and the one that comes after it. */
  readonly tiers: readonly Tier[]
  readonly later: readonly Tier[]
}

export type Listing = {
  readonly priceScale: number
  readonly tickUnits: number
  readonly lotUnits: number
}

/** A tick times a lot is from 1 unit to many, and never what a lot has of base. */
export const AWKWARD_LISTINGS: readonly Listing[] = [
  { priceScale: 0, tickUnits: 1, lotUnits: 3 },
  { priceScale: 1, tickUnits: 1, lotUnits: 10 },
  { priceScale: 2, tickUnits: 1, lotUnits: 700 },
  { priceScale: 0, tickUnits: 7, lotUnits: 1 },
  { priceScale: 3, tickUnits: 11, lotUnits: 99_000 },
]

export type World = ReturnType<typeof createWorld>
export type Operation = {
  /** Kinds of events, `cancelled: reason` and the like that it must bring, or it shows nothing. */
  readonly shows: readonly string[]
  readonly does: (world: World, way: Way) => void
}

export const back = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy')

export function createWorld(listing: Listing) {
  const driver = createDriver()
  const clock = { seq: 0, time: START_US }
  const rates = createRates()
  const log: CommandBody[] = []
  const told: Event[] = []
  const tryOut = (body: CommandBody, wait = 1_000) => {
    clock.seq += 1
    clock.time += wait
    log.push(body)
    const answer = driver.apply(stamp(body, clock.seq, clock.time))
    for (const event of answer.events) {
      learnRates(rates, event)
      told.push(event)
    }
    return answer
  }
  const run = (body: CommandBody, wait?: number): void => {
    assert.equal(tryOut(body, wait).code, null, `${JSON.stringify(body)} is done`)
  }
  for (const body of openingOf(listing)) run(body)
  return {
    rates,
    scales: scalesOf(listing),
    run,
    tryOut,
    /** Commands and events since this was asked the last time. */
    takeLog: () => log.splice(0),
    takeEvents: () => told.splice(0),
    events: (): readonly Event[] => told,
    lastId: () => clock.seq,
    now: () => clock.time,
    image: () => driver.image(),
    tick() {
      while (driver.nextDue() <= clock.time) run({ kind: 'tick' }, 0)
    },
    /** Lets time pass until something is due, and does it. */
    tickAt(wait: number) {
      run({ kind: 'tick' }, wait)
      while (driver.nextDue() <= clock.time) run({ kind: 'tick' }, 0)
    },
  }
}

/** Quote units of a tick and a lot, and base units of a lot. */
function scalesOf({ priceScale, tickUnits, lotUnits }: Listing): Scales {
  return { lotUnits, quotePerTickLot: (tickUnits * lotUnits) / 10 ** priceScale }
}

function openingOf({ priceScale, tickUnits, lotUnits }: Listing): CommandBody[] {
  const market = {
    ...{ kind: 'listMarket', symbol: 'BTC-USD', marketKind: 'spot', base: BASE, quote: QUOTE },
    ...{ priceScale, tickUnits, lotUnits, minNotional: 1, makerRate: 0, takerRate: 0 },
  }
  const sub = { name: 's', requestId: '', ...caller() }
  return [
    ...['USD', 'BTC', 'ETH'].map(listAsset),
    market as never, // Brands only.
    ...[0, 1, 2].map((asset) => issue(asset, 5 * FUNDS)),
    ...['ann', 'bob', 'cid'].map(openAccount),
    { kind: 'openSubAccount', account: asId(TRADER), ...sub },
    ...[MOVER, OTHER, TRADER, SUB].map((account) => faucet(account, FUNDS)),
    rules({ minNotional: 1, collarBps: 5_000 }),
  ]
}

/** What the customer has of an asset, in all accounts. */
export function cashOf(world: World, accounts: readonly number[]): readonly bigint[] {
  const rows = world.image().balances
  return [QUOTE, BASE].map((asset) => {
    const own = rows.filter((row) => row.asset === asset && accounts.includes(row.account))
    return own.reduce((sum, { cash }) => sum + BigInt(cash), 0n)
  })
}

export function feesSet(tiers: readonly Tier[]): CommandBody {
  const schedule = tiers.map(([minNotional, makerRate, takerRate]) => {
    return { minNotional, makerRate, takerRate } as unknown as FeeTier // Brands only.
  })
  return { kind: 'setFees', market: asId(0), tiers: schedule }
}

/** The others' order stands at the price, or takes there what is better or equal. */
export function others(side: Side, price: number, size: number): CommandBody {
  return limit(side, { account: OTHER, price, size })
}

export function othersTake(side: Side, price: number, size: number): CommandBody {
  return limit(side, { account: OTHER, price, size, timeInForce: 'IOC' })
}

/** The others trade a lot among themselves; nobody else may stand there. */
export function moveTo({ run }: World, price: number): void {
  run(others('sell', price, 1))
  run(limit('buy', { account: MOVER, price, size: 1, timeInForce: 'IOC' }))
}

/** The reference of triggers comes to a price before the customer's order waits for it. */
export function refer(world: World, price: number, by: TriggerBy): void {
  if (by === 'mark') world.run(mark(price))
  else moveTo(world, price)
}

/** It comes to the price of the way, where the others stand to be taken on the side given. */
export function touch(world: World, side: Side, { price, size }: Way, by: TriggerBy): void {
  world.run(others(side, price, size + 1))
  const mover = limit(back(side), { account: MOVER, price, size: 1, timeInForce: 'IOC' })
  world.run(mover)
  if (by === 'mark') world.run(mark(price))
  world.tick()
}
