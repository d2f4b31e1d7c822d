// Mined: the receipt of a transaction that a development chain has taken and will mine at once.
//
// Hardhat answers when the block is there, anvil before. Only for chains of our own that nobody
// else disturbs: elsewhere what was sent may never be mined.

import type { Rpc } from '#connectors/evm/provider.ts'
import { type Receipt, readReceipt } from '#connectors/evm/receipts.ts'

const PATIENCE_MS = 10_000
const LOOK_MS = 5

/** Throws when it is not there after a while. */
export async function minedReceipt(rpc: Rpc, hash: string): Promise<Receipt> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const receipt = await readReceipt(rpc, hash)
    if (receipt !== undefined) return receipt
    if (performance.now() > deadline) throw new Error(`transaction ${hash} was not mined`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
