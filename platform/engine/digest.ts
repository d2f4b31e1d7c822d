// Digest: canonical bytes of the state for the caller to hash.

import type { Engine } from './state.ts'

export type Sink = (bytes: Uint8Array) => void

export function businessDigest(_engine: Engine, _sink: Sink): void {}

export function fullDigest(_engine: Engine, _sink: Sink): void {}
