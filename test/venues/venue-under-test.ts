// A venue as the cards of the spec need it: an account with funds, prices in reach, a wire to cut.

import type { Side, Trading, Venue } from '#connectors/venue.ts'

export type Connection = { readonly venue: Venue; readonly trading: Trading }

export type VenueUnderTest = Connection & {
  readonly symbol: string
  /** Base coins of an order that the venue fills at once. */
  readonly size: string
  /** A limit at which such an order fills, and one at which nothing does now. */
  readonly prices: Readonly<Record<Side, { readonly fills: string; readonly far: string }>>
  /** Whether orders may rest; pools fill at once or not at all. */
  readonly rests: boolean
  /** Smallest units of the quote asset as coins: what rounding may take. */
  readonly quoteUnit: number
  /** Answers when what happened before has been told to subscribers. */
  settle(): Promise<void>
  /** While it runs, answers to orders are lost after the venue has got them. */
  losingAnswers<T>(run: () => Promise<T>): Promise<T>
  /** The same account after a restart of the process. */
  reopen(): Promise<Connection>
}
