// A JSON-RPC proxy that loses, delays and refuses on command, with a real chain behind it.
//
// lose-request: the chain never hears of it. lose-reply: the chain does it and nobody is told.
// silence: done, and the caller waits for its own timeout. refuse: the chain never hears of it and
// the caller is told an error.

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

export type Fault = 'pass' | 'lose-request' | 'lose-reply' | 'silence' | 'refuse'

export type FaultyProxy = {
  readonly url: string
  /** Every call's fate; `count` is how often the method was called before. */
  decide: (method: string, count: number) => Fault | Promise<Fault>
  /** How often each method reached the chain. */
  readonly passed: ReadonlyMap<string, number>
}

type Request = { readonly id: number; readonly method: string }

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const seen = new Map<string, number>()
  const passed = new Map<string, number>()
  const server = createServer(async (request, response) => {
    const body = await Array.fromAsync(request, (chunk: Buffer) => chunk.toString('utf8'))
    const text = body.join('')
    const call: Request = JSON.parse(text)
    const count = seen.get(call.method) ?? 0
    seen.set(call.method, count + 1)
    const fault = await proxy.decide(call.method, count)
    if (fault === 'lose-request') return response.destroy()
    if (fault === 'refuse') return answer(response, refusal(call))
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch(target, { method: 'POST', headers, body: text })
    passed.set(call.method, (passed.get(call.method) ?? 0) + 1)
    const replyText = await reply.text()
    if (fault === 'lose-reply') return response.destroy()
    if (fault === 'pass') return answer(response, replyText)
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const proxy: FaultyProxy = { url: `http://127.0.0.1:${port}`, decide: () => 'pass', passed }
  return proxy
}

function answer(response: ServerResponse, body: string): undefined {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}

function refusal({ id }: Request): string {
  const error = { code: -32_000, message: 'refused by the proxy' }
  return JSON.stringify({ jsonrpc: '2.0', id, error })
}
