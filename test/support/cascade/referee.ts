// Referee of a cascade: what no command of a crash may do, judged from its events alone.
//
// No fill is beyond the collar of its order's trigger, or of the best price that a market order
// found, nor outside the band, which is reckoned here anew; no tick fires too many triggers, and
// nobody else fires any; what is halted does not trade, and trades again by an auction first.

import assert from 'node:assert/strict'
import type { Command } from '#engine/command.ts'
import type { Event, Fill } from '#engine/event.ts'
import { FILLS_PER_COMMAND_MAX, TRIGGERS_PER_COMMAND_MAX } from '#engine/limits.ts'
import type { Rules } from './crash.ts'

const BPS = 10_000

type Accepted = Extract<Event, { kind: 'accepted' }>
type PhaseChanged = Extract<Event, { kind: 'phaseChanged' }>
type Triggered = Extract<Event, { kind: 'triggered' }>

export function createReferee() {
  const seen = createSeen()
  return {
    /** The command, with the best bid that it found. */
    judge(command: Command, events: readonly Event[], bid: number): void {
      const trades = events.filter((event) => event.kind === 'fill' && !event.auction)
      const window = seen.rules.bandWindowUs
      const isLater = Math.floor(command.time / window) > Math.floor(seen.band.at / window)
      if (trades.length > 0 && window > 0 && isLater) begins(seen, command.time)
      for (const event of events) read(seen, event)
      boundedWork(command, events)
      if (command.kind === 'setMarket') {
        seen.rules = command
        begins(seen, command.time)
      }
      if (command.kind === 'place' && command.type === 'market') {
        withinCollar(seen, { orderId: command.seq, bid, events })
      }
    },
    counts: seen.counts,
    last: () => seen.last,
    lowest: () => seen.lowest,
    /** How many wait still. */
    armed: () => seen.armed.size,
  }
}

type Seen = {
  rules: Rules
  phase: string
  last: number
  lowest: number
  /** What the band is around, and since when. */
  band: { readonly price: number; readonly at: number }
  /** The least that orders may be sold for, the most that they may be bought for. */
  readonly worst: Map<number, Worst>
  readonly armed: Map<number, Accepted>
  readonly counts: Map<string, number>
}

type Worst = { readonly sells: boolean; readonly price: number }

function createSeen(): Seen {
  return {
    ...{ rules: NO_RULES, phase: 'continuous', last: 0, lowest: Infinity },
    ...{ band: { price: 0, at: 0 }, worst: new Map(), armed: new Map(), counts: new Map() },
  }
}

