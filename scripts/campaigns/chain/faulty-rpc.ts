// Faulty RPC: a node behind a line that loses, repeats itself and lies, as a seed has it.
//
// A request that is lost never arrives; an answer that is lost has been carried out; a refusal may
// come before or after that. Reads are only ever lost. Until it is told to be true it counts what
// it did.

import type { Rpc, RpcAnswer } from '#connectors/evm/provider.ts'
import type { Random } from '../random.ts'

export type FaultShares = {
  /** Of sends, of a hundred. */
  readonly sends: number
  readonly reads: number
}

export type FaultyRpc = Rpc & {
  /** From now on every answer is the node's own. */
  beTrue(): void
}

const LOST: RpcAnswer = { kind: 'unknown', reason: 'lost' }
const LIE: RpcAnswer = { kind: 'refused', code: -32_000, reason: 'refused by the line' }
const KINDS = ['request lost', 'answer lost', 'refused before', 'refused after'] as const

export function createFaultyRpc(
  rpc: Rpc,
  {
    random,
    shares,
    met,
  }: {
    readonly random: Random
    readonly shares: FaultShares
    readonly met: (what: string) => void
  },
): FaultyRpc {
  let isTrue = false

  async function send(params: readonly unknown[]): Promise<RpcAnswer> {
    const method = 'eth_sendRawTransaction'
    if (isTrue || random.below(100) >= shares.sends) return rpc.ask(method, params)
    const kind = random.pick(KINDS)
    met(`send: ${kind}`)
    if (kind === 'request lost') return LOST
    if (kind === 'refused before') return LIE
    await rpc.ask(method, params)
    return kind === 'answer lost' ? LOST : LIE
  }

  return {
    chainId: rpc.chainId,
    async ask(method, params) {
      if (method === 'eth_sendRawTransaction') return await send(params)
      const isLost = !isTrue && random.below(100) < shares.reads
      if (isLost) met('read lost')
      return isLost ? LOST : await rpc.ask(method, params)
    },
    beTrue() {
      isTrue = true
    },
  }
}
