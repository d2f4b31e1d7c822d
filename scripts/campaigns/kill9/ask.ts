// Ask: one signed request and the very bytes of its answer, or null when there was none.
//
// Only a whole answer that decides counts: a cut connection, a timeout, 500, 503 and 504 are null.
// Only 429 is asked again by itself: it says that nothing happened.

import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpRequest, Send } from '#client/send.ts'
import { keyAuthorization } from '#client/sign.ts'

export type Answer = { readonly status: number; readonly text: string }
export type Request = {
  readonly method: HttpRequest['method']
  readonly path: string
  readonly query?: string
  /** JSON, or '' for none. */
  readonly body?: string
}
export type Key = { readonly id: string; readonly secret: string }
export type Ask = (key: Key, request: Request) => Promise<Answer | null>

type AskDeps = {
  readonly send: Send
  readonly baseUrl: string
  /** Told of statuses that decide nothing. */
  readonly onUndecided?: (status: number) => void
}

const TIMEOUT_MS = 15_000
const LIMITED = 429
const LIMITED_PAUSE_MS = 50
const UNDECIDED: ReadonlySet<number> = new Set([500, 503, 504])

export function createAsk({ send, baseUrl, onUndecided = () => {} }: AskDeps): Ask {
  const authorizations = new Map<Key, ReturnType<typeof keyAuthorization>>()
  const ask: Ask = async (key, request) => {
    const { method, path, query = '', body = '' } = request
    const authorization = authorizations.get(key) ?? keyAuthorization(key)
    authorizations.set(key, authorization)
    const type: Record<string, string> = body === '' ? {} : { 'content-type': 'application/json' }
    const headers = { ...authorization.headers({ method, path, query, body }), ...type }
    const url = `${baseUrl}${path}${query === '' ? '' : `?${query}`}`
    const answer = await send({ method, url, headers, body, timeoutMs: TIMEOUT_MS }).catch(
      () => null,
    )
    if (answer === null) return null
    if (UNDECIDED.has(answer.status)) {
      onUndecided(answer.status)
      return null
    }
    if (answer.status !== LIMITED) return { status: answer.status, text: answer.text }
    await sleep(LIMITED_PAUSE_MS)
    return ask(key, request)
  }
  return ask
}
