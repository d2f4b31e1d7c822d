// Operations that trade at once or from the book: orders without a trigger, as taker and maker.
//
// Each comes for a purchase and for a sale where there are both. The customer takes what the others
// offer at the price, or stands there until they come; in two fills, so that it is rounded twice.

import type { PlaceOrder, SelfTrade } from '#engine/command.ts'
import { amend, cancel, order } from '../example.ts'
import { back, feesSet, type Operation, others, othersTake, type Side, type Way } from './world.ts'

type Fields = Readonly<Record<string, unknown>>
type Operations = Readonly<Record<string, Operation>>

const FILLED = ['fill']
const RECEIVED = { feeIn: 'received' } as const
const MODES: readonly SelfTrade[] = ['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement']

/** The customer's order of the way, with what is given. */
export function own(side: Side, way: Way, more: Fields = {}, extra: Fields = {}): PlaceOrder {
  const { price, size, account } = way
  return order(side, { account, price, size, ...more } as never, extra as never)
}

const takes = (side: Side, more: Fields = {}, extra: Fields = {}): Operation => ({
  shows: FILLED,
  does({ run }, way) {
    run(others(back(side), way.price, way.size))
    run(own(side, way, { timeInForce: 'IOC', ...more }, extra))
  },
})

const takesByQuote = (side: Side, more: Fields = {}, extra: Fields = {}): Operation => ({
  shows: FILLED,
  does({ run, scales }, way) {
    run(others(back(side), way.price, way.size * 2))
    const quoteAmount = way.price * way.size * scales.quotePerTickLot + 7
    const what = { type: 'market', price: 0, size: 0, timeInForce: 'IOC', quoteAmount }
    run(own(side, way, { ...what, ...more }, extra))
  },
})

const makes = (side: Side, more: Fields = {}, extra: Fields = {}): Operation => ({
  shows: ['rested', 'fill'],
  does({ run }, way) {
    run(own(side, way, more, extra))
    for (const part of [1, way.size - 1]) run(othersTake(back(side), way.price, part))
  },
})

const takesSomeMakesTheRest = (side: Side, extra: Fields = {}): Operation => ({
  shows: ['rested', 'fill'],
  does({ run }, way) {
    run(others(back(side), way.price, 2))
    run(own(side, way, {}, extra))
    for (const part of [1, way.size - 3]) run(othersTake(back(side), way.price, part))
  },
})

/** Shows too much for the others' first order, so that it comes again. */
const icebergs = (side: Side, extra: Fields = {}): Operation => ({
  shows: ['rested', 'fill', 'refreshed'],
  does({ run }, way) {
    run(own(side, way, {}, { displaySize: 3, ...extra }))
    for (const part of [3, way.size - 3]) run(othersTake(back(side), way.price, part))
  },
})

/** It would take, and stands a tick worse than the best instead. */
const slides = (side: Side): Operation => ({
  shows: ['rested', 'fill'],
  does({ run }, way) {
    const behind = way.price + (side === 'buy' ? 1 : -1)
    run(others(back(side), behind, 1))
    run(own(side, { ...way, price: behind }, { postOnly: true }, { slide: true }))
    run(othersTake(back(side), way.price, way.size))
  },
})

/** An order of the owner's other account stands first, then the others'. */
const meetsItself = (side: Side, selfTrade: SelfTrade, more: Fields = {}): Operation => ({
  shows: [`prevented: ${selfTrade}`],
  does({ run }, way) {
    run(own(back(side), { ...way, account: way.own, size: 2 }))
    run(others(back(side), way.price, way.size))
    run(own(side, way, { selfTrade, timeInForce: 'IOC', ...more }))
  },
})

const ratesChangeMeanwhile = (side: Side): Operation => ({
  shows: ['rested', 'fill', 'feesSet'],
  does({ run }, way) {
    run(own(side, way))
    run(othersTake(back(side), way.price, 1))
    run(feesSet(way.later))
    run(othersTake(back(side), way.price, way.size - 1))
  },
})

const amendsThereAndBack = (side: Side): Operation => ({
  shows: ['amended', 'fill'],
  does({ run, lastId }, way) {
    const { price, size, account } = way
    run(own(side, way))
    const id = lastId()
    const worse = side === 'buy' ? price - 1 : price + 1
    run(amend(id, { account, price: worse, size: size * 2 }))
    run(amend(id, { account, price, size }))
    run(othersTake(back(side), price, size))
  },
})

