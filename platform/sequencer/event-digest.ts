// Event digest: one hash over the bytes of all events since the beginning.
//
// Full blocks of EVENT_DIGEST_BYTES are chained, chain = SHA-256(chain, block), and the digest is
// SHA-256(chain, rest). It depends on the bytes alone, not on how they were batched or framed, and
// its state is small, so a snapshot carries it.

import { HASH_BYTES, hashOf } from '#journal/frame.ts'
import { EVENT_DIGEST_BYTES } from './limits.ts'

/** As a snapshot keeps it: hex, and base64 of the bytes of the running block. */
export type EventDigestState = { readonly chain: string; readonly rest: string }

export type EventDigest = {
  add(bytes: Uint8Array): void
  /** In hex, of everything added so far. */
  hex(): string
  state(): EventDigestState
}

/** From the beginning, or from where a snapshot stood. */
export function createEventDigest(from?: EventDigestState): EventDigest {
  // The chain stands before the block, so that both are hashed in one call.
  const block = Buffer.alloc(HASH_BYTES + EVENT_DIGEST_BYTES)
  let used = HASH_BYTES
  if (from !== undefined) {
    block.set(Buffer.from(from.chain, 'hex'))
    used += Buffer.from(from.rest, 'base64').copy(block, HASH_BYTES)
  }
  return {
    add(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + block.length - used)
        block.set(bytes.subarray(at, end), used)
        used += end - at
        at = end
        if (used < block.length) continue
        block.set(hashOf(block))
        used = HASH_BYTES
      }
    },
    hex: () => Buffer.from(hashOf(block.subarray(0, used))).toString('hex'),
    state: () => ({
      chain: block.toString('hex', 0, HASH_BYTES),
      rest: block.toString('base64', HASH_BYTES, used),
    }),
  }
}
