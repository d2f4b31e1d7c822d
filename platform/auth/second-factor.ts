// Second factor: a time-based code of an authenticator (RFC 6238), or a recovery code.
//
// A time step is good for one use, a recovery code too. Ten failures a day lock the factor: whoever
// gets that far knows the password, so the owner is told. The secret is sealed, recovery codes are
// kept as HMACs: neither can be read from the database.

import { createHmac, randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verify } from 'otplib'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Vault } from '#platform/vault/port.ts'
import type { AccountStore } from './account-store.ts'
import type { ChallengeStore } from './challenge-store.ts'
import { FACTOR_FAILURES_PER_DAY, RECOVERY_CODES } from './limits.ts'
import type { UserRow } from './store.ts'

export type SecondFactor = {
  /** A new secret; it counts once it was confirmed. */
  begin(user: UserRow): Promise<{ readonly secret: string; readonly uri: string }>
  /** Recovery codes, told this once; auth.code_invalid. */
  confirm(user: UserRow, code: string): Promise<Result<readonly string[]>>
  /** Whether a code of the authenticator or a recovery code is right: it is used then. */
  check(user: UserRow, code: string): Promise<Result<null>>
  /** New recovery codes in the place of the old ones. */
  renewCodes(user: UserRow): Promise<readonly string[]>
  remove(user: UserRow): Promise<void>
}

export type SecondFactorDeps = {
  readonly store: AccountStore & Pick<ChallengeStore, 'take' | 'giveBack'>
  readonly vault: Pick<Vault, 'seal' | 'open'>
  readonly key: Uint8Array
  readonly now: () => number
  /** Told when the last try of a day was wrong. */
  readonly onLocked: (user: UserRow) => void
}

const ISSUER = 'Crossbook'
const STEP_SECONDS = 30
const CODE = /^[0-9]{6}$/
const RECOVERY = /^[a-z2-7]{5}-[a-z2-7]{5}$/
const RECOVERY_BYTES = 7
const WRONG = refuse('auth.code_invalid')
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

export function createSecondFactor(deps: SecondFactorDeps): SecondFactor {
  const { store, vault, now } = deps
  const renewCodes = async ({ id }: UserRow): Promise<readonly string[]> => {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
    await store.replaceRecoveryCodes(
      id,
      codes.map((code) => hashOf(deps.key, id, code)),
    )
    return codes
  }
  return {
    begin: async ({ id, email }) => {
      const secret = generateSecret()
      await store.setTotp(id, await vault.seal(aboutOf(id), secret))
      return { secret, uri: generateURI({ issuer: ISSUER, label: email, secret }) }
    },
    confirm: async (user, code) => {
      const checked = user.totpSince === null ? await check(deps, user, code) : WRONG
      if (!checked.ok) return checked
      const codes = await renewCodes(user)
      await store.confirmTotp(user.id, now())
      return accept(codes)
    },
    check: (user, code) => check(deps, user, code),
    renewCodes,
    remove: ({ id }) => store.setTotp(id, null),
  }
}

async function check(deps: SecondFactorDeps, user: UserRow, code: string): Promise<Result<null>> {
  const { store, now } = deps
  const today = `factor:${user.id}`
  const attempt = await store.take(today, FACTOR_FAILURES_PER_DAY, now())
  if (attempt === 0) return WRONG
  if (await isRight(deps, user, code)) {
    await store.giveBack(today)
    return accept(null)
  }
  if (attempt === FACTOR_FAILURES_PER_DAY) deps.onLocked(user)
  return WRONG
}

async function isRight(deps: SecondFactorDeps, user: UserRow, code: string): Promise<boolean> {
  const { store, vault, key, now } = deps
  if (user.totp === null) return false
  if (RECOVERY.test(code) && user.totpSince !== null) {
    return store.useRecoveryCode(user.id, hashOf(key, user.id, code), now())
  }
  if (!CODE.test(code)) return false
  const secret = await vault.open(aboutOf(user.id), user.totp)
  const epoch = Math.floor(now() / 1_000_000)
  const given = { secret, token: code, epoch, epochTolerance: STEP_SECONDS }
  const verified = await verify(given)
  return verified.valid && 'timeStep' in verified && store.useTotpStep(user.id, verified.timeStep)
}

/** Fifty bits, in letters that nobody confuses. */
function newRecoveryCode(): string {
  let bits = 0n
  for (const byte of randomBytes(RECOVERY_BYTES)) bits = (bits << 8n) | BigInt(byte)
  const letters = Array.from({ length: 10 }, (_, at) => {
    return LETTERS[Number((bits >> BigInt(5 * at)) & 31n)] ?? ''
  }).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}

function hashOf(key: Uint8Array, userId: string, code: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHmac('sha256', key).update(`recovery\n${userId}\n${code}`).digest())
}

function aboutOf(userId: string): string {
  return `totp:${userId}`
}
