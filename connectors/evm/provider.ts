// Chain access: JSON-RPC with three answers instead of exceptions.
//
// A lost or late reply is `unknown`: the node may have done what was asked, and only the chain can
// tell. A refusal is the node's own word. Nothing here caches, batches or asks again, because
// a repeated send is the nonce queue's decision alone.

import { FetchRequest, JsonRpcProvider, Network } from 'ethers'

export type RpcAnswer =
  | { readonly kind: 'ok'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string; data?: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** JSON-RPC as a port; tests put faults between it and a real chain. */
export type Rpc = {
  readonly chainId: number
  ask(method: string, params: readonly unknown[]): Promise<RpcAnswer>
}

export type ProviderOptions = {
  readonly url: string
  readonly chainId: number
  /** How long a reply may take before it counts as unknown. */
  readonly timeoutMs?: number
}

/** The chain could not be read now; readers of state ask again later. */
export class ChainUnavailable extends Error {
  override readonly name = 'ChainUnavailable'
}

/** An ethers provider that trusts the given chain id and caches nothing. */
export function createProvider({ url, chainId, timeoutMs = 10_000 }: ProviderOptions) {
  const request = new FetchRequest(url)
  request.timeout = timeoutMs
  const provider = new JsonRpcProvider(request, chainId, {
    staticNetwork: Network.from(chainId),
    cacheTimeout: -1,
    batchMaxCount: 1,
    pollingInterval: 20,
  })
  return provider
}

/** JSON-RPC over an ethers provider's transport, without the objects ethers makes of answers. */
export function createRpc(options: ProviderOptions): Rpc {
  const provider = createProvider(options)
  let nextId = 1
  const ask: Rpc['ask'] = async (method, params) => {
    const payload = { jsonrpc: '2.0' as const, id: nextId++, method, params: [...params] }
    try {
      const [answer] = await provider._send(payload)
      return answer === undefined ? lost('empty reply') : decodeAnswer(answer)
    } catch (error) {
      return lost(error instanceof Error ? error.message : String(error))
    }
  }
  return { chainId: options.chainId, ask }
}

/** A read whose answer must be there: throws ChainUnavailable for anything but ok. */
export async function read(rpc: Rpc, method: string, params: readonly unknown[]): Promise<unknown> {
  const answer = await rpc.ask(method, params)
  if (answer.kind === 'ok') return answer.result
  throw new ChainUnavailable(`${method}: ${answer.reason}`)
}

function lost(reason: string): RpcAnswer {
  return { kind: 'unknown', reason }
}

function decodeAnswer(answer: object): RpcAnswer {
  if ('result' in answer) return { kind: 'ok', result: answer.result }
  if (!('error' in answer)) return lost('reply without result or error')
  const { code, message, data } = Object(answer.error)
  const refused = { kind: 'refused' as const, code: Number(code), reason: String(message) }
  const bytes = typeof data === 'string' ? data : Object(data).data
  return typeof bytes === 'string' ? { ...refused, data: bytes } : refused
}
