// Scenarios: storms at the limits of one market, by the kind of order that they are made of.
//
// Each gets a stage of its own, fills it quietly and lets the storm loose. Resting orders belong to
// accounts with as many as one may have; takers have accounts of their own.

import { OUTCOME_WINDOW_US, TRAILING_PER_MARKET_MAX } from '#engine/limits.ts'

import * as bodies from './bodies.ts'
import { FIRST_ACCOUNT, type Stage } from './stage.ts'

/** 10^5 open orders at 10^4 prices. */
const OPEN = 100_000
const LEVELS = 10_000
const PER_ACCOUNT = 1_000
const MIDDLE = 1_000_000
const TAKER = FIRST_ACCOUNT + 1_000
const FILLS = 1_000
const HOUR_US = 3_600_000_000

export type Scenario = (stage: Stage) => void

/** A command as long as one may be, so that memory was used before, as in any running exchange. */
export function warmUp({ quietly }: Stage): void {
  for (let i = 0; i < FILLS; i += 1) {
    quietly(bodies.place({ account: FIRST_ACCOUNT + i, side: 'sell', price: MIDDLE }))
  }
  quietly(bodies.take(TAKER, 'buy', FILLS))
}

/** The owner of the order with a number: a thousand orders each. */
function ownerOf(order: number): number {
  return FIRST_ACCOUNT + Math.floor(order / PER_ACCOUNT)
}

/** Fills both sides, ten orders a price; answers owner and id of every order. */
function fillBook(stage: Stage): { owner: number; id: number }[] {
  const levels = stage.some(LEVELS) >> 1
  return Array.from({ length: stage.some(OPEN) }, (_, i) => {
    const owner = ownerOf(i)
    const away = 1 + ((i >> 1) % levels)
    const side = i % 2 === 0 ? 'buy' : 'sell'
    const price = side === 'buy' ? MIDDLE - away : MIDDLE + away
    return { owner, id: stage.quietly(bodies.place({ account: owner, side, price })) }
  })
}

