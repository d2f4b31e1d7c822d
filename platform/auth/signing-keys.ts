// Signing keys: the Ed25519 keys of access tokens, how they take turns, and their public halves.
//
// A new key is published before it signs, so that whoever caches the JWKS knows it in time; the one
// before it verifies for as long as a token of it can live. A key that leaked is retired at once.
// Private halves are sealed; memory mirrors the database and is read again every few seconds.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
} from 'node:crypto'
import { assert } from '#kernel/assert.ts'
import type { Vault } from '#platform/vault/port.ts'
import { ACCESS_TOKEN_US, CLOCK_SKEW_US, SIGNING_KEY_AHEAD_US } from './limits.ts'
import type { PublicJwk } from './port.ts'
import type { AuthStore, SigningKeyRow } from './store.ts'

export type SigningKey = { readonly kid: string; readonly key: KeyObject }

export type SigningKeys = {
  /** The key that signs now. */
  current(now: number): SigningKey
  /** The public key of this id, while tokens of it may still be good. */
  find(kid: string, now: number): KeyObject | undefined
  /** Public keys that sign, may have signed or will sign next. */
  published(now: number): PublicJwk[]
  /** Microseconds since the newest key was made. */
  ageOfNewest(now: number): number
  /** Adds a key; `urgent` retires all others at once. Answers its id. */
  rotate(now: number, order: { readonly urgent: boolean }): Promise<string>
  /** Reads what other processes have changed; whether a key was added or retired. */
  reload(): Promise<boolean>
}

export type SigningKeysDeps = {
  readonly store: Pick<AuthStore, 'signingKeys' | 'insertSigningKey' | 'retireSigningKeys'>
  readonly vault: Vault
}

type Held = Omit<SigningKeyRow, 'sealed' | 'publicKey'> & {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}
type Run = SigningKeysDeps & { held: readonly Held[] }

/** Reads the keys of the database; makes the first one when there is none. */
export async function createSigningKeys(deps: SigningKeysDeps, now: number): Promise<SigningKeys> {
  const run: Run = { ...deps, held: [] }
  await reload(run)
  if (!run.held.some((key) => key.retiredAt === null)) await add(run, now, { from: now })
  return {
    current: (at) => {
      const { kid, privateKey } = signingAt(run.held, at)
      return { kid, key: privateKey }
    },
    find: (kid, at) => standing(run.held, at).find((key) => key.kid === kid)?.publicKey,
    published: (at) => standing(run.held, at).map(jwkOf),
    ageOfNewest: (at) => at - Math.max(0, ...run.held.map(({ createdAt }) => createdAt)),
    rotate: async (at, { urgent }) => {
      const kid = await add(run, at, { from: urgent ? at : at + SIGNING_KEY_AHEAD_US })
      if (urgent) await deps.store.retireSigningKeys(kid, at)
      await reload(run)
      return kid
    },
    reload: () => reload(run),
  }
}

async function reload(run: Run): Promise<boolean> {
  const rows = await run.store.signingKeys()
  const mark = (keys: readonly Pick<Held, 'kid' | 'retiredAt'>[]) =>
    keys.map(({ kid, retiredAt }) => `${kid}@${retiredAt}`).join()
  if (mark(rows) === mark(run.held)) return false
  const known = new Map(run.held.map((key) => [key.kid, key]))
  const held: Held[] = []
  for (const { sealed, publicKey: _publicKey, ...row } of rows) {
    const { privateKey, publicKey } = known.get(row.kid) ?? (await open(run.vault, row.kid, sealed))
    held.push({ ...row, privateKey, publicKey })
  }
  run.held = held
  return true
}

async function open(vault: Vault, kid: string, sealed: Uint8Array) {
  const privateKey = createPrivateKey(await vault.open(aboutOf(kid), sealed))
  assert(privateKey.asymmetricKeyType === 'ed25519', 'access tokens are signed with Ed25519')
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

async function add(run: Run, now: number, { from }: { readonly from: number }): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const kid = hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'base64url')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await run.store.insertSigningKey({
    ...{ kid, createdAt: now, activeAt: from, retiredAt: null },
    sealed: await run.vault.seal(aboutOf(kid), pem),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  })
  await reload(run)
  return kid
}

function aboutOf(kid: string): string {
  return `signing:${kid}`
}

/** The newest of those that are active; rows come in the order of their activation. */
function signingAt(held: readonly Held[], now: number): Held {
  const usable = held.filter((key) => key.retiredAt === null)
  const key = usable.findLast(({ activeAt }) => activeAt <= now) ?? usable[0]
  assert(key !== undefined, 'there is no key to sign with')
  return key
}

/** Not retired, and followed by no other key for longer than a token of it lives. */
function standing(held: readonly Held[], now: number): Held[] {
  const usable = held.filter((key) => key.retiredAt === null)
  return usable.filter((_key, index) => {
    const next = usable[index + 1]
    return next === undefined || now <= next.activeAt + ACCESS_TOKEN_US + CLOCK_SKEW_US
  })
}

function jwkOf({ kid, publicKey }: Held): PublicJwk {
  const { x = '' } = publicKey.export({ format: 'jwk' })
  return { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid, x }
}
