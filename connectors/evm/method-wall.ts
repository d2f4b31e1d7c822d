// Method wall: what a process may ask a node at all.
//
// A bot's process reads blocks, logs and state and sends what it has signed itself. Everything else
// that a node offers (accounts it keeps unlocked, the powers of a development chain, its own
// administration) is refused here before it is asked, whichever part of the process wants it.

import type { Rpc, RpcAnswer } from './provider.ts'

export const BOT_METHODS = [
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_sendRawTransaction',
] as const

/** JSON-RPC's own code for a method that there is not. */
const NO_SUCH_METHOD = -32_601

export function allowMethods(rpc: Rpc, methods: readonly string[]): Rpc {
  const allowed = new Set(methods)
  return {
    chainId: rpc.chainId,
    async ask(method, params): Promise<RpcAnswer> {
      if (allowed.has(method)) return await rpc.ask(method, params)
      return { kind: 'refused', code: NO_SUCH_METHOD, reason: `${method} is not allowed here` }
    },
  }
}
