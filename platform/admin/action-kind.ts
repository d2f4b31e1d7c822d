// Action kind: what one kind of action takes and which command it becomes.
//
// `isDone` tells whether the exchange is already as the action wants it, so that a command whose
// answer was lost is not taken for refused when it is submitted again.

import type { Static, TSchema } from 'typebox'
import type { Result } from '#kernel/result.ts'
import type { Submission } from '#sequencer/port.ts'
import type { Listing } from '#views/listing.ts'

export type ActionKind<Params extends TSchema = TSchema> = {
  readonly params: Params
  readonly command: (params: Static<Params>, listing: Listing) => Result<Submission>
  readonly isDone: (params: Static<Params>, listing: Listing) => boolean
}
