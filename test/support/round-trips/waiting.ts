// Operations that wait for a price: stops, take-profits, trailing stops, ocos and brackets.
//
// The others move the market, or the mark, to the price of the way and stand there: so what was
// triggered trades at that price like everything else, and only rounding can make a difference.

import type { TriggerBy } from '#engine/command.ts'
import { asId } from '#kernel/ids.ts'
import { amend } from '../example.ts'
import { own } from './at-once.ts'
import {
  back,
  moveTo,
  type Operation,
  others,
  othersTake,
  refer,
  type Side,
  touch,
  type Way,
} from './world.ts'

type Fields = Readonly<Record<string, unknown>>
type Operations = Readonly<Record<string, Operation>>

const RECEIVED = { feeIn: 'received' } as const
const FIRED = ['triggered', 'fill']

/** A stop to buy waits above the market, a take-profit below it; a sale the other way round. */
function sideOfMarket(side: Side, type: string): number {
  return (side === 'buy') === type.startsWith('take-profit') ? 1 : -1
}

const triggers = (side: Side, type: string, extra: Fields = {}): Operation => ({
  shows: FIRED,
  does(world, way) {
    const by: TriggerBy = extra.triggerBy === 'mark' ? 'mark' : 'last'
    refer(world, way.price + sideOfMarket(side, type), by)
    const price = type.endsWith('limit') ? way.price : 0
    world.run(own(side, way, { type, price }, { triggerPrice: way.price, ...extra }))
    touch(world, back(side), way, by)
  },
})

/** The market goes a tick away first and takes the stop along. */
const trails = (side: Side, extra: Fields = {}): Operation => ({
  shows: FIRED,
  does(world, way) {
    const away = side === 'buy' ? -1 : 1
    moveTo(world, way.price)
    world.run(own(side, way, { type: 'trailing-stop', price: 0 }, { trail: 1, ...extra }))
    moveTo(world, way.price + away)
    touch(world, back(side), way, 'last')
  },
})

const trailsInBps = (side: Side): Operation => ({
  shows: FIRED,
  does(world, way) {
    const away = side === 'buy' ? -1 : 1
    let distance = 1
    const from = () => way.price + away * distance
    while (Math.max(1, Math.floor(from() / 10_000)) > distance) distance += 1
    moveTo(world, from())
    const extra = { trail: 1, trailIn: 'bps' }
    world.run(own(side, way, { type: 'trailing-stop', price: 0 }, extra))
    touch(world, back(side), way, 'last')
  },
})

const ocoByStop = (side: Side, extra: Fields = {}): Operation => ({
  shows: FIRED,
  does(world, way) {
    const away = side === 'buy' ? -1 : 1
    moveTo(world, way.price + away)
    const shape = { triggerPrice: way.price, ...extra }
    world.run(own(side, way, { type: 'oco', price: way.price + away }, shape))
    touch(world, back(side), way, 'last')
  },
})

/** Its stop lies a tick worse, with a limit there. */
function worse(side: Side, { price }: Way): Fields {
  const stop = side === 'buy' ? price + 1 : price - 1
  return { triggerPrice: stop, stopPrice: stop }
}

const ocoByLimit = (side: Side, extra: Fields = {}): Operation => ({
  shows: ['rested', 'fill'],
  does(world, way) {
    moveTo(world, way.price)
    world.run(own(side, way, { type: 'oco' }, { ...worse(side, way), ...extra }))
    for (const part of [1, way.size - 1]) world.run(othersTake(back(side), way.price, part))
  },
})

const ocoByBoth = (side: Side): Operation => ({
  shows: ['rested', 'triggered', 'fill'],
  does(world, way) {
    moveTo(world, way.price)
    world.run(own(side, way, { type: 'oco' }, worse(side, way)))
    world.run(othersTake(back(side), way.price, 2))
    const price = side === 'buy' ? way.price + 1 : way.price - 1
    touch(world, back(side), { ...way, price }, 'last')
  },
})

const ocoTakes = (side: Side): Operation => ({
  shows: ['fill'],
  does(world, way) {
    moveTo(world, way.price)
    world.run(others(back(side), way.price, way.size))
    world.run(own(side, way, { type: 'oco' }, worse(side, way)))
  },
})

const amendsTheTrigger = (side: Side, type: string): Operation => ({
  shows: ['amended', ...FIRED],
  does(world, way) {
    const { price, account } = way
    const away = side === 'buy' ? -1 : 1
    moveTo(world, price + away)
    const leg = type === 'oco' ? { price: price + 2 * away } : { price: 0 }
    world.run(own(side, way, { type, ...leg }, { triggerPrice: price - away }))
    const change = { account, triggerPrice: price, size: way.size - 1 }
    world.run(amend(world.lastId(), change))
    touch(world, back(side), way, 'last')
  },
})

