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
type Triggered = Extract<Event, { kind: 'triggered' }>

export function createReferee() {
  const state = { rules: NO_RULES, phase: 'continuous', last: 0, lowest: Infinity }
  /** What the band is around, and since when. */
  const band = { price: 0, at: 0 }
  /** The least that orders may be sold for, the most that they may be bought for. */
  const worst = new Map<number, { readonly sells: boolean; readonly price: number }>()
  const armed = new Map<number, Accepted>()
  const counts = new Map<string, number>()
  const note = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  const begins = (at: number) => {
    band.price = state.last
    band.at = at
  }
  const readFill = (fill: Fill) => {
    note(fill.auction ? 'fills of auctions' : 'fills')
    for (const id of [fill.makerOrderId, fill.takerOrderId]) withinWorst(worst.get(id), fill)
    if (fill.auction) assert.equal(state.phase, 'auction', 'only an auction uncrosses')
    else assert.ok(state.phase === 'continuous', `a fill while the market is ${state.phase}`)
    if (!fill.auction && state.rules.bandBps > 0) withinBand(fill, band.price, state.rules.bandBps)
    state.lowest = Math.min(state.lowest, fill.price)
    state.last = fill.price
  }
  const readPhase = ({ phase, reason, endsAt, time }: Extract<Event, { kind: 'phaseChanged' }>) => {
    note(`${phase} by ${reason}`)
    if (reason === 'band') {
      const { haltUs, auctionUs } = state.rules
      assert.equal(phase, haltUs > 0 ? 'halted' : 'auction', 'a breach halts')
      assert.equal(endsAt, time + (haltUs > 0 ? haltUs : auctionUs), 'for so long')
    }
    if (phase === 'continuous' && state.phase === 'halted') assert.fail('opened without an auction')
    state.phase = phase
    if (phase === 'continuous') begins(time)
  }
  const read = (event: Event) => {
    switch (event.kind) {
      case 'accepted':
        if (event.extra?.triggerPrice || event.extra?.trail) armed.set(event.seq, event)
        worst.set(event.seq, worstOf(event))
        return
      case 'triggered':
        assert.equal(state.phase, 'continuous', 'nothing fires in a market that is not open')
        triggeredPrice(event, armed.get(event.orderId), state.rules)
        armed.delete(event.orderId)
        worst.set(event.orderId, { sells: event.side === 'sell', price: event.price })
        return note('triggered')
      case 'fill':
        return readFill(event)
      case 'phaseChanged':
        return readPhase(event)
      case 'cancelled':
        armed.delete(event.orderId)
        return note(`cancelled: ${event.reason}`)
      default:
    }
  }
  return {
    /** The command, with the best bid that it found. */
    judge(command: Command, events: readonly Event[], bid: number): void {
      const fills = events.filter((event) => event.kind === 'fill' && !event.auction)
      const window = state.rules.bandWindowUs
      const isLater = Math.floor(command.time / window) > Math.floor(band.at / window)
      if (fills.length > 0 && window > 0 && isLater) begins(command.time)
      for (const event of events) read(event)
      boundedWork(command, events)
      if (command.kind === 'setMarket') {
        state.rules = command
        begins(command.time)
      }
      if (command.kind === 'place' && command.type === 'market') {
        const least = Math.max(1, Math.ceil((bid * (BPS - state.rules.collarBps)) / BPS))
        const own = fills.filter(
          (fill) => fill.kind === 'fill' && fill.takerOrderId === command.seq,
        )
        for (const fill of own) assert.ok(fill.kind === 'fill' && fill.price >= least, 'collar')
        if (own.length > 0) note('market orders that traded')
      }
    },
    counts,
    state,
    /** How many wait still. */
    armed: () => armed.size,
  }
}

const NO_RULES: Rules = { collarBps: 0, bandBps: 0, bandWindowUs: 0, haltUs: 0, auctionUs: 0 }

/** Of an order that works at once; an oco's limit until it fires. */
function worstOf({ side, type, price }: Accepted) {
  const sells = side === 'sell'
  const none = sells ? 1 : Number.MAX_SAFE_INTEGER
  return { sells, price: type === 'limit' || type === 'oco' ? price : none }
}

function withinWorst(worst: { sells: boolean; price: number } | undefined, { price }: Fill): void {
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
