// Rehearsal: a strategy's set-up run once, in its sandbox, with the instruments of its venues.
//
// It is what the first second of a bot is, without a bot: nothing is saved, no order is listened
// to, and the process is gone when it has answered. What another version has saved is tried as a
// copy, so that a state which cannot be read is told while that version still runs. What the
// strategy says on its way down is the answer.

import type { Instrument, Venue } from '#connectors/venue.ts'
import { seedOf } from '../random.ts'
import type { RehearsedBot } from './messages.ts'
import type { StartStrategyChild } from './strategy-child.ts'

export type RehearsalDeps = {
  readonly venues: readonly Venue[]
  readonly startChild: StartStrategyChild
  /** The state that it goes on from. */
  readonly saved?: object | undefined
  /** Microseconds. */
  readonly now: () => number
}

const TEXT_MAX = 4_000

/** Why the strategy cannot be set up; null when it can. */
export async function rehearse(bot: RehearsedBot, deps: RehearsalDeps): Promise<string | null> {
  const venues: { venue: string; instruments: readonly Instrument[] }[] = []
  for (const venue of deps.venues) {
    venues.push({ venue: venue.name, instruments: await venue.instruments() })
  }
  const over = Promise.withResolvers<string | null>()
  const said: string[] = []
  const child = deps.startChild({
    strategy: bot.strategy,
    onHandled: () => over.resolve(null),
    onEnd: (why) => over.resolve(said.join('\n').trim().slice(0, TEXT_MAX) || why),
    log: (text) => void said.push(text),
  })
  child.send({
    ...{ kind: 'start', strategy: bot.strategy, params: bot.params, saved: deps.saved, venues },
    ...{ idPrefix: 'rehearsal-', seed: seedOf('rehearsal'), no: 0, at: deps.now() },
  })
  const wrong = await over.promise
  child.kill()
  return wrong
}