/** The same row of pseudo-random numbers below 1 at every run. */
function createRandom(): () => number {
  let state = 12_345
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

/** An empty exchange fills up with orders that have ids: its tables grow. */
const filling: Scenario = (stage) => {
  const levels = stage.some(LEVELS)
  for (let i = 0; i < stage.some(OPEN); i += 1) {
    const price = MIDDLE - (i % levels)
    stage.send(bodies.place({ account: ownerOf(i), side: 'buy', price, clientOrderId: `f-${i}` }))
  }
}

/** After a quiet quarter of an hour all that was remembered is too old in one moment. */
const forgetting: Scenario = (stage) => {
  const levels = stage.some(LEVELS)
  const ask = (id: string, i: number, sentAt?: number) => {
    const price = MIDDLE - (i % levels)
    const order = { account: ownerOf(i), side: 'buy', price, clientOrderId: id, sentAt } as const
    return bodies.place(order)
  }
  const orders = Array.from({ length: stage.some(OPEN) }, (_, i) => ({
    owner: ownerOf(i),
    id: stage.quietly(ask(`f-${i}`, i)),
  }))
  stage.wait(2 * OUTCOME_WINDOW_US)
  const later = stage.now()
  for (const [i, { owner, id }] of orders.slice(0, stage.some(20_000)).entries()) {
    stage.send(bodies.cancel(owner, id))
    stage.send(ask(`g-${i}`, i, later))
  }
}

const deepBook: Scenario = (stage) => {
  const orders = fillBook(stage)
  const random = createRandom()
  const levels = stage.some(LEVELS) >> 1
  for (let i = 0; i < stage.some(20_000); i += 1) {
    const at = Math.floor(random() * orders.length)
    const { owner, id } = orders[at] ?? { owner: 0, id: 0 }
    stage.send(bodies.cancel(owner, id))
    const price = MIDDLE - 1 - Math.floor(random() * levels)
    orders[at] = { owner, id: stage.send(bodies.place({ account: owner, side: 'buy', price })) }
  }
}

const cancelStorm: Scenario = (stage) => {
  const orders = fillBook(stage)
  const random = createRandom()
  const keyed = orders.map((order) => ({ ...order, key: random() }))
  for (const { owner, id } of keyed.sort((a, b) => a.key - b.key)) {
    stage.send(bodies.cancel(owner, id))
  }
}

/** Every fill empties a price; what meets the limit of fills goes on by ticks. */
const oneTickLadder: Scenario = (stage) => {
  const levels = stage.some(LEVELS)
  const sweep = 3 * stage.some(FILLS)
  const offer = (level: number): void => {
    const account = FIRST_ACCOUNT + (level % 900)
    stage.quietly(bodies.place({ account, side: 'sell', price: MIDDLE + level }))
  }
  for (let level = 0; level < levels; level += 1) offer(level)
  for (let turn = 0; turn < 40; turn += 1) {
    const price = MIDDLE + levels
    stage.send(bodies.place({ account: TAKER, side: 'buy', price, size: sweep }))
    stage.settle()
    for (let level = 0; level < sweep; level += 1) offer(level)
  }
}

/** Everybody at one price shows a lot and hides the rest: each fill is followed by a refill. */
const icebergs: Scenario = (stage) => {
  const extra = { displaySize: 1 }
  const size = stage.some(FILLS)
  for (let i = 0; i < size; i += 1) {
    const account = FIRST_ACCOUNT + (i % 100)
    stage.quietly(bodies.place({ account, side: 'sell', price: MIDDLE, size: 1_000, extra }))
  }
  for (let turn = 0; turn < 200; turn += 1) stage.send(bodies.take(TAKER, 'buy', size))
}

/** Stops at every price of a ladder, all met by one move of the mark price. */
const triggerLadder: Scenario = (stage) => {
  const stops = stage.some(LEVELS)
  stage.quietly(bodies.setMark(MIDDLE))
  for (let i = 0; i < stops; i += 1) {
    stage.quietly(
      bodies.place({ account: TAKER + (i % 50), side: 'buy', price: MIDDLE - i, size: 2 }),
    )
  }
  for (let i = 0; i < stops; i += 1) {
    const extra = { triggerPrice: MIDDLE - 1 - i, triggerBy: 'mark' }
    const terms = { account: ownerOf(i), side: 'sell', price: 0, type: 'stop', extra } as const
    stage.quietly(bodies.place(terms))
  }
  stage.send(bodies.setMark(MIDDLE - stops))
  stage.settle()
}

/** As many trailing stops as a market may have, of fifty owners, follow every trade. */
const trailingStops: Scenario = (stage) => {
  const trades = stage.some(5_000)
  const ask = (i: number) => {
    const [account, price] = [FIRST_ACCOUNT + 100 + (i % 500), MIDDLE + i]
    stage.quietly(bodies.place({ account, side: 'sell', price }))
  }
  for (let i = 0; i <= trades; i += 1) ask(i)
  stage.quietly(bodies.take(TAKER, 'buy', 1))
  for (let i = 0; i < TRAILING_PER_MARKET_MAX; i += 1) {
    const extra = { trail: 900_000 }
    const terms = { side: 'sell', price: 0, type: 'trailing-stop', extra } as const
    stage.quietly(bodies.place({ account: FIRST_ACCOUNT + (i % 50), ...terms }))
  }
  for (let i = 0; i < trades; i += 1) stage.send(bodies.take(TAKER, 'buy', 1))
}

/** Entries are filled in two halves, so that exits open and grow; then the exits are filled. */
const brackets: Scenario = (stage) => {
  const entries = stage.some(LEVELS)
  const extra = { takeProfitPrice: MIDDLE + 1_000, triggerPrice: MIDDLE - 900_000 }
  for (let i = 0; i < entries; i += 1) {
    const price = MIDDLE - (i % 100)
    stage.quietly(bodies.place({ account: ownerOf(i * 2), side: 'buy', price, size: 2, extra }))
  }
  const size = stage.some(FILLS)
  for (let sold = 0; sold < entries * 2; sold += size) {
    stage.send(bodies.take(TAKER, 'sell', size))
    stage.settle()
  }
  for (let bought = 0; bought < entries * 2; bought += size) {
    stage.send(bodies.take(TAKER, 'buy', size))
    stage.settle()
  }
}

/** Half of them trade, half of them trigger. */
const oneCancelsOther: Scenario = (stage) => {
  const count = stage.some(LEVELS)
  stage.quietly(bodies.setMark(MIDDLE))
  for (let i = 0; i < count; i += 1) {
    const extra = { triggerPrice: MIDDLE - 1 - i, triggerBy: 'mark' }
    const terms = { side: 'sell', price: MIDDLE + i, type: 'oco', extra } as const
    stage.quietly(bodies.place({ account: ownerOf(i), ...terms }))
  }
  const size = stage.some(FILLS)
  for (let i = 0; i < count / 2; i += size) stage.send(bodies.take(TAKER, 'buy', size))
  stage.send(bodies.setMark(MIDDLE - count))
  stage.settle()
}

/** Two sides that overlap at every price; priced once a second, then paired by ticks. */
const auction: Scenario = (stage) => {
  const levels = stage.some(LEVELS)
  stage.quietly(bodies.setPhase('auction'))
  for (let i = 0; i < stage.some(OPEN); i += 1) {
    const side = i % 2 === 0 ? 'buy' : 'sell'
    const price = MIDDLE + ((i >> 1) % levels)
    stage.quietly(bodies.place({ account: ownerOf(i), side, price }))
  }
  for (let second = 0; second < 100; second += 1) {
    stage.wait(1_000_000)
    stage.send(bodies.place({ account: TAKER, side: 'buy', price: MIDDLE + second }))
  }
  stage.send(bodies.setPhase('continuous'))
  stage.settle()
}

const massCancel: Scenario = (stage) => {
  fillBook(stage)
  for (let i = 0; i < stage.some(OPEN) / PER_ACCOUNT; i += 1) {
    stage.send(bodies.cancelAll(FIRST_ACCOUNT + i))
  }
}

const expiry: Scenario = (stage) => {
  const extra = { expireAt: stage.now() + HOUR_US }
  const levels = stage.some(LEVELS)
  for (let i = 0; i < stage.some(OPEN); i += 1) {
    const price = MIDDLE - (i % levels)
    const terms = { side: 'buy', price, timeInForce: 'GTD', extra } as const
    stage.quietly(bodies.place({ account: ownerOf(i), ...terms }))
  }
  stage.wait(HOUR_US)
  stage.settle()
}

const delisting: Scenario = (stage) => {
  fillBook(stage)
  stage.send(bodies.delist())
  stage.settle()
}

/** Looked at as many makers as one command may, and refused. */
const fillOrKill: Scenario = (stage) => {
  fillBook(stage)
  const terms = { side: 'buy', price: MIDDLE * 2, timeInForce: 'FOK' } as const
  for (let i = 0; i < stage.some(2_000); i += 1) {
    stage.send(bodies.place({ account: TAKER, size: FILLS + 1, ...terms }))
  }
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  filling,
  forgetting,
  'deep-book': deepBook,
  'cancel-storm': cancelStorm,
  'one-tick-ladder': oneTickLadder,
  icebergs,
  'trigger-ladder': triggerLadder,
  'trailing-stops': trailingStops,
  brackets,
  'one-cancels-other': oneCancelsOther,
  auction,
  'mass-cancel': massCancel,
  expiry,
  delisting,
  'fill-or-kill': fillOrKill,
}
