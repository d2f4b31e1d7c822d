// Signing with an API key: HMAC-SHA256 or Ed25519 over the request as it goes over the wire.
//
// Method, raw path, raw query, SHA-256 of the body in hex, timestamp in milliseconds and nonce,
// joined by newlines; the HMAC key is the secret's text as bytes. Secret and private key stay in
// here.

import {
  createHmac,
  createPrivateKey,
  createSecretKey,
  hash,
  randomBytes,
  sign as signWith,
} from 'node:crypto'
import type { Authorization, RequestParts } from './authorization.ts'

/** The secret that the platform told, or a private Ed25519 key (PEM) whose public half it has. */
export type ApiKey =
  | { readonly id: string; readonly secret: string }
  | { readonly id: string; readonly privateKey: string }

type Clock = { readonly nowMs: () => number }

const NONCE_BYTES = 12

/** Signs every request and every stream with the key; a nonce is used once. */
export function keyAuthorization(key: ApiKey, clock: Clock = { nowMs: Date.now }): Authorization {
  const signatureOf = signerOf(key)
  const sign = ({ method, path, query, body }: RequestParts) => {
    const timestamp = String(Math.floor(clock.nowMs()))
    const nonce = randomBytes(NONCE_BYTES).toString('base64url')
    const text = [method, path, query, hash('sha256', body), timestamp, nonce].join('\n')
    return { timestamp, nonce, signature: signatureOf(text) }
  }
  return {
    headers: (parts) => {
      const { timestamp, nonce, signature } = sign(parts)
      return {
        'x-crossbook-key': key.id,
        'x-crossbook-timestamp': timestamp,
        'x-crossbook-nonce': nonce,
        'x-crossbook-signature': signature,
      }
    },
    streamProof: () => {
      const parts = { method: 'GET', path: '/v1/stream', query: '', body: '' }
      return { key: key.id, ...sign(parts) }
    },
  }
}

function signerOf(key: ApiKey): (text: string) => string {
  if ('privateKey' in key) {
    const privateKey = createPrivateKey(key.privateKey)
    return (text) => signWith(null, Buffer.from(text), privateKey).toString('hex')
  }
  const secret = createSecretKey(Buffer.from(key.secret, 'utf8'))
  return (text) => createHmac('sha256', secret).update(text).digest('hex')
}
