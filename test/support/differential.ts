// Differential: one list of intents, carried out on the naive model and, where there is one, on an
// engine beside it.
//
// After every command both must have said and become the same, and the invariants must hold. A
// failure names the command and lists the commands before it, so that it can be replayed.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Command, CommandBody } from '#engine/command.ts'
import type { EngineImage } from '#engine/image.ts'
import { assertSameAnswer, assertSameImage } from './alike.ts'
import type { Answer, Driver } from './engine-driver.ts'
import type { Intent } from './intents.ts'
import { allIntents } from './intents.ts'
import { createInvariants } from './invariants.ts'
import { createModel } from './model/model.ts'
import { openingOf } from './openings.ts'
import type { Reached } from './reached.ts'
import { countReached, createReached } from './reached.ts'
import { createHistory, learn, next, resolve } from './resolve.ts'
import type { Scale } from './scale.ts'

export type Campaign = {
  readonly seed: number
  readonly runs: number
  /** At most, in one run; `exactly` when every run shall have so many. */
  readonly commands: number
  readonly exactly?: boolean
  readonly scale: Scale
  /** The engine to compare with; none: the model is checked alone. */
  readonly engine?: () => Driver
  /** The state is checked after so many commands, and after so many refusals; events always. */
  readonly stateEvery?: number
  /** Fewer small and greatest numbers than fast-check likes. */
  readonly unbiased?: boolean
  /** Fails with the whole list at once. */
  readonly withoutShrinking?: boolean
  /** Shrinking stops here with the shortest list so far. */
  readonly timeLimitMs?: number
}

/** Runs many lists of one world; throws with the seed and a shrunken list when one fails. */
export function runCampaign(campaign: Campaign): Reached {
  const { seed, runs, commands, scale, timeLimitMs = 90_000 } = campaign
  const reached = createReached()
  const length = { maxLength: commands, minLength: campaign.exactly === true ? commands : 0 }
  const list = fc.array(allIntents(scale), { ...length, size: 'max' })
  const property = fc.property(list, (chosen) => compare(campaign, chosen, reached))
  const limit = { interruptAfterTimeLimit: timeLimitMs, markInterruptAsFailure: true }
  const endOnFailure = campaign.withoutShrinking === true
  const how = { seed, numRuns: runs, endOnFailure, unbiased: campaign.unbiased === true }
  const result = fc.check(property, { ...how, ...limit })
  if (result.failed) throw new Error(told(result), { cause: causeOf(result.errorInstance) })
  return reached
}

// Not the list itself: it would fill the screen, and the commands say more.
function told({ seed, counterexamplePath, numShrinks, errorInstance, ...rest }: Checked): string {
  if (errorInstance === null) return `interrupted after ${rest.numRuns} runs without a failure`
  // The path of a list that was shrunken a thousand times is longer than the list.
  const path = counterexamplePath?.split(':')[0]
  const where = `seed ${seed}, run ${path}, ${numShrinks} times shrunken`
  return `${where}\n${errorInstance instanceof Error ? errorInstance.message : errorInstance}`
}

type Checked = fc.RunDetails<[Intent[]]>

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : error
}

type Compared = Pick<Campaign, 'scale' | 'engine' | 'stateEvery'>

/** Carries intents out and compares after every command. */
function compare(how: Compared, chosen: readonly Intent[], reached?: Reached): void {
  const pair = createPair(how, reached)
  try {
    for (const body of openingOf(how.scale)) pair.step(body, 1)
    for (const intent of chosen) {
      if (intent.do === 'restart') pair.restart()
      else {
        const until = pair.history.time + intent.wait
        tickUntil(pair, until, intent.wait % 4)
        const wait = until - pair.history.time
        pair.step(resolve(pair.history, { ...intent, wait }), wait)
      }
    }
    pair.checkState()
  } catch (error) {
    throw new Error(`${tell(pair.log)}\n${String(error)}`, { cause: error })
  }
}

type Pair = ReturnType<typeof createPair>

function createPair({ engine: create, stateEvery = 1 }: Compared, reached?: Reached) {
  const model = createModel()
  const engine = create?.()
  const invariants = createInvariants()
  const history = createHistory()
  const log: Command[] = []
  const compareStates = () => {
    const image = model.image()
    if (engine === undefined) return { image, digest: stateEvery === 1 ? digestOf(image) : null }
    const found = engine.image()
    assertSameImage(found, image)
    return { image: found, digest: null }
  }
  const due = { next: Infinity, urgent: Infinity }
  let refusals = 0
  const apply = (command: Command): Answer => {
    const expected = model.apply(command)
    due.next = model.nextDue()
    due.urgent = model.nextUrgent()
    if (engine === undefined) return expected
    const changesNothing = expected.code !== null || expected.duplicate
    if (changesNothing) refusals += 1
    const isWatched = changesNothing && refusals % stateEvery === 0
    const before = isWatched ? engine.businessDigest() : ''
    assertSameAnswer(engine.apply(command), expected, command.kind)
    if (isWatched) assert.equal(engine.businessDigest(), before, `INV-10: ${expected.code}`)
    assert.equal(engine.nextDue(), due.next, 'nextDue')
    assert.equal(engine.nextUrgent(), due.urgent, 'nextUrgent')
    return expected
  }
  return {
    /** When the next tick is due, and the next that customers must wait for. */
    due,
    history,
    log,
    step(body: CommandBody, wait: number) {
      const command = next(history, body, wait)
      log.push(command)
      const answer = apply(command)
      if (log.length % stateEvery === 0) {
        invariants.check({ command, answer, ...compareStates() })
      } else invariants.follow({ command, answer })
      learn(history, command, answer.events)
      if (reached !== undefined) countReached(reached, command, answer)
    },
    checkState: compareStates,
    restart() {
      if (engine === undefined) return
      const before = engine.fullDigest()
      engine.restart()
      assert.equal(engine.fullDigest(), before, 'INV-08: a snapshot is the whole state')
    },
  }
}

const TICKS_MAX = 100_000

// What a sequencer does before a command of this time: nothing (it need not), all that is due at
// the moment it is due, or, when it is busy, what is urgent and one tick more.
function tickUntil(pair: Pair, until: number, mode: number): void {
  const { due, history } = pair
  if (mode === 0) return
  if (mode === 1) {
    for (let ticks = 0; due.next <= until && ticks < TICKS_MAX; ticks += 1) {
      pair.step({ kind: 'tick' }, Math.max(0, due.next - history.time))
    }
    return
  }
  tickUrgent(pair, until)
  if (due.next > until) return
  pair.step({ kind: 'tick' }, until - history.time)
  tickUrgent(pair, until)
}

function tickUrgent(pair: Pair, until: number): void {
  for (let ticks = 0; pair.due.urgent <= until && ticks < TICKS_MAX; ticks += 1) {
    pair.step({ kind: 'tick' }, until - pair.history.time)
  }
}

// What a refused command may not change (INV-10); volumes grow old by themselves.
function digestOf({ seq: _, time: __, eventNo: ___, volumes: ____, ...rest }: EngineImage): string {
  return JSON.stringify(rest)
}

// A shrunken list is shown whole; a long one is found again by its seed.
const TOLD_MAX = 120

function tell(log: readonly Command[]): string {
  const lines = log.slice(-TOLD_MAX).map((command) => JSON.stringify(command))
  const shown = log.length > TOLD_MAX ? ` (the last ${TOLD_MAX} are shown)` : ''
  return `after ${log.length} commands${shown}, the last is at fault:\n${lines.join('\n')}`
}
