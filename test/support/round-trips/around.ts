// Operations around trading: auctions, and everything that moves money or ends an order.

import type { CommandBody, SelfTrade } from '#engine/command.ts'
import { asId } from '#kernel/ids.ts'
import { caller } from '../commands.ts'
import { cancel, phase } from '../example.ts'
import { own } from './at-once.ts'
import {
  BASE,
  back,
  type Operation,
  others,
  othersTake,
  QUOTE,
  type Side,
  SUB,
  TRADER,
  type Way,
  type World,
} from './world.ts'

type Fields = Readonly<Record<string, unknown>>
type Operations = Readonly<Record<string, Operation>>

/** Everybody's orders collect and are uncrossed at the price of the way. */
function auction(world: World, collect: () => void): void {
  world.run(phase('auction'))
  collect()
  world.run(phase('continuous'))
  world.tick()
}

const uncrosses = (side: Side, more: Fields = {}, extra: Fields = {}): Operation => ({
  shows: ['uncrossed', 'fill'],
  does(world, way) {
    auction(world, () => {
      world.run(own(side, way, more, extra))
      for (const part of [1, way.size - 1]) world.run(others(back(side), way.price, part))
    })
  },
})

/** It fills in part as maker of an auction, and goes on as maker when it is over. */
const goesOn = (side: Side): Operation => ({
  shows: ['uncrossed', 'fill'],
  does(world, way) {
    auction(world, () => {
      world.run(others(back(side), way.price, 2))
      world.run(own(side, way))
    })
    world.run(othersTake(back(side), way.price, way.size - 2))
  },
})

const meetsItselfThere = (selfTrade: SelfTrade): Operation => ({
  shows: [`prevented: ${selfTrade}`],
  does(world, way) {
    auction(world, () => {
      world.run(own('sell', { ...way, account: way.own, size: 2 }))
      world.run(others('sell', way.price, way.size))
      world.run(own('buy', way, { selfTrade }))
    })
  },
})

function moved(from: number, to: number, asset: number, amount: number): CommandBody {
  const body = { kind: 'transfer', account: TRADER, requestId: '', from, to, asset, amount }
  return { ...body, ...caller() } as never // Brands only.
}

const transfers = (from: number, to: number, asset: number): Operation => ({
  shows: ['transferred'],
  does({ run }, { amount }) {
    run(moved(from, to, asset, amount))
  },
})

function withdrawal(account: number, amount: number): CommandBody {
  const how = { requestId: '', address: '0x', fee: 5, ...caller() }
  const body = { kind: 'requestWithdrawal', account, asset: BASE, amount, ...how }
  return body as never // Brands only.
}

const withdraws: Operation = {
  shows: ['deposited', 'withdrawalSettled'],
  does({ run, lastId }, { account, amount }) {
    const what = { account: asId<never>(account), asset: asId<never>(BASE) }
    const source = { instance: 'i', txHash: `0x${lastId()}`, logIndex: 0 }
    run({ kind: 'credit', ...what, amount: (amount + 5) as never, ...source })
    run(withdrawal(account, amount))
    run({ kind: 'settleWithdrawal', withdrawalId: asId(lastId()), txHash: '0x1' })
  },
}

const failsToWithdraw: Operation = {
  shows: ['withdrawalFailed'],
  does({ run, lastId }, { account, amount }) {
    run(withdrawal(account, amount))
    run({ kind: 'failWithdrawal', withdrawalId: asId(lastId()) })
  },
}

const cancels = (side: Side): Operation => ({
  shows: ['cancelled: order.cancelled_by_owner'],
  does({ run, lastId }, way) {
    run(own(side, way))
    run(cancel(lastId(), way.account))
  },
})

const disconnects: Operation = {
  shows: ['cancelled: order.disconnected'],
  does({ run }, way) {
    run(own('sell', way, {}, { session: 7 }))
    run({ kind: 'cancelSession', account: asId(way.account), session: 7 })
  },
}

const diesAfter: Operation = {
  shows: ['cancelled: order.dead_man'],
  does({ run, tickAt }, way) {
    run(own('buy', way, {}, { key: 7 }))
    run({ kind: 'cancelAfter', account: asId(way.account), key: 7, cancelAfterMs: 5 })
    tickAt(5_000)
  },
}

/** Trades while it is frozen, for its orders stand. */
const freezes: Operation = {
  shows: ['accountFrozen', 'fill'],
  does({ run }, way: Way) {
    const frozen = (now: boolean): CommandBody => {
      return { kind: 'freezeAccount', account: asId(way.account), frozen: now }
    }
    run(own('buy', way))
    run(frozen(true))
    run(othersTake('sell', way.price, way.size))
    run(frozen(false))
  },
}

export const AROUND: Operations = {
  'auction: buy': uncrosses('buy'),
  'auction: sell': uncrosses('sell'),
  'auction paying in base': uncrosses('buy', {}, { feeIn: 'received' }),
  'auction of an iceberg: buy': uncrosses('buy', {}, { displaySize: 2 }),
  'auction of an iceberg: sell': uncrosses('sell', {}, { displaySize: 2 }),
  'auction of a post-only order': uncrosses('sell', { postOnly: true }),
  'auction and after it: buy': goesOn('buy'),
  'auction and after it: sell': goesOn('sell'),
  'auction with cancel-maker': meetsItselfThere('cancel-maker'),
  'auction with decrement': meetsItselfThere('decrement'),
  'transfer there': transfers(TRADER, SUB, QUOTE),
  'transfer back': transfers(SUB, TRADER, BASE),
  'deposit and withdraw': withdraws,
  'a withdrawal that fails': failsToWithdraw,
  'place and cancel: buy': cancels('buy'),
  'place and cancel: sell': cancels('sell'),
  'a connection that ends': disconnects,
  'a dead-man timer': diesAfter,
  'a frozen account': freezes,
}
