// Cipher: AES-256-GCM in the one form in which the platform keeps it.
//
// Nonce of 12 random bytes, tag of 16, then the text. The additional data binds it to what it
// belongs to. A key seals far fewer than 2^32 texts before it is rotated, so random nonces do.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16
export const KEY_BYTES = 32

/** nonce, tag and ciphertext of a text, bound to `about`. */
export function encrypt(key: Uint8Array, about: string, text: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** The text; throws when anything was changed. */
export function decrypt(key: Uint8Array, about: string, bytes: Uint8Array): Buffer {
  const whole = Buffer.from(bytes)
  const nonce = whole.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  decipher.setAuthTag(whole.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(whole.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
}
