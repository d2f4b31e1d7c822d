// Fleet's port: the deployed bots, and how to pause one.
//
// A pause is done when the bot's orders are cancelled; asking again answers the state.

import type { Result } from '#kernel/result.ts'
import type { Bot } from './schemas.ts'

export type FleetBot = Bot & {
  /** The user whose bot it is. */
  readonly ownerId: string
}

export type Fleet = {
  /** From memory; equity and the like as of the last second. */
  list(): readonly FleetBot[]
  /** not_found, unknown when the runner does not answer in time. */
  pause(id: string): Promise<Result<FleetBot>>
  resume(id: string): Promise<Result<FleetBot>>
}
