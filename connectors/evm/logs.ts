// Logs: what contracts said, in the order of the chain.
//
// Of a range of blocks, as the node sees the chain now, or of exactly one block by its hash: what
// must belong to a block is never asked for by number.

import { type Rpc, read } from './provider.ts'
import { fields, index, list, text, toQuantity } from './quantity.ts'

export type Log = {
  /** In lower case. */
  readonly address: string
  readonly topics: readonly unknown[]
  readonly data: string
  readonly blockNumber: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: number
}

export type LogQuery = {
  readonly addresses: readonly string[]
  readonly topics: readonly (string | readonly string[] | null)[]
  readonly fromBlock: number
  readonly toBlock: number
}

export type BlockLogQuery = Pick<LogQuery, 'addresses' | 'topics'> & { readonly block: string }

/** Nodes bound the range of one query. */
const BLOCKS_PER_QUERY = 2_000

/** The logs of a range of blocks, both ends included, in the order of the chain. */
export async function readLogs(rpc: Rpc, query: LogQuery): Promise<readonly Log[]> {
  const logs: Log[] = []
  for (let from = query.fromBlock; from <= query.toBlock; from += BLOCKS_PER_QUERY) {
    const to = Math.min(from + BLOCKS_PER_QUERY - 1, query.toBlock)
    const filter = {
      address: query.addresses,
      topics: query.topics,
      fromBlock: toQuantity(from),
      toBlock: toQuantity(to),
    }
    logs.push(...list(await read(rpc, 'eth_getLogs', [filter])).map(decodeLog))
  }
  return logs
}

/** The logs of exactly one block, by its hash; a node that lacks the block says so. */
export async function readBlockLogs(
  rpc: Rpc,
  { addresses, topics, block }: BlockLogQuery,
): Promise<readonly Log[]> {
  const filter = { address: addresses, topics, blockHash: block }
  return list(await read(rpc, 'eth_getLogs', [filter])).map(decodeLog)
}

/** A log as a node writes it, also inside a receipt. */
export function decodeLog(reply: unknown): Log {
  const log = fields(reply)
  return {
    address: text(log.address).toLowerCase(),
    topics: list(log.topics),
    data: text(log.data),
    blockNumber: index(log.blockNumber),
    blockHash: text(log.blockHash),
    transactionHash: text(log.transactionHash),
    logIndex: index(log.logIndex),
  }
}
