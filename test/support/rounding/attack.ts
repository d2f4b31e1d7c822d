// Attack: carries genes out in a market of its own and says what the group has gained by them.
//
// The group is two customers who work together, one of them with a sub-account. The others want one
// price, whatever happens; where they meet the group elsewhere, because they moved the market, what
// they gave or took by that is no profit. Everything adds up, or that is thrown.

import assert from 'node:assert/strict'
import type { Event } from '#engine/event.ts'
import { asId } from '#kernel/ids.ts'
import { faucet, openAccount } from '../commands.ts'
import { createFairShare, worthAt } from '../fair-share.ts'
import {
  BASE,
  cashOf,
  createWorld,
  DUST,
  FEES,
  feesSet,
  MOVER,
  OTHER,
  QUOTE,
  type World,
} from '../round-trips/world.ts'
import { type Battlefield, FRIEND, GROUP } from './battlefield.ts'
import { bodiesOf } from './gene-bodies.ts'
import type { Gene } from './genes.ts'

const RATE_ONE = 1_000_000
const FUNDS = 1_000_000_000

export type Outcome = {
  /** In quote units: beyond what others gave by their prices and their fees paid as rebates. */
  readonly profit: number
  /** In quote units: beyond the share that exact fees would have left. */
  readonly excess: number
  /** Fills of the group. */
  readonly fills: number
  readonly reached: ReadonlyMap<string, number>
}

export function attack(field: Battlefield, genes: readonly Gene[]): Outcome {
  const world = createWorld(field.listing)
  world.run(openAccount('dan'))
  world.run(faucet(FRIEND, FUNDS))
  world.run(feesSet(field.schedules[0] ?? []))
  const before = { group: cashOf(world, GROUP), fees: cashOf(world, [FEES]) }
  world.takeEvents()
  for (const gene of genes) {
    for (const body of bodiesOf(field, gene, openOrders(world))) {
      world.tryOut(body)
      world.tick()
    }
  }
  end(world)
  const events = world.takeEvents()
  const charged = less(cashOf(world, [FEES]), before.fees)
  assertBooked(world, events, charged)
  const gained = less(cashOf(world, GROUP), before.group)
  return outcomeOf({ world, field, gained }, events)
}

/** The group's, for amends and cancels; asked for only when a gene is about them. */
function openOrders(world: World) {
  return () => world.image().orders.filter(({ account }) => GROUP.includes(account))
}

/** The market is open again and nothing is left in it. */
function end(world: World): void {
  world.tryOut({ kind: 'setPhase', market: asId(0), phase: 'continuous', endsAt: 0 as never })
  world.tick()
  for (const account of [MOVER, OTHER, ...GROUP]) {
    world.run({ kind: 'cancelAll', account: asId(account), market: null, side: null })
  }
  world.tick()
}

type Played = {
  readonly world: World
  readonly field: Battlefield
  readonly gained: readonly bigint[]
}

function outcomeOf({ world, field, gained }: Played, events: readonly Event[]): Outcome {
  const { scales, rates } = world
  const share = createFairShare(new Set(GROUP), { price: field.price, scales, rates })
  const reached = new Map<string, number>()
  const meet = (name: string) => reached.set(name, (reached.get(name) ?? 0) + 1)
  for (const event of events) {
    if (event.kind === 'fill') {
      share.read(event)
      meet(event.auction ? 'fill of an auction' : 'fill')
      if (event.makerFee < 0) meet('rebate')
      if (event.makerFeeInBase || event.takerFeeInBase) meet('fee in base')
    } else if (MET.has(event.kind)) meet(event.kind)
  }
  const [quote = 0n, base = 0n] = gained
  const worth = worthAt(field.price, scales)
  const value = quote * worth.quote + base * worth.base
  const inQuote = (sum: bigint) => Number(sum) / (scales.lotUnits * RATE_ONE)
  return {
    profit: inQuote(share.profit(value)),
    excess: inQuote(share.excess(value)),
    fills: share.fills(),
    reached,
  }
}

const MET = new Set(['triggered', 'prevented', 'reduced', 'refreshed', 'amended', 'exitOpened'])

/** INV-01; fees are what fills charged, pay nothing out, and nothing is anywhere else. */
function assertBooked(world: World, events: readonly Event[], charged: readonly bigint[]): void {
  const { balances, orders } = world.image()
  const sums = new Map<number, bigint>()
  for (const { asset, cash } of balances) sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(cash))
  for (const [asset, sum] of sums) assert.equal(sum, 0n, `INV-01: asset ${asset} sums to ${sum}`)
  assert.equal(orders.length, 0, 'nothing is left open')
  const dust = balances.filter(({ account, cash }) => account === DUST && cash !== 0)
  assert.deepEqual(dust, [], 'no dust: what is rounded is a fee')
  const told = [0n, 0n]
  for (const event of events) {
    if (event.kind !== 'fill') continue
    const { makerFee, takerFee, makerFeeInBase, takerFeeInBase } = event
    const paid = [0, 0]
    paid[makerFeeInBase ? BASE : QUOTE] = makerFee
    paid[takerFeeInBase ? BASE : QUOTE] =
      takerFee + (makerFeeInBase === takerFeeInBase ? makerFee : 0)
    for (const [asset, fee] of paid.entries()) {
      assert.ok(fee >= 0, `a fill pays ${fee} out of asset ${asset} of the fees`)
      told[asset] = (told[asset] ?? 0n) + BigInt(fee)
    }
  }
  assert.deepEqual(charged, told, 'INV-05: the fee account has what fills charged')
}

function less(after: readonly bigint[], before: readonly bigint[]): bigint[] {
  return after.map((amount, at) => amount - (before[at] ?? 0n))
}
