// Keystore: a key in a file of Ethereum's keystore v3, under a passphrase.
//
// The key is stretched by scrypt in the thread pool, because ethers' own would hold the event loop
// for seconds, and only by scrypt: other ways block or are weak. A file that asks for more memory
// than ours is refused before anything is computed. The passphrase comes from a file of the
// owner's alone or from the environment, whence it is removed, so that no child inherits it. No
// message of this file holds a key, a passphrase or what is inside a keystore.

import { scrypt as nativeScrypt } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { decryptKeystoreJson, encryptKeystoreJson, getBytes, hexlify, scrypt, Wallet } from 'ethers'

/** A keystore or a passphrase that cannot be used; its message is one line for people. */
export class KeystoreError extends Error {
  override readonly name = 'KeystoreError'
}

export type PassphraseSource =
  | { readonly file: string }
  /** The name of a variable of the environment. */
  | { readonly env: string }

type Stretching = { readonly N: number; readonly r: number; readonly p: number }

/** What geth writes: about a second and 256 MB. */
const STRONG: Stretching = { N: 2 ** 18, r: 8, p: 1 }
const MEMORY_MAX = 2 ** 28
const P_MAX = 16
const PASSPHRASE_MIN = 12
const OTHERS = 0o077

const stretch = promisify<Buffer, Buffer, number, object, Buffer>(nativeScrypt)

scrypt.register(async (passphrase, salt, N, r, p, length) => {
  const [secret, salted] = [getBytes(passphrase), getBytes(salt)].map((bytes) => Buffer.from(bytes))
  const options = { N, r, p, maxmem: MEMORY_MAX + 2 ** 20 }
  return hexlify(await stretch(secret ?? Buffer.of(), salted ?? Buffer.of(), length, options))
})

/** The passphrase without the line's end; throws KeystoreError. */
export function readPassphrase(
  source: PassphraseSource,
  environment: NodeJS.ProcessEnv = {},
): string {
  const text = 'file' in source ? readSecret(source.file) : environment[source.env]
  if ('env' in source) delete environment[source.env]
  const passphrase = text?.replace(/\r?\n$/, '') ?? ''
  const where = 'file' in source ? source.file : `the variable ${source.env}`
  if (passphrase.length >= PASSPHRASE_MIN) return passphrase
  const why = passphrase === '' ? 'holds no passphrase' : `has less than ${PASSPHRASE_MIN} letters`
  throw new KeystoreError(`${where} ${why}`)
}

/** The text of a new keystore for a key of 32 bytes in hex; throws KeystoreError. */
export async function sealKey(
  privateKey: string,
  passphrase: string,
  stretching: Stretching = STRONG,
): Promise<string> {
  const { address } = walletOf(privateKey)
  // In the clear are the address, the cipher and how the key is stretched.
  return await encryptKeystoreJson({ address, privateKey }, passphrase, { scrypt: stretching })
}

export function newKey(): string {
  return Wallet.createRandom().privateKey
}

/** The address that a keystore is said to be for, without opening it; throws KeystoreError. */
export function keystoreAddress(path: string): string {
  const { address } = parsed(path)
  const digits = String(address).replace(/^0x/i, '')
  if (/^[0-9a-f]{40}$/i.test(digits)) return `0x${digits.toLowerCase()}`
  throw new KeystoreError(`${path} does not say its address`)
}

/** The wallet of a keystore; throws KeystoreError. */
export async function openKeystore(path: string, passphrase: string): Promise<Wallet> {
  const keystore = parsed(path)
  checkStretching(path, keystore)
  try {
    const { privateKey } = await decryptKeystoreJson(JSON.stringify(keystore), passphrase)
    return new Wallet(privateKey)
  } catch {
    // What ethers throws holds its arguments.
    throw new KeystoreError(`${path} does not open with this passphrase`)
  }
}

type Fields = Readonly<Record<string, unknown>>

function parsed(path: string): Fields {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof found === 'object' && found !== null && 'version' in found) return { ...found }
  } catch {
    // Told below: a parser's message quotes what it read.
  }
  throw new KeystoreError(`${path} cannot be read as a keystore`)
}

function checkStretching(path: string, keystore: Fields): void {
  const { kdf, kdfparams } = Object(lowerCase(Object(keystore)).crypto)
  const { n, r, p } = lowerCase(Object(kdfparams))
  if (String(kdf).toLowerCase() !== 'scrypt') {
    throw new KeystoreError(`${path} is not stretched by scrypt: import its key anew`)
  }
  const isBounded = 128 * Number(n) * Number(r) <= MEMORY_MAX && Number(p) <= P_MAX
  if (!isBounded) throw new KeystoreError(`${path} asks for too much memory or time`)
  // RFC 7914; OpenSSL holds to it and some wallets of 2016 do not.
  if (Number(n) < 2 ** (16 * Number(r))) return
  throw new KeystoreError(`${path} is stretched with too small blocks: import its key anew`)
}

function lowerCase(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, at]) => [name.toLowerCase(), at]))
}

function walletOf(privateKey: string): Wallet {
  try {
    return new Wallet(privateKey)
  } catch {
    throw new KeystoreError('this is not a private key: 64 digits of 0 to 9 and a to f')
  }
}

/** A secret that others of the machine may read is none. */
function readSecret(path: string): string {
  try {
    if ((statSync(path).mode & OTHERS) === 0) return readFileSync(path, 'utf8')
  } catch {
    throw new KeystoreError(`${path} cannot be read`)
  }
  throw new KeystoreError(`${path} may be read by others: chmod 600 ${path}`)
}
