// Differential: one list of intents, carried out on the engine and on the naive model.
//
// After every command both must have said and become the same, and every invariant must hold on the
// engine. A failure names the command and lists the commands before it, so that it can be replayed.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Command, CommandBody } from '#engine/command.ts'
import { asId } from '#kernel/ids.ts'
import { caller, faucet, issue, listAsset, listMarket, openAccount } from './commands.ts'
import type { Answer } from './engine-driver.ts'
import { createDriver } from './engine-driver.ts'
import type { Intent, Scale } from './intents.ts'
import { HUGE, intents, SMALL } from './intents.ts'
import { createInvariants } from './invariants.ts'
import { createModel } from './model/model.ts'
import { createHistory, learn, next, resolve } from './resolve.ts'

export type Campaign = {
  readonly seed: number
  readonly runs: number
  /** At most, in one run. */
  readonly commands: number
  readonly world: 'small' | 'huge'
  /** Shrinking stops here with the shortest list so far. */
  readonly timeLimitMs?: number
}

export type Reached = { commands: number; readonly seen: Map<string, number> }

/** Runs many lists of one world; throws with the seed and a shrunken list when one fails. */
export function runCampaign({ timeLimitMs = 90_000, ...campaign }: Campaign): Reached {
  const { seed, runs, commands, world } = campaign
  const reached: Reached = { commands: 0, seen: new Map() }
  const scale = world === 'huge' ? HUGE : SMALL
  const list = fc.array(intents(scale), { maxLength: commands, size: 'max' })
  const property = fc.property(list, (chosen) => compare(scale, chosen, reached))
  const limit = { interruptAfterTimeLimit: timeLimitMs, markInterruptAsFailure: true }
  fc.assert(property, { seed, numRuns: runs, ...limit })
  return reached
}

/** Carries intents out on both and compares after every command. */
export function compare(scale: Scale, chosen: readonly Intent[], reached?: Reached): void {
  const engine = createDriver()
  const model = createModel()
  const invariants = createInvariants()
  const history = createHistory()
  const log: Command[] = []
  const step = (body: CommandBody, wait: number) => {
    const command = next(history, body, wait)
    log.push(command)
    const expected = model.apply(command)
    const answer = engine.apply(command)
    assert.deepEqual(answer, expected, 'the engine answers as the model')
    const image = engine.image()
    assert.deepEqual(image, model.image(), 'the engine is in the state of the model')
    invariants.check({ command, answer, image, digest: engine.businessDigest() })
    learn(history, command, answer.events)
    if (reached !== undefined) count(reached, command, answer)
  }
  try {
    for (const body of openingOf(scale)) step(body, 1)
    for (const intent of chosen) {
      if (intent.do === 'restart') restart(engine)
      else step(resolve(history, intent), intent.wait)
    }
  } catch (error) {
    throw new Error(`${tell(log)}\n${String(error)}`, { cause: error })
  }
}

/** Account 19 is a sub-account of 16. Market 0 is coarse, with high fees; market 1 is fine. */
export function openingOf({ funds }: Scale): CommandBody[] {
  const fine = { lotUnits: 1, minNotional: 1, makerRate: 137, takerRate: 1_003 }
  return [
    ...['USD', 'BTC', 'ETH'].map(listAsset),
    listMarket('BTC-USD', 1),
    listMarket('ETH-USD', 2, fine),
    ...[0, 1, 2].map((asset) => issue(asset, funds * 6)),
    ...['ann', 'bob', 'cid'].map(openAccount),
    { kind: 'openSubAccount', account: asId(16), name: 'bot', requestId: 'sub', ...caller() },
    ...[16, 17, 18, 19].map((account) => faucet(account, funds)),
  ]
}

function restart(engine: ReturnType<typeof createDriver>): void {
  const before = engine.fullDigest()
  engine.restart()
  assert.equal(engine.fullDigest(), before, 'INV-08: a snapshot is the whole state')
}

function count(reached: Reached, command: Command, { code, duplicate, events }: Answer): void {
  reached.commands += 1
  const outcome = duplicate ? 'duplicate' : (code ?? 'done')
  const what = [`${command.kind}: ${outcome}`, ...events.map((event) => `event ${event.kind}`)]
  for (const event of events) {
    if (event.kind === 'cancelled') what.push(`cancelled: ${event.reason}`)
  }
  for (const name of what) reached.seen.set(name, (reached.seen.get(name) ?? 0) + 1)
}

function tell(log: readonly Command[]): string {
  const lines = log.map((command) => JSON.stringify(command))
  return `after ${log.length} commands, the last of which is at fault:\n${lines.join('\n')}`
}
