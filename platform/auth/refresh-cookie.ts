// The cookie that carries a browser's refresh token.
//
// No script reads it, no other site sends it, and it goes to /v1/auth only. It is Secure whenever
// the request came over TLS; on a plain loopback address a browser would not store it otherwise.

import { REFRESH_TOKEN_US } from './limits.ts'

const NAME = 'crossbook_refresh'
const ATTRIBUTES = 'Path=/v1/auth; HttpOnly; SameSite=Strict'
const MAX_AGE_SECONDS = REFRESH_TOKEN_US / 1_000_000

type Protocol = 'http' | 'https'

/** The Set-Cookie header that stores a token. */
export function refreshCookie(token: string, protocol: Protocol): string {
  return `${NAME}=${token}; ${ATTRIBUTES}; Max-Age=${MAX_AGE_SECONDS}${secure(protocol)}`
}

/** The Set-Cookie header that makes the browser forget it. */
export function clearedRefreshCookie(protocol: Protocol): string {
  return `${NAME}=; ${ATTRIBUTES}; Max-Age=0${secure(protocol)}`
}

/** The token in a Cookie header. */
export function readRefreshCookie(header: string | undefined): string | undefined {
  const cookies = (header ?? '').split(';').map((cookie) => cookie.trim())
  const found = cookies.find((cookie) => cookie.startsWith(`${NAME}=`))
  const token = found?.slice(NAME.length + 1)
  return token === '' ? undefined : token
}

function secure(protocol: Protocol): string {
  return protocol === 'https' ? '; Secure' : ''
}
