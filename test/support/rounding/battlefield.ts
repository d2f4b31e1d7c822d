// Battlefield: the market of an attack, and who attacks: two customers, one with a sub-account.

import { type Listing, SUB, type Tier, TRADER } from '../round-trips/world.ts'

/** The customer who is opened last. */
export const FRIEND = 20
export const GROUP: readonly number[] = [TRADER, SUB, FRIEND]

export type Battlefield = {
  readonly listing: Listing
  /** In ticks: what the others want, and what everything is valued at. */
  readonly price: number
  /** What the operator switches between, the first from the start. */
  readonly schedules: readonly (readonly Tier[])[]
}
