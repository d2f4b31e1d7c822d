// Call: one request to the API and its outcome.
//
// Nothing but a complete answer of the server decides: everything else is 'unknown'. A request
// that repeats itself carries the same body, so the server sees the same id and sentAt; only the
// proof of who is asking is made anew.

import type { RefusalCode } from '#kernel/refusals.ts'
import type { Authorization } from './authorization.ts'
import type { Outcome, Refusal } from './outcome.ts'
import type { HttpRequest, HttpResponse, Send } from './send.ts'

export type Query = Readonly<Record<string, string | number | undefined>>

export type Ask = {
  readonly method: HttpRequest['method']
  readonly path: string
  readonly query?: Query
  readonly body?: unknown
  /** How often an 'unknown' outcome is asked again; only for what is idempotent. */
  readonly retries?: number
}

export type CallDeps = {
  readonly baseUrl: string
  readonly send: Send
  readonly authorization: Authorization
  readonly timeoutMs: number
}

export type Call = <T>(ask: Ask) => Promise<Outcome<T>>

/** A caller of the API under `baseUrl`, which has no slash at its end. */
export function createCall(deps: CallDeps): Call {
  return async <T>({ retries = 0, ...ask }: Ask) => {
    let outcome = await attempt<T>(deps, ask)
    for (let again = 0; again < retries && outcome.kind === 'unknown'; again += 1) {
      outcome = await attempt<T>(deps, ask)
    }
    return outcome
  }
}

async function attempt<T>(deps: CallDeps, ask: Ask): Promise<Outcome<T>> {
  const { method, path } = ask
  const query = queryText(ask.query)
  const body = ask.body === undefined ? '' : JSON.stringify(ask.body)
  const proof = deps.authorization.headers({ method, path, query, body })
  const headers = body === '' ? proof : { ...proof, 'content-type': 'application/json' }
  const url = deps.baseUrl + path + (query === '' ? '' : `?${query}`)
  try {
    const { timeoutMs } = deps
    return outcomeOf<T>(await deps.send({ method, url, headers, body, timeoutMs }))
  } catch (error) {
    return { kind: 'unknown', why: error instanceof Error ? error.message : String(error) }
  }
}

function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
}

function outcomeOf<T>(response: HttpResponse): Outcome<T> {
  const { status, text } = response
  const body: unknown = text === '' ? null : parsed(text)
  if (body === undefined) return { kind: 'unknown', why: `an answer that is not JSON (${status})` }
  // The server's schemas vouch for the shape; the client does not validate it a second time.
  if (status >= 200 && status < 300) return { kind: 'done', value: body as T }
  const refusal = refusalOf(response, body)
  if (refusal === undefined || refusal.code === 'unknown' || status === 500) {
    return { kind: 'unknown', why: `status ${status}` }
  }
  return refusal
}

function refusalOf(response: HttpResponse, body: unknown): Refusal | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { code, message, details } = body as Partial<Refusal> // Each field is checked below.
  if (typeof code !== 'string' || typeof message !== 'string') return undefined
  const seconds = Number(response.retryAfter)
  return {
    kind: 'refused',
    status: response.status,
    code: code as RefusalCode, // A newer server may know more codes.
    message,
    ...(details === undefined ? {} : { details }),
    ...(seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {}),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
