// Cascade: a crash on the engine, with ticks as the sequencer sends them and customers between.
//
// Before a customer's command come what is urgent and one tick of the rest, so no two batches of
// triggers follow each other without somebody getting in. It is over when nothing is due any more.

import assert from 'node:assert/strict'
import type { CommandBody } from '#engine/command.ts'
import { TRIGGERS_PER_COMMAND_MAX } from '#engine/limits.ts'
import { createRandom } from '#scripts/campaigns/random.ts'
import { START_US, stamp } from '../commands.ts'
import { createDriver, type Driver } from '../engine-driver.ts'
import { createInvariants } from '../invariants.ts'
import { crashOf, passerBy } from './crash.ts'
import { createReferee } from './referee.ts'

export type Cascade = {
  readonly counts: ReadonlyMap<string, number>
  readonly commands: number
  /** The lowest price of a fill, as a share of the one before the sale. */
  readonly lowest: number
}

/** Eighty halts of a second were met, with some forty visits each. */
const VISITS_MAX = 30_000
const STEP_US = 20_000

/** Throws when something happens that must not. */
export function cascade(seed: number, stops: number, drive = createDriver): Cascade {
  const random = createRandom(seed)
  const crash = crashOf(random, stops)
  const run = createRun(drive())
  for (const body of crash.before) run.accepted(body, 1)
  const before = run.last()
  assert.equal(run.referee.armed(), stops, 'all of them wait')
  run.visit(crash.sale, 1_000)
  let visits = 0
  while (!run.isOver() && visits < VISITS_MAX) {
    visits += 1
    run.visit(passerBy(random, run.last()), 1 + random.below(STEP_US))
  }
  assert.ok(visits < VISITS_MAX, `no end after ${visits} visits`)
  run.check()
  const { counts, lowest } = run.referee
  return { counts, commands: run.commands(), lowest: lowest() / before }
}

function createRun(driver: Driver) {
  const referee = createReferee()
  const invariants = createInvariants()
  const clock = { seq: 0, time: START_US }
  const apply = (body: CommandBody, wait: number) => {
    clock.seq += 1
    clock.time += wait
    const isMarket = body.kind === 'place' && body.type === 'market'
    const bid = isMarket ? bestBid(driver) : 0
    const command = stamp(body, clock.seq, clock.time)
    const answer = driver.apply(command)
    referee.judge(command, answer.events, bid)
    invariants.follow({ command, answer })
    return answer
  }
  const tick = () => {
    const fired = apply({ kind: 'tick' }, 0).events.filter(({ kind }) => kind === 'triggered')
    return fired.length
  }
  const urgent = () => {
    while (driver.nextUrgent() <= clock.time) assert.equal(tick(), 0, 'triggers are not urgent')
  }
  return {
    referee,
    commands: () => clock.seq,
    last: () => referee.last(),
    accepted(body: CommandBody, wait: number): void {
      assert.equal(apply(body, wait).code, null, JSON.stringify(body))
    },
    /** A customer comes, as the sequencer lets him in. */
    visit(body: CommandBody, wait: number): void {
      clock.time += wait
      urgent()
      if (driver.nextDue() <= clock.time) {
        assert.ok(tick() <= TRIGGERS_PER_COMMAND_MAX)
        urgent()
      }
      apply(body, 0)
    },
    isOver: () => driver.nextDue() === Infinity,
    check(): void {
      // A tick that has nothing to do: the state as it is, whole.
      clock.seq += 1
      const command = stamp({ kind: 'tick' }, clock.seq, clock.time)
      const answer = driver.apply(command)
      const image = driver.image()
      invariants.check({ command, answer, image, digest: null })
      const { phase, lastPrice } = image.markets[0] ?? { phase: 'closed', lastPrice: 0 }
      assert.equal(phase, 'continuous', 'it trades again')
      const waiting = image.orders.filter(({ armed }) => armed)
      assert.equal(waiting.length, referee.armed(), 'INV-06: each fired, ended, or waits')
      for (const { orderId, trigger } of waiting) {
        assert.ok(trigger < lastPrice, `${orderId} waits at ${trigger}, the price is ${lastPrice}`)
      }
    },
  }
}

function bestBid(driver: Driver): number {
  const bids = driver.image().orders.filter(({ side, resting }) => side === 'buy' && resting)
  return bids.reduce((best, { price, market }) => (market === 0 && price > best ? price : best), 0)
}
