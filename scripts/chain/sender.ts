// Sender: a run of transactions of one account on a development chain, as fast as it takes them.
//
// Only for chains of our own that nobody else writes to yet: nonces are counted here, gas limits
// are generous and a failure ends the run. Everything that must survive goes through the nonce
// queue.

import type { TransactionLike } from 'ethers'
import { readHead } from '#connectors/evm/heads.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { index, text } from '#connectors/evm/quantity.ts'
import { minedReceipt } from './mined.ts'

/** What ethers' wallets are, as far as we need them. */
export type Signer = {
  readonly address: string
  signTransaction(transaction: TransactionLike): Promise<string>
}

export type Call = { readonly to?: string; readonly data?: string; readonly value?: bigint }

export type Sender = {
  readonly address: string
  /** Signs and sends; answers the nonce used. */
  send(call: Call): Promise<number>
  /** Throws unless every transaction sent so far was mined with success. */
  settled(): Promise<void>
}

const GAS_LIMIT = 8_000_000n
const TIP_WEI = 1_000_000_000n

/** A sender whose account's next nonce is read once. */
export async function createSender(rpc: Rpc, signer: Signer): Promise<Sender> {
  let nonce = index(await read(rpc, 'eth_getTransactionCount', [signer.address, 'latest']))
  const { baseFeePerGas } = await readHead(rpc, 'latest')
  const fees = {
    maxPriorityFeePerGas: TIP_WEI,
    maxFeePerGas: 2n * baseFeePerGas + TIP_WEI,
    gasLimit: GAS_LIMIT,
    chainId: rpc.chainId,
    type: 2,
  }
  const hashes: string[] = []

  async function send(call: Call): Promise<number> {
    const used = nonce++
    const raw = await signer.signTransaction({ ...fees, ...call, nonce: used })
    hashes.push(text(await read(rpc, 'eth_sendRawTransaction', [raw])))
    return used
  }

  async function settled(): Promise<void> {
    for (const hash of hashes.splice(0)) {
      const { success } = await minedReceipt(rpc, hash)
      if (!success) throw new Error(`transaction ${hash} was reverted`)
    }
  }

  return { address: signer.address, send, settled }
}
