// A bot's sender, as the runner makes it, that can be cut off as a kill cuts off a process.
//
// What is cut off gets no answer any more and writes nothing: whatever it had asked for may have
// happened all the same. The file is all that the next one finds.

import type { HDNodeWallet } from 'ethers'
import { createNonceQueue, type NonceQueue } from '#connectors/evm/nonce-queue.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import { createPolicy } from '#connectors/evm/signer/policy.ts'
import { createSigner } from '#connectors/evm/signer/signer.ts'
import { createFileStore, type TransactionStore } from '#connectors/evm/transaction-store.ts'

export type BotSender = {
  readonly queue: NonceQueue
  /** Hashes of what may still be mined. */
  unsettled(): Promise<readonly string[]>
  /** How many bytes were replaced for these. */
  replaced(intentIds: readonly string[]): Promise<number>
  cutOff(): void
}

export type BotSenderOptions = {
  readonly rpc: Rpc
  readonly wallet: HDNodeWallet
  readonly path: string
}

const GWEI = 10n ** 9n
const FEES = { tipWei: GWEI, capWei: 500n * GWEI }
/** Quicker than a bot's, so that a run is over in a second. */
const PACE = { pollMs: 3, pollMaxMs: 25, patienceMs: 1_500, replaceAfterMs: 30 }
const PAYMENT_MAX = 10_000n

export function openBotSender({ rpc, wallet, path }: BotSenderOptions): BotSender {
  const file = createFileStore(path)
  let isCutOff = false
  const never = <T>() => new Promise<T>(() => {})
  async function whileAlive<T>(work: () => Promise<T>): Promise<T> {
    if (isCutOff) return await never()
    const answer = await work()
    return isCutOff ? await never() : answer
  }
  const store: TransactionStore = {
    ...file,
    find: (intentId) => whileAlive(() => file.find(intentId)),
    unsettled: (account) => whileAlive(() => file.unsettled(account)),
    save: (transaction) => whileAlive(() => file.save(transaction)),
  }
  const policy = createPolicy({
    ...{ chainId: rpc.chainId, deeds: ['pay'], tokens: [], pools: [] },
    ...{ valueMax: PAYMENT_MAX, feeCapWei: FEES.capWei, signaturesPerMinute: 60_000 },
  })
  const queue = createNonceQueue({
    ...{ rpc: { chainId: rpc.chainId, ask: (...asked) => whileAlive(() => rpc.ask(...asked)) } },
    ...{ store, signer: createSigner(wallet, policy), fees: FEES, ...PACE },
  })
  return {
    queue,
    async unsettled() {
      return (await file.unsettled(wallet.address)).map(({ hash }) => hash)
    },
    async replaced(intentIds) {
      const known = await Promise.all(intentIds.map((id) => file.find(id)))
      return known.reduce((sum, one) => sum + (one?.earlier?.length ?? 0), 0)
    },
    cutOff() {
      isCutOff = true
      queue.close()
      file.close()
    },
  }
}
