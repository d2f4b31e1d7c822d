// Bot venue: a venue with the bot's own account on it, as main.ts hands it to the runner.
//
// `watch` tells what happens to the account between answers; a venue without it is only asked. The
// treasury moves money between the venues of one bot.

import type { Balance, Fill, Order, Venue } from '#connectors/venue.ts'
import type { Transfer } from '../strategy.ts'

export type AccountChange =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'fill'; readonly fill: Fill }
  | { readonly kind: 'balances'; readonly balances: readonly Balance[] }
  /** Gas of something that had no effect. */
  | { readonly kind: 'cost'; readonly asset: string; readonly amount: string }
  /** What happened before is not known: ask. */
  | { readonly kind: 'missed' }

export type BotVenue = {
  readonly venue: Venue
  /** The same for venues that trade from the same balances; without it the venue is its own. */
  readonly wallet?: string
  /** Answers how to end it. */
  readonly watch?: (listener: (change: AccountChange) => void) => () => void
}

export type TransferOutcome =
  | {
      readonly kind: 'done'
      readonly costs: readonly {
        readonly kind: 'fees' | 'gas'
        readonly asset: string
        readonly amount: string
      }[]
    }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unknown' }

export type Treasury = { move(transfer: Transfer): Promise<TransferOutcome> }
