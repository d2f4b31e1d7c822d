// Signatures of API keys: HMAC-SHA256 or Ed25519 over the request as it came over the wire.
//
// Method, raw path, raw query, SHA-256 of the body in hex, timestamp and nonce, joined by newlines.
// None of the parts can hold a newline, so two requests never sign the same text. In the path of
// every order: no promise, no allocation that can be saved.

import { createHmac, hash, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import type { SignedRequest } from './port.ts'

export type SignatureParts = Omit<SignedRequest, 'keyId' | 'signature'>

// Written whole before every comparison; two buffers a request would be most of its garbage.
const EXPECTED = Buffer.alloc(64)
const GIVEN = Buffer.alloc(64)
const EMPTY_BODY = hash('sha256', '', 'hex')
const HEX_DIGEST = /^([0-9a-f]{64}|[0-9a-f]{128})$/
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

/** Whether timestamp, nonce and signature have the form they must have. */
export function isWellFormed(request: SignedRequest): boolean {
  return (
    TIMESTAMP.test(request.timestamp) &&
    NONCE.test(request.nonce) &&
    HEX_DIGEST.test(request.signature)
  )
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
export function isSignedBy(secret: KeyObject, request: SignedRequest): boolean {
  EXPECTED.write(sign(secret, request), 'latin1')
  GIVEN.write(request.signature, 'latin1')
  return timingSafeEqual(EXPECTED, GIVEN)
}
