// Example: model and engine for worked examples, with every invariant checked after every command.
//
// Market 0 has lots of 3 base units and 3 quote units for 1 tick x 1 lot, maker 2 %, taker 5 %.
// Events are told in one word each, with the numbers that an example is about.

import assert from 'node:assert/strict'
import type { CommandBody, OrderExtra, PlaceOrder } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import type { OpenOrder } from '#engine/image.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { assertSameImage } from './alike.ts'
import { limit, opening, START_US, stamp } from './commands.ts'
import { createDriver } from './engine-driver.ts'
import { createInvariants } from './invariants.ts'
import { createModel } from './model/model.ts'
import { NO_EXTRA } from './model/no-extra.ts'

export type Example = {
  /** Applies a body `wait` microseconds later: the code of a refusal, else what happened. */
  run(body: CommandBody, wait?: number): string
  /** Ticks at this moment until nothing is due; what happened, one line a tick. */
  ticks(wait?: number): string[]
  /** The id of the last accepted order. */
  lastId(): number
  order(orderId: number): OpenOrder | undefined
  cash(account: number, asset: number): number
  now(): number
  nextDue(): number
}

export function createExample(before: readonly CommandBody[] = [], funds = 1_000_000): Example {
  const model = createModel()
  const engine = createDriver()
  const invariants = createInvariants()
  let seq = 0
  let time = START_US
  let lastId = 0
  const run = (body: CommandBody, wait = 1_000): string => {
    seq += 1
    time += wait
    const command = stamp(body, seq, time)
    const answer = model.apply(command)
    assert.deepEqual(engine.apply(command), answer, 'the engine answers as the model')
    const image = model.image()
    assertSameImage(engine.image(), image)
    const { seq: _, time: __, eventNo: ___, volumes: ____, ...state } = image
    invariants.check({ command, answer, image, digest: JSON.stringify(state) })
    if (answer.events.some(({ kind }) => kind === 'accepted')) lastId = seq
    return answer.code ?? story(answer.events)
  }
  const example: Example = {
    run,
    ticks(wait = 0) {
      time += wait
      const lines: string[] = []
      while (model.nextDue() <= time && lines.length < 100) lines.push(run({ kind: 'tick' }, 0))
      return lines
    },
    lastId: () => lastId,
    order: (orderId) => model.image().orders.find((order) => order.orderId === orderId),
    cash(account, asset) {
      const rows = model.image().balances
      return rows.find((row) => row.account === account && row.asset === asset)?.cash ?? 0
    },
    now: () => time,
    nextDue: () => model.nextDue(),
  }
  for (const body of [...opening(funds), ...before]) {
    const told = run(body)
    assert.ok(!/^[a-z_]+\.[a-z_]+$/.test(told), `the beginning of an example is refused: ${told}`)
  }
  return example
}

type Plain<T> = { readonly [K in keyof T]?: T[K] extends number ? number : T[K] }

/** An order of any type: 10 lots of account 16, GTC, with what is given. */
export function order(
  side: 'buy' | 'sell',
  more: Plain<PlaceOrder>,
  extra: Plain<OrderExtra> = {},
): PlaceOrder {
  const full = { ...NO_EXTRA, ...(extra as Partial<OrderExtra>) } // Brands only.
  const type = more.type ?? 'limit'
  const hasPrice = type === 'oco' || type.endsWith('limit')
  const price = more.price ?? (hasPrice ? 100 : 0)
  return { ...limit(side, { ...(more as object), type, price }), extra: full }
}

/** The rules of a market: no collar, no band, no auctions, but for what is given. */
export function rules(more: Plain<Extract<CommandBody, { kind: 'setMarket' }>>): CommandBody {
  const none = { collarBps: 0, bandBps: 0, bandWindowUs: 0, haltUs: 0, auctionUs: 0 }
  const day = { sessionOpenUs: 0, sessionCloseUs: 0 }
  const all = { market: asId<never>(0), minNotional: asUnit<never>(10), ...none, ...day }
  return { kind: 'setMarket', ...all, ...(more as object) }
}

export function amend(
  orderId: number,
  change: { price?: number; size?: number; triggerPrice?: number; account?: number },
): CommandBody {
  const { price = 0, size = 0, triggerPrice = 0, account = 16 } = change
  const what = { price: asUnit<never>(price), size: asUnit<never>(size) }
  const who = { account: asId<never>(account), orderId: asId<never>(orderId) }
  return { kind: 'amend', ...who, ...what, triggerPrice: asUnit(triggerPrice) }
}

export function cancel(orderId: number, account = 16): CommandBody {
  return { kind: 'cancel', account: asId(account), orderId: asId(orderId) }
}

export function phase(name: OpenPhase, endsAt = 0): CommandBody {
  return { kind: 'setPhase', market: asId(0), phase: name, endsAt: asMicros(endsAt) }
}

type OpenPhase = Extract<CommandBody, { kind: 'setPhase' }>['phase']

export function mark(price: number): CommandBody {
  return { kind: 'setMark', market: asId(0), price: asUnit(price) }
}

/** A trade of one lot at a price, between 17 and 18, in a market where nobody is better. */
export function trade(example: Example, price: number): void {
  example.run(limit('sell', { account: 17, price, size: 1 }))
  const told = example.run(limit('buy', { account: 18, price, size: 1 }))
  assert.ok(told.startsWith(`accepted, fill 1@${price}`), told)
}

function story(events: readonly Event[]): string {
  return events
    .map(tell)
    .filter((told) => told !== '')
    .join(', ')
}

function tell(event: Event): string {
  switch (event.kind) {
    case 'balance':
    case 'posting':
      return ''
    case 'fill':
      return `fill ${event.size}@${event.price}`
    case 'rested':
      return `rested ${event.shown}@${event.price}`
    case 'cancelled':
      return `cancelled ${event.reason.replace('.', ' ')}`
    case 'refreshed':
      return `${event.requeued ? 'requeued' : 'refreshed'} ${event.added}`
    case 'amended':
      return `amended ${event.remaining}@${event.price} less ${event.shown}`
    case 'triggered':
      return `triggered at ${event.triggerPrice} to ${event.price}`
    case 'exitOpened':
      return `exit ${event.size}@${event.price}`
    case 'phaseChanged':
      return `${event.phase} by ${event.reason}`
    case 'uncrossed':
      return `uncrossed ${event.volume}@${event.price}`
    case 'indicative':
      return `indicative ${event.volume}@${event.price}`
    case 'reduced':
      return `reduced by ${event.by}`
    default:
      return event.kind
  }
}