const amendsWhatTraded = (side: Side, extra: Fields = {}): Operation => ({
  shows: ['amended', 'fill'],
  does({ run, lastId }, way) {
    const { price, size, account } = way
    run(own(side, way, {}, extra))
    const id = lastId()
    run(othersTake(back(side), price, 1))
    run(amend(id, { account, size: size - 1 }))
    run(othersTake(back(side), price, 1))
    run(amend(id, { account, size: size + 3 }))
    run(othersTake(back(side), price, size + 1))
  },
})

const amendsIntoTheBook = (side: Side): Operation => ({
  shows: ['amended', 'fill'],
  does({ run, lastId }, way) {
    const { price, size, account } = way
    run(own(side, { ...way, price: side === 'buy' ? price - 1 : price + 1 }))
    const id = lastId()
    run(others(back(side), price, size - 2))
    run(amend(id, { account, price }))
    run(othersTake(back(side), price, 2))
  },
})

const cancelsTheRest = (side: Side): Operation => ({
  shows: ['fill', 'cancelled: order.cancelled_by_owner'],
  does({ run, lastId }, way) {
    run(own(side, way))
    const id = lastId()
    run(othersTake(back(side), way.price, way.size - 1))
    run(cancel(id, way.account))
  },
})

const expires = (side: Side, timeInForce: 'GTD' | 'DAY'): Operation => ({
  shows: ['fill', 'cancelled: order.expired'],
  does({ run, now, tickAt }, way) {
    const expireAt = timeInForce === 'GTD' ? now() + 50_000 : 0
    run(own(side, way, { timeInForce }, { expireAt }))
    run(othersTake(back(side), way.price, 1))
    tickAt(timeInForce === 'GTD' ? 50_000 : 86_400_000_000)
  },
})

const bySide = (name: string, made: (side: Side) => Operation): Operations => ({
  [`${name}: buy`]: made('buy'),
  [`${name}: sell`]: made('sell'),
})

/** A market order by size. */
const MARKET = { type: 'market', price: 0 }

export const AT_ONCE: Operations = {
  ...bySide('take', (side) => takes(side)),
  ...bySide('take or kill', (side) => takes(side, { timeInForce: 'FOK' })),
  ...bySide('take with an order that may stay', (side) => takes(side, { timeInForce: 'GTC' })),
  ...bySide('market order', (side) => takes(side, MARKET)),
  ...bySide('market order by quote', (side) => takesByQuote(side)),
  ...bySide('market order by quote or kill', (side) => takesByQuote(side, { timeInForce: 'FOK' })),
  'take paying in base': takes('buy', {}, RECEIVED),
  'market order paying in base': takes('buy', MARKET, RECEIVED),
  'market order by quote paying in base': takesByQuote('buy', {}, RECEIVED),
  'reduce-only sale': takes('sell', {}, { reduceOnly: true }),
  ...bySide('make', (side) => makes(side)),
  ...bySide('make post-only', (side) => makes(side, { postOnly: true })),
  'make paying in base': makes('buy', {}, RECEIVED),
  ...bySide('take some, make the rest', (side) => takesSomeMakesTheRest(side)),
  'take some, make the rest, paying in base': takesSomeMakesTheRest('buy', RECEIVED),
  ...bySide('iceberg', (side) => icebergs(side)),
  'iceberg paying in base': icebergs('buy', RECEIVED),
  ...bySide('slide', slides),
  ...bySide('make while rates change', ratesChangeMeanwhile),
  ...bySide('amend there and back', amendsThereAndBack),
  ...bySide('amend what traded', (side) => amendsWhatTraded(side)),
  ...bySide('amend an iceberg', (side) => amendsWhatTraded(side, { displaySize: 2 })),
  ...bySide('amend into the book', amendsIntoTheBook),
  ...bySide('trade and cancel', cancelsTheRest),
  ...bySide('trade and expire', (side) => expires(side, 'GTD')),
  ...bySide('trade and end with the day', (side) => expires(side, 'DAY')),
  ...Object.assign({}, ...MODES.map((mode) => bySide(mode, (side) => meetsItself(side, mode)))),
  'cancel-maker by a market order': meetsItself('buy', 'cancel-maker', MARKET),
  'decrement an order that stays': meetsItself('sell', 'decrement', { timeInForce: 'GTC' }),
}
