// Digest: canonical bytes of the state for the caller to hash; no cryptography here.
//
// The full digest covers what a snapshot holds. The business digest leaves out sequence, time,
// eventNo and the memory of duplicates, which is all that a refused command may change (INV-10).

import { NOT_BUSINESS, SECTION_NAMES } from './snapshot/rows.ts'
import { type Sink, writeSections } from './snapshot/sink.ts'
import type { Engine } from './state.ts'

/** Hands the bytes of the business state to a sink. */
export function businessDigest(engine: Engine, sink: Sink): void {
  const names = SECTION_NAMES.filter((name) => !NOT_BUSINESS.has(name))
  writeSections(engine, names, sink)
}

/** Hands the bytes of the whole state to a sink. */
export function fullDigest(engine: Engine, sink: Sink): void {
  writeSections(engine, SECTION_NAMES, sink)
}
