// Signing with an API key: HMAC-SHA256 over the request as it goes over the wire.
//
// Method, raw path, raw query, SHA-256 of the body in hex, timestamp in milliseconds and nonce,
// joined by newlines; the HMAC key is the secret's text as bytes. The secret stays in here.

import { createHmac, createSecretKey, hash, randomBytes } from 'node:crypto'
import type { Authorization, RequestParts } from './authorization.ts'

export type ApiKey = { readonly id: string; readonly secret: string }

type Clock = { readonly nowMs: () => number }

const NONCE_BYTES = 12

/** Signs every request and every stream with the key; a nonce is used once. */
export function keyAuthorization(key: ApiKey, clock: Clock = { nowMs: Date.now }): Authorization {
  const secret = createSecretKey(Buffer.from(key.secret, 'utf8'))
  const sign = ({ method, path, query, body }: RequestParts) => {
    const timestamp = String(Math.floor(clock.nowMs()))
    const nonce = randomBytes(NONCE_BYTES).toString('base64url')
    const text = [method, path, query, hash('sha256', body), timestamp, nonce].join('\n')
    const signature = createHmac('sha256', secret).update(text).digest('hex')
    return { timestamp, nonce, signature }
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