/** The entry buys, the exit stands at the price of the way: the others come to it. */
const bracketByProfit = (entry: Fields): Operation => ({
  shows: ['exitOpened', 'rested', 'fill'],
  does(world, way) {
    const { price, size } = way
    moveTo(world, price)
    world.run(others('sell', price, size))
    const exit = { takeProfitPrice: price, triggerPrice: price - 1, stopPrice: price - 1 }
    world.run(own('buy', way, entry, exit))
    world.tick()
    for (const part of [1, size - 1]) world.run(othersTake('buy', price, part))
  },
})

/** The others pay a tick more by their own will: that much is theirs to give. */
const bracketByGift: Operation = {
  shows: ['exitOpened', 'rested', 'fill'],
  does(world, way) {
    const { price, size } = way
    moveTo(world, price)
    world.run(others('sell', price, size))
    world.run(own('buy', way, {}, { takeProfitPrice: price + 1, triggerPrice: price - 1 }))
    world.tick()
    for (const part of [1, size - 1]) world.run(othersTake('buy', price + 1, part))
  },
}

/** What it buys meets its trigger, before its exit is opened: bought at the price, sold there. */
const bracketByStop = (entry: Fields, extra: Fields = {}): Operation => ({
  shows: ['exitOpened', 'triggered', 'fill'],
  does(world, way) {
    const { price, size } = way
    moveTo(world, price + 1)
    world.run(others('sell', price, size))
    const exit = { takeProfitPrice: price + 2, triggerPrice: price, ...extra }
    const above = entry.type === 'market' ? {} : { price: price + 1 }
    world.run(own('buy', way, { ...entry, ...above }, exit))
    world.run(others('buy', price, size))
    world.tick()
  },
})

/** The entry is filled in two parts, the first part of the exit ends it. */
const bracketInParts: Operation = {
  shows: ['exitOpened', 'fill', 'triggered'],
  does(world, way) {
    const { price, size } = way
    moveTo(world, price)
    world.run(own('buy', way, {}, { takeProfitPrice: price + 2, triggerPrice: price - 1 }))
    for (const part of [1, 2]) {
      world.run(othersTake('sell', price, part))
      world.tick()
    }
    world.run({ kind: 'cancelAll', account: asId(way.account), market: null, side: 'buy' })
    touch(world, 'buy', { ...way, price: price - 1, size }, 'last')
  },
}

const bySide = (name: string, made: (side: Side) => Operation): Operations => ({
  [`${name}: buy`]: made('buy'),
  [`${name}: sell`]: made('sell'),
})

const TYPES = ['stop', 'stop-limit', 'take-profit', 'take-profit-limit']
const MARKET = { type: 'market', price: 0, timeInForce: 'IOC' }

export const WAITING: Operations = {
  ...Object.assign({}, ...TYPES.map((type) => bySide(type, (side) => triggers(side, type)))),
  ...Object.assign({}, ...TYPES.map(inBase)),
  ...bySide('stop by mark', (side) => triggers(side, 'stop', { triggerBy: 'mark' })),
  ...bySide('take-profit by mark', (side) => triggers(side, 'take-profit', { triggerBy: 'mark' })),
  ...bySide('trailing stop', (side) => trails(side)),
  ...bySide('trailing stop in bps', trailsInBps),
  'trailing stop paying in base': trails('buy', RECEIVED),
  ...bySide('oco by its stop', (side) => ocoByStop(side)),
  ...bySide('oco by its limit', (side) => ocoByLimit(side)),
  ...bySide('oco by both', ocoByBoth),
  ...bySide('oco that takes', ocoTakes),
  'oco by its stop paying in base': ocoByStop('buy', RECEIVED),
  'oco by its limit paying in base': ocoByLimit('buy', RECEIVED),
  ...bySide('amend the trigger of a stop', (side) => amendsTheTrigger(side, 'stop')),
  ...bySide('amend the trigger of an oco', (side) => amendsTheTrigger(side, 'oco')),
  'bracket by its profit': bracketByProfit(MARKET),
  'bracket by a profit that others give': bracketByGift,
  'bracket by its stop': bracketByStop({}),
  'bracket at market by its stop': bracketByStop(MARKET),
  'bracket by its stop with a limit': bracketByStop({}, { stopPrice: 1 }),
  'bracket in parts': bracketInParts,
}

function inBase(type: string): Operations {
  return { [`${type} paying in base`]: triggers('buy', type, RECEIVED) }
}
