// Config: the environment as one frozen, typed object; nothing else reads process.env.
//
// Every variable is optional, read once and parsed strictly: a value that does not fit is a
// StartError that names the variable, never a silent default.

import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { StartError } from '#kernel/start-error.ts'

export type Profile = 'demo' | 'production'

export type Config = {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly chainPort: number
  /** Absolute. */
  readonly dataFolder: string
  readonly profile: Profile
  /** null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null
  readonly redisUrl: string | null
  readonly smtpUrl: string | null
  /** Addresses of proxies whose forwarded headers count. */
  readonly trustProxy: readonly string[]
  /** Master keys of the vault; null: a file, or `keys/master.key` of the data folder. */
  readonly masterKey: string | null
  readonly masterKeyFile: string | null
  /** null: http, on a loopback address or behind a proxy. */
  readonly tls:
    | { readonly kind: 'development' }
    | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string }
    | null
  /** Where admin routes listen; null: with all others. */
  readonly adminPort: number | null
}

type Environment = Readonly<Record<string, string | undefined>>

const PORT = /^(0|[1-9][0-9]{0,4})$/
const HOST = /^[A-Za-z0-9.:-]{1,253}$/

/** Reads the environment; throws StartError with one clear line. */
export function readConfig(environment: Environment = process.env): Config {
  const of = (name: string): string | undefined => environment[name] || undefined
  return Object.freeze({
    host: hostOf('HOST', of('HOST') ?? '127.0.0.1'),
    port: portOf('PORT', of('PORT') ?? '3000'),
    chainPort: portOf('CHAIN_PORT', of('CHAIN_PORT') ?? '8545'),
    dataFolder: resolve(of('CROSSBOOK_DATA') ?? '.crossbook'),
    profile: profileOf('CROSSBOOK_PROFILE', of('CROSSBOOK_PROFILE') ?? 'demo'),
    databaseUrl: urlOf('DATABASE_URL', of('DATABASE_URL'), ['postgresql:', 'postgres:']),
    redisUrl: urlOf('REDIS_URL', of('REDIS_URL'), ['redis:', 'rediss:']),
    smtpUrl: urlOf('SMTP_URL', of('SMTP_URL'), ['smtp:', 'smtps:']),
    trustProxy: addressesOf('TRUST_PROXY', of('TRUST_PROXY')),
    masterKey: of('CROSSBOOK_MASTER_KEY') ?? null,
    masterKeyFile: fileOf(of('CROSSBOOK_MASTER_KEY_FILE')),
    tls: tlsOf({ mode: of('TLS'), cert: of('TLS_CERT'), key: of('TLS_KEY') }),
    adminPort: adminPortOf(of('ADMIN_PORT')),
  })
}

function hostOf(name: string, text: string): string {
  if (!HOST.test(text)) throw wrong(name, text, 'a host name or an address')
  return text
}

function portOf(name: string, text: string): number {
  const port = Number(text)
  if (!PORT.test(text) || port > 65_535) throw wrong(name, text, 'a port from 0 to 65535')
  return port
}

function profileOf(name: string, text: string): Profile {
  if (text === 'demo' || text === 'production') return text
  throw wrong(name, text, 'demo or production')
}

/** The value is not repeated in the error: it may hold a password. */
function urlOf(name: string, text: string | undefined, schemes: string[]): string | null {
  if (text === undefined) return null
  const url = URL.parse(text)
  if (url === null || !schemes.includes(url.protocol)) {
    throw new StartError(`${name} must be a URL that begins with ${schemes.join('// or ')}//`)
  }
  return text
}

function adminPortOf(text: string | undefined): number | null {
  return text === undefined ? null : portOf('ADMIN_PORT', text)
}

type TlsTexts = Readonly<Record<'mode' | 'cert' | 'key', string | undefined>>

function tlsOf({ mode, cert, key }: TlsTexts): Config['tls'] {
  if (mode !== undefined && mode !== 'development') throw wrong('TLS', mode, 'development')
  if (cert === undefined && key === undefined) return mode === undefined ? null : { kind: mode }
  if (cert === undefined) throw new StartError('TLS_CERT must be set together with TLS_KEY')
  if (key === undefined) throw new StartError('TLS_KEY must be set together with TLS_CERT')
  return { kind: 'files', certFile: resolve(cert), keyFile: resolve(key) }
}

function fileOf(text: string | undefined): string | null {
  return text === undefined ? null : resolve(text)
}

function addressesOf(name: string, text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const addresses = text.split(',').map((one) => one.trim())
  for (const address of addresses) {
    if (isIP(address) === 0) throw wrong(name, address, 'addresses separated by commas')
  }
  return Object.freeze(addresses)
}

function wrong(name: string, text: string, wanted: string): StartError {
  return new StartError(`${name} must be ${wanted}, not ${JSON.stringify(text.slice(0, 80))}`)
}
