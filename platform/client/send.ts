// Send: how a request leaves this process.
//
// A port with two ways: fetch (browsers, Node) here and node:http with kept connections in
// send-node.ts. A sender resolves with status and text, or rejects when nobody can say what
// happened; it never retries.

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}

export type HttpResponse = {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | null
}

export type Send = (request: HttpRequest) => Promise<HttpResponse>

type Fetch = typeof globalThis.fetch

/** Sends with fetch; cookies go along to the same origin, which the page's refresh token needs. */
export function sendByFetch(fetch: Fetch = globalThis.fetch): Send {
  return async ({ method, url, headers, body, timeoutMs }) => {
    const response = await fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === '' ? {} : { body }),
    })
    const retryAfter = response.headers.get('retry-after')
    return { status: response.status, text: await response.text(), retryAfter }
  }
}
