// Nonces: a signed request is accepted once.
//
// A nonce is remembered at least as long as its signature could be accepted. Two generations take
// turns, so forgetting costs nothing per nonce. Only verified requests get here: a stranger cannot
// fill the memory. What does not fit is refused, never forgotten early (INV-17).

import { NONCES_MAX, NONCES_PER_KEY_MAX, SIGNATURE_AHEAD_MS } from './limits.ts'
import { SIGNATURE_AGE_MS } from './port.ts'

export type NonceMemory = {
  readonly limits: NonceLimits
  /** Of all keys, both generations; a key that is gone counts until the next rotation. */
  count: number
  rotatedAtMs: number
}

export type NonceLimits = { readonly perKey: number; readonly all: number }

/** The nonces of one key. */
export type KeyNonces = { newer: Set<string>; older: Set<string> }

/** From the earliest instant at which a timestamp is accepted to the last one. */
const GENERATION_MS = SIGNATURE_AGE_MS + SIGNATURE_AHEAD_MS + 1

const LIMITS: NonceLimits = { perKey: NONCES_PER_KEY_MAX, all: NONCES_MAX }

export function createNonceMemory(limits: NonceLimits = LIMITS): NonceMemory {
  return { limits, count: 0, rotatedAtMs: 0 }
}

export function createKeyNonces(): KeyNonces {
  return { newer: new Set(), older: new Set() }
}

/** Starts a new generation when the last one is old enough; `keys` are the nonces of every key. */
export function rotateNonces(
  memory: NonceMemory,
  keys: () => Iterable<KeyNonces>,
  nowMs: number,
): void {
  if (nowMs - memory.rotatedAtMs < GENERATION_MS) return
  const wholeAge = nowMs - memory.rotatedAtMs >= 2 * GENERATION_MS
  memory.rotatedAtMs = nowMs
  memory.count = 0
  for (const key of keys()) {
    const oldest = key.older
    key.older = key.newer
    key.newer = oldest
    oldest.clear()
    if (wholeAge) key.older.clear()
    memory.count += key.older.size
  }
}

/** Remembers a nonce: 'new', or why the request is refused. */
export function useNonce(
  memory: NonceMemory,
  key: KeyNonces,
  nonce: string,
): 'new' | 'used' | 'full' {
  const { newer, older } = key
  if (older.has(nonce)) return 'used'
  const { size } = newer
  const isFull = size + older.size >= memory.limits.perKey || memory.count >= memory.limits.all
  if (isFull) return newer.has(nonce) ? 'used' : 'full'
  // Looked up once: whether it was there shows in the size.
  newer.add(nonce)
  if (newer.size === size) return 'used'
  memory.count += 1
  return 'new'
}
