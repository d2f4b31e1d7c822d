// Bot key: how `crossbook bot` proves who it is: a file with an API key and where the exchange is.
//
// `bot login` writes it, readable by its owner alone; one that others can read is refused. Whoever
// signs in with a second factor makes a key with the scopes read, trade and deploy elsewhere and
// writes { url, id, secret } into the file.

import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { tokenAuthorization } from '#client/authorization.ts'
import { createClient } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import { keyAuthorization } from '#client/sign.ts'
import { StartError } from '#kernel/start-error.ts'

export type BotKey = { readonly url: string; readonly id: string; readonly secret: string }

const OWNER_ONLY = 0o600
const OTHERS = 0o077
/** A check runs a compiler. */
const TIMEOUT_MS = 120_000

/** A client with the key of the file. StartError when there is none that can be trusted. */
export function clientOf(file: string) {
  const { url, ...key } = readKey(file)
  const authorization = keyAuthorization(key)
  return createClient({ baseUrl: url, authorization, timeoutMs: TIMEOUT_MS })
}

function readKey(file: string): BotKey {
  if (!existsSync(file)) {
    throw new StartError(`${file} is not there: sign in with crossbook bot login --email E-MAIL`)
  }
  if ((statSync(file).mode & OTHERS) !== 0) {
    throw new StartError(`${file} can be read by others: chmod 600 it`)
  }
  try {
    const { url, id, secret }: Partial<Record<string, unknown>> = JSON.parse(
      readFileSync(file, 'utf8'),
    )
    if ([url, id, secret].every((one) => typeof one === 'string')) {
      return { url: String(url), id: String(id), secret: String(secret) }
    }
  } catch {
    // Said below.
  }
  throw new StartError(`${file} is no key: sign in again, or write { url, id, secret }`)
}

export type SignIn = {
  readonly url: string
  readonly email: string
  readonly password: string
  readonly file: string
}

/** Signs in, makes a key that may deploy, and keeps it. */
export async function signIn({ url, email, password, file }: SignIn): Promise<void> {
  const visitor = createClient({ baseUrl: url, timeoutMs: TIMEOUT_MS })
  const login = told(await visitor.login({ email, password }))
  const { accessToken } = login
  if (accessToken === undefined) {
    throw new StartError(
      `a second factor is asked for: make a key that may read, trade and deploy; write ${file}`,
    )
  }
  const authorization = tokenAuthorization(() => accessToken)
  const person = createClient({ baseUrl: url, authorization, timeoutMs: TIMEOUT_MS })
  const scopes: ('read' | 'trade' | 'deploy')[] = ['read', 'trade', 'deploy']
  const { id, secret = '' } = told(await person.createKey({ name: 'crossbook bot', scopes }))
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${JSON.stringify({ url, id, secret })}\n`, { mode: OWNER_ONLY })
  chmodSync(file, OWNER_ONLY)
}

/** The value of an outcome; any other outcome in words of the exchange. */
export function told<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value
  if (outcome.kind === 'unknown') {
    throw new StartError(`it is not known whether it happened, ask again: ${outcome.why}`)
  }
  const details = Object.values(outcome.details ?? {}).map((line) => `\n  ${line}`)
  throw new StartError(`${outcome.code}: ${outcome.message}${details.join('')}`)
}
