// Reached: what a campaign has met, so that it cannot pass by meeting nothing.
//
// Names are "place: done", "event fill", "cancelled: order.expired", "stop GTD", and the stories
// that take several commands: a cascade, and a halt with its reopening.

import type { Command } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import type { Answer } from './engine-driver.ts'

export type Reached = {
  commands: number
  readonly seen: Map<string, number>
  /** Triggered orders that were not seen to trade yet, by id, and markets that a breach halted. */
  readonly triggered: Set<number>
  readonly halted: Set<number>
}

export function createReached(): Reached {
  return { commands: 0, seen: new Map(), triggered: new Set(), halted: new Set() }
}

export function countReached(reached: Reached, command: Command, answer: Answer): void {
  const { code, duplicate, events } = answer
  reached.commands += 1
  if (command.seq === 1) {
    reached.triggered.clear()
    reached.halted.clear()
  }
  note(reached, `${command.kind}: ${duplicate ? 'duplicate' : (code ?? 'done')}`)
  for (const event of events) {
    note(reached, `event ${event.kind}`)
    countEvent(reached, event)
  }
  countAmend(reached, command, events)
}

function countEvent(reached: Reached, event: Event): void {
  switch (event.kind) {
    case 'accepted':
      note(reached, `${event.type} ${event.timeInForce}`)
      if ((event.extra?.displaySize ?? 0) > 0) note(reached, 'an iceberg')
      if ((event.extra?.takeProfitPrice ?? 0) > 0) note(reached, `a bracket ${event.type}`)
      return
    case 'cancelled':
      note(reached, `cancelled: ${event.reason}`)
      return
    case 'refreshed':
      note(reached, event.requeued ? 'an iceberg goes behind' : 'an iceberg shows more')
      return
    case 'prevented':
      note(reached, `prevented: ${event.selfTrade}`)
      return
    default:
      countStory(reached, event)
  }
}

// An order that keeps its place has no event after its amend.
function countAmend(reached: Reached, command: Command, events: readonly Event[]): void {
  const [first, second] = events
  if (command.kind !== 'amend' || first?.kind !== 'amended') return
  const stays = second === undefined || second.kind === 'balance'
  if (first.bookNumber === 0) note(reached, 'amended while it waits')
  else note(reached, stays ? 'amend keeps its place' : 'amend leaves its place')
  if (command.triggerPrice !== 0) note(reached, 'amend of a trigger')
}

// A cascade: what a triggered order trades makes another one fire. A reopening: a market that a
// breach halted is open again by an auction.
function countStory(reached: Reached, event: Event): void {
  if (event.kind === 'triggered') {
    if (event.leftPrice > 0) note(reached, 'an oco triggered')
    if (reached.triggered.has(-1)) note(reached, 'a cascade')
    reached.triggered.add(event.orderId)
  }
  if (event.kind === 'fill') {
    if (event.auction) note(reached, 'a fill in an auction')
    if (event.makerFee < 0) note(reached, 'a rebate')
    if (event.makerFeeInBase || event.takerFeeInBase) note(reached, 'a fee in base')
    if (reached.triggered.has(event.takerOrderId)) reached.triggered.add(-1)
    else reached.triggered.delete(-1)
  }
  if (event.kind === 'phaseChanged') {
    const { phase, reason, market } = event
    note(reached, `${phase} by ${reason}`)
    if (reason === 'band') reached.halted.add(market)
    if (reason === 'uncross' && reached.halted.delete(market)) note(reached, 'a reopening')
  }
}

function note({ seen }: Reached, name: string): void {
  seen.set(name, (seen.get(name) ?? 0) + 1)
}
