// Rollback: lets a Hardhat chain forget its newest blocks, as anvil does with anvil_rollback.
//
// Hardhat only goes back to where somebody asked for a mark beforehand, so this plugin asks for one
// before every request that may mine. Such requests are answered one after another, which the chain
// does anyway. A mark is a few numbers: the state of every block is kept by the chain itself.

import type { HardhatPlugin } from 'hardhat/types/plugins'
import type { JsonRpcRequest, JsonRpcResponse } from 'hardhat/types/providers'

const MINING = new Set([
  'eth_sendTransaction',
  'eth_sendRawTransaction',
  'evm_mine',
  'hardhat_mine',
])

type Ask = (method: string, params: readonly unknown[]) => Promise<JsonRpcResponse>
type Mark = { readonly id: bigint; readonly block: number }

/** Adds anvil_rollback(depth): to the newest known block that is at least so far down. */
export function rollbackPlugin(): HardhatPlugin {
  const handle = createRollback()
  return {
    id: 'crossbook-rollback',
    hookHandlers: {
      network: async () => ({
        default: async () => ({
          async onRequest(context, connection, request, next) {
            const ask: Ask = (method, params) => {
              return next(context, connection, { ...request, method, params: [...params] })
            }
            return await handle(request, ask)
          },
        }),
      }),
    },
  }
}

function createRollback() {
  const marks: Mark[] = []
  let line: Promise<unknown> = Promise.resolve()

  async function mark(ask: Ask): Promise<void> {
    const block = Number(resultOf(await ask('eth_blockNumber', [])))
    const id = BigInt(resultOf(await ask('evm_snapshot', [])))
    marks.push({ id, block })
  }

  /** Going back to a mark ends every mark that was made after it. */
  function forgetSince(id: bigint): void {
    while ((marks.at(-1)?.id ?? -1n) >= id) marks.pop()
  }

  async function rollBack(request: JsonRpcRequest, ask: Ask): Promise<JsonRpcResponse> {
    const { id, jsonrpc } = request
    const [depth] = paramsOf(request)
    const head = Number(resultOf(await ask('eth_blockNumber', [])))
    const to = marks.findLast(({ block }) => block <= head - Number(depth ?? 1))
    if (to === undefined) {
      const message = `this chain cannot go back ${depth} blocks from block ${head}`
      return { id, jsonrpc, error: { code: -32_602, message } }
    }
    forgetSince(to.id)
    const answer = await ask('evm_revert', [`0x${to.id.toString(16)}`])
    return 'error' in answer ? answer : { id, jsonrpc, result: null }
  }

  async function answer(request: JsonRpcRequest, ask: Ask): Promise<JsonRpcResponse> {
    const { method } = request
    if (method === 'anvil_rollback') return await rollBack(request, ask)
    if (method === 'evm_revert') forgetSince(BigInt(String(paramsOf(request)[0])))
    else await mark(ask)
    return await ask(method, paramsOf(request))
  }

  return (request: JsonRpcRequest, ask: Ask): Promise<JsonRpcResponse> => {
    const { method } = request
    const isOurs = MINING.has(method) || method === 'evm_revert' || method === 'anvil_rollback'
    if (!isOurs) return ask(method, paramsOf(request))
    const answered = line.then(() => answer(request, ask))
    line = answered.catch(() => {})
    return answered
  }
}

function paramsOf({ params }: JsonRpcRequest): readonly unknown[] {
  return Array.isArray(params) ? params : []
}

function resultOf(answer: JsonRpcResponse): string {
  if ('error' in answer) throw new Error(answer.error.message)
  return String(answer.result)
}
