// Market runs: random commands about markets, carried out on the engine and on the naive model.
//
// Orders have no extra and owners do not meet themselves in continuous trading; rules have no
// collar. Everything else of markets, fees and marks of accounts is random.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Command, CommandBody } from '#engine/command.ts'
import { createDriver } from './engine-driver.ts'
import type { Intent } from './intents.ts'
import { intents } from './intents.ts'
import { DEPTH_WEIGHTS, depthFields } from './intents-depth.ts'
import { createInvariants } from './invariants.ts'
import { createModel } from './model/model.ts'
import { plainOpening } from './openings.ts'
import type { Reached } from './reached.ts'
import { countReached, createReached } from './reached.ts'
import { createHistory, learn, next, resolve } from './resolve.ts'
import type { Scale } from './scale.ts'

type Runs = {
  readonly seed: number
  readonly runs: number
  /** At most, in one run. */
  readonly commands: number
  readonly scale: Scale
}

const KINDS = ['setPhase', 'setMarket', 'setFees', 'delist', 'freeze', 'close'] as const
const OFTEN = 3

export function runMarkets({ seed, runs, commands, scale }: Runs): Reached {
  const reached = createReached()
  const list = fc.array(marketIntents(scale), { maxLength: commands, size: 'max' })
  const property = fc.property(list, (chosen) => compare(scale, chosen, reached))
  fc.assert(property, { seed, numRuns: runs, interruptAfterTimeLimit: 60_000 })
  return reached
}

function marketIntents(scale: Scale): fc.Arbitrary<Intent> {
  const fields = depthFields(scale)
  const changes = KINDS.map((what) => {
    const wait = fc.nat(5_000)
    const record = fc.record({ it: fields[what] as fc.Arbitrary<object>, wait })
    const arbitrary = record.map(({ it, wait: us }) => ({ ...it, wait: us, do: what }))
    // As in intents.ts.
    return { weight: DEPTH_WEIGHTS[what] * OFTEN, arbitrary: arbitrary as fc.Arbitrary<Intent> }
  })
  return fc.oneof({ weight: 100, arbitrary: intents(scale) }, ...changes)
}

function compare(scale: Scale, chosen: readonly Intent[], reached: Reached): void {
  const pair = createPair(reached)
  try {
    for (const body of plainOpening(scale)) pair.step(body, 1)
    for (const intent of chosen) {
      if (intent.do === 'restart') {
        pair.restart()
        continue
      }
      const until = pair.history.time + intent.wait
      pair.tickUntil(until, intent.wait % 4)
      const body = resolve(pair.history, { ...intent, wait: until - pair.history.time })
      pair.step(withoutCollar(body), until - pair.history.time)
    }
  } catch (error) {
    const lines = pair.log.map((command) => JSON.stringify(command))
    throw new Error(`${lines.join('\n')}\n${String(error)}`, { cause: error })
  }
}

function withoutCollar(body: CommandBody): CommandBody {
  return body.kind === 'setMarket' && body.collarBps <= 5_000 ? { ...body, collarBps: 0 } : body
}

function createPair(reached: Reached) {
  const model = createModel()
  const engine = createDriver()
  const history = createHistory()
  const invariants = createInvariants()
  const log: Command[] = []
  const step = (body: CommandBody, wait: number) => {
    const command = next(history, body, wait)
    log.push(command)
    const answer = model.apply(command)
    assert.deepEqual(engine.apply(command), answer, 'the engine answers as the model')
    const image = engine.image()
    assert.deepEqual(image, model.image(), 'the engine is in the state of the model')
    assert.equal(engine.nextDue(), model.nextDue(), 'nextDue')
    assert.equal(engine.nextUrgent(), model.nextUrgent(), 'nextUrgent')
    invariants.check({ command, answer, image, digest: engine.businessDigest() })
    learn(history, command, answer.events)
    countReached(reached, command, answer)
  }
  return {
    history,
    log,
    step,
    // Nothing, all when it is due, or all at the end.
    tickUntil(until: number, mode: number) {
      for (let ticks = 0; mode !== 0 && model.nextDue() <= until && ticks < 50; ticks += 1) {
        const at = mode === 1 ? Math.max(model.nextDue(), history.time) : until
        step({ kind: 'tick' }, at - history.time)
      }
    },
    restart() {
      const before = engine.fullDigest()
      engine.restart()
      assert.equal(engine.fullDigest(), before, 'INV-08: a snapshot is the whole state')
    },
  }
}
