// Send by node:http: few kept connections, a fraction of fetch's cost a request.
//
// For bots and scripts; the page never imports it. A request that timed out destroys its
// connection, so that a late answer cannot be taken for that of the next request.

import { Agent, request as open } from 'node:http'
import type { HttpRequest, HttpResponse, Send } from './send.ts'

const ANSWER_CHARS_MAX = 64 * 1_048_576

export type NodeSend = { readonly send: Send; close(): void }

/** A sender over at most `connections` kept connections. */
export function createNodeSend(connections = 8): NodeSend {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' })
  return { send: (request) => exchange(agent, request), close: () => agent.destroy() }
}

function exchange(agent: Agent, request: HttpRequest): Promise<HttpResponse> {
  const { method, url, headers, body, timeoutMs } = request
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>()
  const outgoing = open(url, { method, agent, headers: { ...headers, ...length } }, (incoming) => {
    let text = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (chunk: string) => {
      text += chunk
      if (text.length > ANSWER_CHARS_MAX) outgoing.destroy(new Error('the answer is too long'))
    })
    incoming.on('error', reject)
    incoming.on('end', () => {
      const retryAfter = incoming.headers['retry-after'] ?? null
      resolve({ status: incoming.statusCode ?? 0, text, retryAfter })
    })
  })
  const timer = setTimeout(() => outgoing.destroy(new Error('timed out')), timeoutMs)
  outgoing.on('error', reject)
  outgoing.on('close', () => clearTimeout(timer))
  outgoing.end(body)
  return promise
}
