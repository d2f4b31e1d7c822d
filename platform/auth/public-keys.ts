// Public keys of programs: Ed25519, as DER in base64, strictly.
//
// A point of small order is refused: under it one signature fits many messages, so whoever knows
// the public key could sign. OpenSSL 3.5 verifies nothing under such a point; this does not lean
// on that.

import { createPublicKey, type KeyObject } from 'node:crypto'

const POINT_BYTES = 32
const SIGN_BIT = 0x80
/** y of the points of order 1, 2, 4 and 8, little-endian, and the encodings of 0 and 1 above p. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
])

/** undefined when it is no Ed25519 key, or one that anybody could sign for. */
export function publicKeyOf(base64: string): KeyObject | undefined {
  const der = Buffer.from(base64, 'base64')
  try {
    const made = createPublicKey({ key: der, format: 'der', type: 'spki' })
    if (made.asymmetricKeyType !== 'ed25519') return undefined
    return isSmallOrder(made) ? undefined : made
  } catch {
    return undefined
  }
}

function isSmallOrder(key: KeyObject): boolean {
  const point = key.export({ format: 'der', type: 'spki' }).subarray(-POINT_BYTES)
  const last = POINT_BYTES - 1
  point[last] = (point[last] ?? 0) & ~SIGN_BIT
  return SMALL_ORDER.has(point.toString('hex'))
}
