// Transfers: ERC-20 tokens that arrive at addresses we watch.
//
// The caller keeps the block it has come to, in the same place as its credits; a batch that fails
// is asked for again. Final means mined on a development chain and the `finalized` tag elsewhere.
// The key of a credit is (chain instance, transaction, log), which every transfer carries.

import { continues, type Head, type Heads, readHead } from './heads.ts'
import { type Log, readLogs } from './logs.ts'
import type { Rpc } from './provider.ts'
import { fromTopic, quantity, toTopic } from './quantity.ts'

export type Transfer = {
  /** Addresses are in lower case. */
  readonly token: string
  readonly from: string
  readonly to: string
  readonly amount: bigint
  readonly transactionHash: string
  readonly logIndex: number
  readonly blockNumber: number
  readonly blockHash: string
}

export type TransferQuery = {
  readonly tokens: readonly string[]
  readonly recipients: readonly string[]
  readonly fromBlock: number
  readonly toBlock: number
}

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

/** Above this the node would search a long list for every log; we do it ourselves. */
const RECIPIENTS_PER_FILTER = 200

/** Transfers to the recipients within a range of blocks, in the order of the chain. */
export async function readTransfers(rpc: Rpc, query: TransferQuery): Promise<readonly Transfer[]> {
  const { tokens, recipients, fromBlock, toBlock } = query
  if (recipients.length === 0 || fromBlock > toBlock) return []
  const many = recipients.length > RECIPIENTS_PER_FILTER
  const topics = [TRANSFER, null, many ? null : recipients.map(toTopic)]
  const logs = await readLogs(rpc, { addresses: tokens, topics, fromBlock, toBlock })
  const wanted = new Set(recipients.map((address) => address.toLowerCase()))
  return logs.map(decodeTransfer).filter(({ to }) => wanted.has(to))
}

export type TransferWatch = {
  readonly rpc: Rpc
  readonly heads: Heads
  readonly finality: 'mined' | 'finalized'
  readonly tokens: readonly string[]
  /** Asked at every batch, so that new addresses are watched at once. */
  recipients(): readonly string[]
  readonly fromBlock: number
  /** Must be durable when it answers; when it throws ChainUnavailable the batch comes again. */
  onBatch(batch: TransferBatch): Promise<void>
  /** The chain no longer has a block we had taken as final. */
  onBroken(lost: Head): void
}

export type TransferBatch = {
  readonly fromBlock: number
  readonly toBlock: number
  /** The head the batch ends with. */
  readonly head: Head
  readonly transfers: readonly Transfer[]
}

/** Follows the heads and hands over every final block once, also those without transfers. */
export function watchTransfers(watch: TransferWatch): () => void {
  const { rpc, heads, finality, tokens } = watch
  let nextBlock = watch.fromBlock
  let last: Head | undefined
  return heads.follow(async (newest) => {
    const head = finality === 'mined' ? newest : await readHead(rpc, 'finalized')
    if (last !== undefined && !(await continues(rpc, last, head))) return watch.onBroken(last)
    if (head.number < nextBlock) return
    const range = { fromBlock: nextBlock, toBlock: head.number }
    const recipients = watch.recipients()
    const transfers = await readTransfers(rpc, { tokens, recipients, ...range })
    await watch.onBatch({ ...range, head, transfers })
    nextBlock = head.number + 1
    last = head
  })
}

function decodeTransfer(log: Log): Transfer {
  const { transactionHash, logIndex, blockNumber, blockHash } = log
  return {
    token: log.address,
    from: fromTopic(log.topics[1]),
    to: fromTopic(log.topics[2]),
    amount: quantity(log.data),
    transactionHash,
    logIndex,
    blockNumber,
    blockHash,
  }
}
