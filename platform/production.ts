// Production: what must be true of the settings before anybody's money is touched.
//
// Each of them refuses the start in one line that says what to do, and never repeats a secret.

import { StartError } from '#kernel/start-error.ts'
import type { Config, Profile } from './config.ts'

/** What somebody may do who has just registered. In a demo everybody may try everything. */
export const NEWCOMERS = {
  demo: ['trader', 'deploy'],
  production: ['trader'],
} as const satisfies Readonly<Record<Profile, readonly string[]>>

/** Passwords that come with examples. */
const DEFAULTS =
  /^(|postgres|password|passw0rd|admin|root|crossbook|changeme|secret|test|example)$/i
/** Thirty-two bytes that somebody typed. */
const TYPED = /^(.)\1*$/

/** Throws StartError. */
export function assertProduction(config: Config): void {
  if (config.profile !== 'production') return
  const { databaseUrl, smtpUrl, masterKey, tls, trustProxy } = config
  if (tls === null && trustProxy.length === 0) {
    throw new StartError(
      'production needs TLS: set TLS_CERT and TLS_KEY, or TRUST_PROXY to the proxy that ends it',
    )
  }
  if (tls?.kind === 'development') {
    throw new StartError('TLS=development convinces nobody: set TLS_CERT and TLS_KEY')
  }
  for (const [name, url] of [
    ['DATABASE_URL', databaseUrl],
    ['SMTP_URL', smtpUrl],
  ] as const) {
    if (url !== null && hasDefault(url)) {
      throw new StartError(`${name} has a password that comes with examples: choose another one`)
    }
  }
  if (masterKey?.split(/[\s,]+/).some((key) => TYPED.test(key)) === true) {
    throw new StartError('CROSSBOOK_MASTER_KEY is no random key: openssl rand -base64 32')
  }
}

/** No password at all is no secret: such a server lets in whom its address lets in. */
function hasDefault(text: string): boolean {
  const { username, password } = new URL(text)
  if (password === '') return false
  const secret = decodeURIComponent(password)
  return DEFAULTS.test(secret) || secret === decodeURIComponent(username)
}