function note({ counts }: Seen, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** A window, or trading: the band is around the last price from now on. */
function begins(seen: Seen, at: number): void {
  seen.band = { price: seen.last, at }
}

function read(seen: Seen, event: Event): void {
  switch (event.kind) {
    case 'accepted':
      if (event.extra?.triggerPrice || event.extra?.trail) seen.armed.set(event.seq, event)
      seen.worst.set(event.seq, worstOf(event))
      return
    case 'triggered':
      assert.equal(seen.phase, 'continuous', 'nothing fires in a market that is not open')
      triggeredPrice(event, seen.armed.get(event.orderId), seen.rules)
      seen.armed.delete(event.orderId)
      seen.worst.set(event.orderId, { sells: event.side === 'sell', price: event.price })
      note(seen, 'triggered')
      return
    case 'fill':
      readFill(seen, event)
      return
    case 'phaseChanged':
      readPhase(seen, event)
      return
    case 'cancelled':
      seen.armed.delete(event.orderId)
      note(seen, `cancelled: ${event.reason}`)
      return
    default:
  }
}

function readFill(seen: Seen, fill: Fill): void {
  const { phase, rules, band } = seen
  note(seen, fill.auction ? 'fills of auctions' : 'fills')
  for (const id of [fill.makerOrderId, fill.takerOrderId]) withinWorst(seen.worst.get(id), fill)
  assert.equal(phase, fill.auction ? 'auction' : 'continuous', 'a fill of its phase')
  if (!fill.auction && rules.bandBps > 0) withinBand(fill, band.price, rules.bandBps)
  seen.lowest = Math.min(seen.lowest, fill.price)
  seen.last = fill.price
}

function readPhase(seen: Seen, { phase, reason, endsAt, time }: PhaseChanged): void {
  note(seen, `${phase} by ${reason}`)
  if (reason === 'band') {
    const { haltUs, auctionUs } = seen.rules
    assert.equal(phase, haltUs > 0 ? 'halted' : 'auction', 'a breach halts')
    assert.equal(endsAt, time + (haltUs > 0 ? haltUs : auctionUs), 'for so long')
  }
  const opens = phase === 'continuous'
  assert.ok(!opens || seen.phase === 'auction', `opened out of ${seen.phase} without an auction`)
  seen.phase = phase
  if (opens) begins(seen, time)
}

type Sale = { readonly orderId: number; readonly bid: number; readonly events: readonly Event[] }

/** Of a market order to sell, around the best bid that it found. */
function withinCollar(seen: Seen, { orderId, bid, events }: Sale): void {
  const least = Math.max(1, Math.ceil((bid * (BPS - seen.rules.collarBps)) / BPS))
  for (const event of events) {
    if (event.kind !== 'fill' || event.takerOrderId !== orderId) continue
    assert.ok(event.price >= least, `a market order sold at ${event.price}, beyond ${least}`)
    note(seen, 'fills of market orders')
  }
}

const NO_RULES: Rules = { collarBps: 0, bandBps: 0, bandWindowUs: 0, haltUs: 0, auctionUs: 0 }

/** Of an order that works at once; an oco's limit until it fires. */
function worstOf({ side, type, price }: Accepted): Worst {
  const sells = side === 'sell'
  const none = sells ? 1 : Number.MAX_SAFE_INTEGER
  return { sells, price: type === 'limit' || type === 'oco' ? price : none }
}

function withinWorst(worst: Worst | undefined, { price }: Fill): void {
  assert.ok(worst !== undefined, 'who trades was accepted')
  const fits = worst.sells ? price >= worst.price : price <= worst.price
  assert.ok(fits, `a fill at ${price}, beyond ${worst.price}`)
}

function withinBand({ price }: Fill, reference: number, bandBps: number): void {
  const low = Math.max(1, Math.ceil((reference * (BPS - bandBps)) / BPS))
  const high = Math.floor((reference * (BPS + bandBps)) / BPS)
  assert.ok(price >= low && price <= high, `a fill at ${price}, not in ${low} to ${high}`)
}

/** Without a limit of its own it works at its trigger with the collar, a sale at most so low. */
function triggeredPrice(event: Triggered, order: Accepted | undefined, { collarBps }: Rules): void {
  assert.ok(order !== undefined, `order ${event.orderId} waits, and fires once`)
  const { triggerPrice, reference, price } = event
  // What follows the price is told with the price of now, which may have come back.
  const isMet = reference <= triggerPrice || order.type === 'trailing-stop'
  assert.ok(isMet, 'a stop to sell is met from above')
  const least = Math.max(1, Math.ceil((triggerPrice * (BPS - collarBps)) / BPS))
  assert.equal(price, order.type === 'stop-limit' ? order.price : least, `of ${order.type}`)
}

function boundedWork({ kind }: Command, events: readonly Event[]): void {
  const count = (what: Event['kind']) => events.filter((event) => event.kind === what).length
  const fired = count('triggered')
  assert.ok(fired <= TRIGGERS_PER_COMMAND_MAX, `${fired} triggers of one command`)
  assert.ok(fired === 0 || kind === 'tick', `a ${kind} fires ${fired} triggers`)
  assert.ok(count('fill') <= FILLS_PER_COMMAND_MAX, 'too many fills of one command')
}
