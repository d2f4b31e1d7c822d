// Bot fills: each fill is counted once in the figures and told once to the strategy.
//
// The figures count at once, because limits are held against them; the strategy hears a moment
// later, and what it has not handled when it ends is told to the next one. So there are two books.

import type { Fill } from '#connectors/venue.ts'
import { createFillLedger } from './fill-ledger.ts'
import type { SavedBot } from './saved-bot.ts'

export type BotFills = {
  take(venue: string, fill: Fill, isInOrder: boolean): void
  /** The strategy has handled it. */
  handled(venue: string, fill: Fill): void
  /** The strategy has handled all that it was told. */
  isSettled(): boolean
  /** The strategy is gone. */
  forget(): void
  /** After it there may be fills that it has not handled. */
  last(venue: string): string | undefined
  saved(): Pick<SavedBot, 'counted' | 'handled'>
}

export type BotFillsDeps = {
  readonly saved: Pick<SavedBot, 'counted' | 'handled'>
  readonly count: (fill: Fill) => void
  readonly tell: (venue: string, fill: Fill) => void
}

export function createBotFills({ saved, count, tell }: BotFillsDeps): BotFills {
  const counted = createFillLedger(saved.counted)
  const handled = createFillLedger(saved.handled)
  return {
    take(venue, fill, isInOrder) {
      if (counted.tell(venue, fill, isInOrder)) {
        count(fill)
        counted.done(venue, fill)
      }
      if (handled.tell(venue, fill, isInOrder)) tell(venue, fill)
    },
    handled: (venue, fill) => handled.done(venue, fill),
    isSettled: handled.isSettled,
    forget: () => handled.forget(),
    last: (venue) => handled.last(venue),
    saved: () => ({ counted: counted.saved(), handled: handled.saved() }),
  }
}
