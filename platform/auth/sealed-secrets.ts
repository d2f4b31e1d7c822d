// Secrets at rest: sealed with AES-256-GCM under a key from a file.
//
// HMAC needs an API key's secret again, so it cannot be a hash. A sealed secret names its sealing
// key and is bound to the id it belongs to: moved to another row it does not open.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { assert } from '#kernel/assert.ts'
import { readOrMakeKey } from './key-files.ts'

export type SealedSecrets = {
  seal(id: string, secret: string): Uint8Array<ArrayBuffer>
  /** Throws when the bytes were changed, moved or sealed under another key. */
  open(id: string, sealed: Uint8Array): string
}

const KEY_ID_BYTES = 8
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = KEY_ID_BYTES + NONCE_BYTES

/** Sealing under the key in `<folder>/secrets.key`. */
export function createSealedSecrets(folder: string): SealedSecrets {
  const text = readOrMakeKey(folder, 'secrets.key', () => randomBytes(32).toString('base64url'))
  const key = Buffer.from(text, 'base64url')
  const keyId = createHash('sha256').update('seal').update(key).digest().subarray(0, KEY_ID_BYTES)
  const seal: SealedSecrets['seal'] = (id, secret) => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id))
    const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return Uint8Array.from(Buffer.concat([keyId, nonce, cipher.getAuthTag(), body]))
  }
  const open: SealedSecrets['open'] = (id, sealed) => {
    const bytes = Buffer.from(sealed)
    assert(bytes.subarray(0, KEY_ID_BYTES).equals(keyId), 'a secret is sealed under another key')
    const nonce = bytes.subarray(KEY_ID_BYTES, HEAD_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id))
    decipher.setAuthTag(bytes.subarray(HEAD_BYTES, HEAD_BYTES + TAG_BYTES))
    const body = bytes.subarray(HEAD_BYTES + TAG_BYTES)
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  }
  return { seal, open }
}
