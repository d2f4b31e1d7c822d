// Signatures of API keys: HMAC-SHA256 or Ed25519 over the request as it came over the wire.
//
// Method, raw path, raw query, SHA-256 of the body in hex, timestamp and nonce, joined by newlines.
// None of the parts can hold a newline, so two requests never sign the same text. In the path of
// every order: no promise, no allocation that can be saved. An HMAC is verified by two plain
// hashes, for half of what the object costs that Node makes for each.

import { createHmac, hash, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { assert } from '#kernel/assert.ts'
import type { SignedRequest } from './port.ts'

export type SignatureParts = Omit<SignedRequest, 'keyId' | 'signature'>

/** A secret of HMAC, made ready: what stands before the text, and before its hash. */
export type HmacSecret = {
  readonly inner: string
  /** The hash has its place behind. */
  readonly outer: Buffer
}

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
const [INNER_PAD, OUTER_PAD] = [0x36, 0x5c] as const
// Written whole before every comparison; two buffers a request would be most of its garbage.
const EXPECTED = Buffer.alloc(64)
const GIVEN = Buffer.alloc(64)
const EMPTY_BODY = hash('sha256', '', 'hex')
const HEX = /^[0-9a-f]+$/
const HMAC_CHARS = 64
const ED25519_CHARS = 128
const TIMESTAMP = /^[1-9][0-9]{0,15}$/
const NONCE = /^[A-Za-z0-9_-]{1,64}$/

/** The text that is signed. */
export function signedText(parts: SignatureParts): string {
  const { method, path, query, body, timestamp, nonce } = parts
  const digest = body.length === 0 ? EMPTY_BODY : hash('sha256', body, 'hex')
  return `${method}\n${path}\n${query}\n${digest}\n${timestamp}\n${nonce}`
}

/** The signature in lower-case hex, for clients and tests. */
export function sign(secret: KeyObject, parts: SignatureParts): string {
  return createHmac('sha256', secret).update(signedText(parts)).digest('hex')
}

/** A secret of ours, as it is kept for its requests. */
export function hmacSecretOf(secret: KeyObject): HmacSecret {
  const bytes = secret.export()
  // As ASCII its block is ASCII too, and the text can stand behind it as one string.
  assert(bytes.length <= BLOCK_BYTES, 'a secret is longer than a block')
  assert(
    bytes.every((byte) => byte < 0x80),
    'a secret is not ASCII',
  )
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES)
  padded(bytes, OUTER_PAD).copy(outer)
  return { inner: padded(bytes, INNER_PAD).toString('latin1'), outer }
}

function padded(secret: Buffer, pad: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES, pad)
  for (const [at, byte] of secret.entries()) block[at] = byte ^ pad
  return block
}

/** Whether timestamp, nonce and signature have the form they must have. */
export function isWellFormed({ timestamp, nonce, signature }: SignedRequest): boolean {
  const { length } = signature
  if (length !== HMAC_CHARS && length !== ED25519_CHARS) return false
  return TIMESTAMP.test(timestamp) && NONCE.test(nonce) && HEX.test(signature)
}

/** Whether a well-formed signature is one of Ed25519: it is twice as long as an HMAC. */
export function isPublicKind({ signature }: SignedRequest): boolean {
  return signature.length === ED25519_CHARS
}

/** Whether the holder of the private key signed; the request must be well formed. */
export function isSignedByHolder(publicKey: KeyObject, request: SignedRequest): boolean {
  const signature = Buffer.from(request.signature, 'hex')
  return verify(null, Buffer.from(signedText(request)), publicKey, signature)
}

/** Compares in constant time; the request must be well formed. */
export function isSignedBy(secret: HmacSecret, request: SignedRequest): boolean {
  EXPECTED.write(hmacOf(secret, signedText(request)), 'latin1')
  GIVEN.write(request.signature, 'latin1')
  return timingSafeEqual(EXPECTED, GIVEN)
}

/** HMAC-SHA-256 of a text in hex, by two hashes over blocks that were prepared. */
export function hmacOf({ inner, outer }: HmacSecret, text: string): string {
  outer.write(hash('sha256', inner + text, 'binary'), BLOCK_BYTES, 'latin1')
  return hash('sha256', outer, 'hex')
}
