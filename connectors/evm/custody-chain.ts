// Custody chain: what a wallet needs of a chain, over our keys and nonce queues.
//
// Payouts leave from one custody account whose signed bytes the wallet journals before they are
// sent. Deposit addresses are swept into custody; their gas comes from a station account, so that
// custody's nonces belong to payouts alone. One of these per chain instance and process.

import { getAddress, type HDNodeWallet, ZeroAddress } from 'ethers'

import { createBalanceReader } from './balances.ts'
import { readState } from './chain-state.ts'
import { type Deployment, tokenOf } from './deployment.ts'
import { transferCall } from './erc20.ts'
import { type Heads, readHead } from './heads.ts'
import type { Keys } from './keys.ts'
import { createNonceQueue } from './nonce-queue.ts'
import { createPayoutStore, intentOf, type PayoutJournal } from './payout-store.ts'
import { ChainUnavailable, type Rpc } from './provider.ts'
import { readReceipt } from './receipts.ts'
import { payoutPolicy } from './signer/custody-policies.ts'
import { createSigner } from './signer/signer.ts'
import { createSweeper } from './sweeper.ts'
import type { TransactionStore } from './transaction-store.ts'
import { watchTransfers } from './transfers.ts'

export type CustodyChainDeps = {
  readonly rpc: Rpc
  readonly heads: Heads
  readonly deployment: Deployment
  readonly keys: Keys
  /** Pays the gas of sweeps; must own native ETH. */
  readonly station: HDNodeWallet
  /** For sweeps and their gas; of this chain instance. */
  readonly sweepStore: TransactionStore
  readonly finality: 'mined' | 'finalized'
  /** Wallets of others whose balances the rows keep, too: bots, swappers, deployer. */
  readonly tracked: readonly string[]
  readonly journal: PayoutJournal
  /** How long a payout may hold up the next one. */
  readonly patienceMs?: number
}

/** The CustodyChain of platform/wallet/chain-port.ts. */
export function createCustodyChain(deps: CustodyChainDeps) {
  const { rpc, deployment, keys, journal, patienceMs = 15_000 } = deps
  const custody = keys.wallet('custody', 0)
  const balances = createBalanceReader(rpc)
  const store = createPayoutStore(journal, custody.address)
  const signer = createSigner(custody, payoutPolicy(deployment))
  const queue = createNonceQueue({ rpc, store, signer, patienceMs })
  const sweeper = createSweeper({ ...deps, custody: custody.address, balances })
  const noPayee = contractsOf(deployment, custody.address)
  let recipients: () => readonly string[] = () => []

  async function isCovered({ asset, amount }: Payout): Promise<boolean> {
    try {
      const { number } = await readHead(rpc, 'latest')
      const token = tokenOf(deployment, asset).address
      const [held = 0n] = await balances([{ token, holder: custody.address }], number)
      return held >= amount
    } catch (error) {
      if (error instanceof ChainUnavailable) return false
      throw error
    }
  }

  return {
    instance: deployment.instance.id,
    custodyAddress: custody.address,
    firstBlock: deployment.block,
    decimals: (asset: string) => deployment.tokens[asset]?.decimals,
    depositAddress: (account: number) => keys.address('deposits', account),
    isPayable: (address: string) => isAddress(address) && !noPayee.has(address.toLowerCase()),
    follow(watch: FollowOptions): () => void {
      recipients = watch.recipients
      return followTransfers(deps, custody.address, watch)
    },
    async stateAt({ number }: { readonly number: number }) {
      const holders = [custody.address, ...recipients(), ...deps.tracked]
      return readState({ balances, deployment, holders }, number)
    },
    async signPayout(payout: Payout) {
      const call = transferCall(tokenOf(deployment, payout.asset).address, payout.to, payout.amount)
      const outcome = await queue.sign({ ...call, id: intentOf(payout.withdrawalId) })
      if (outcome.kind === 'signed') return { kind: 'signed' as const }
      const { cause, detail } = outcome
      // Without the tokens every transfer reverts: they may still lie on deposit addresses.
      const isRefused = cause === 'would_revert' && (await isCovered(payout))
      return { kind: isRefused ? ('impossible' as const) : ('later' as const), detail }
    },
    async sendPayout(withdrawalId: number): Promise<'sent' | 'impossible'> {
      const outcome = await queue.broadcast(intentOf(withdrawalId))
      const dead = outcome.kind === 'rejected' && outcome.cause === 'refused_by_node'
      return dead ? 'impossible' : 'sent'
    },
    async payoutResult(txHash: string, upToBlock: number) {
      const receipt = await readReceipt(rpc, txHash)
      if (receipt === undefined || receipt.blockNumber > upToBlock) return undefined
      return { success: receipt.success }
    },
    sweep: sweeper.sweep,
    close() {
      queue.close()
      return sweeper.close()
    },
  }
}

type Payout = {
  readonly withdrawalId: number
  readonly asset: string
  readonly to: string
  readonly amount: bigint
}

type FollowOptions = {
  readonly after: number | undefined
  readonly recipients: () => readonly string[]
  readonly onBatch: (batch: {
    readonly fromBlock: number
    readonly toBlock: number
    readonly blockHash: string
    readonly transfers: readonly {
      readonly asset: string
      readonly from: string
      readonly to: string
      readonly amount: bigint
      readonly txHash: string
      readonly logIndex: number
    }[]
  }) => Promise<void>
  readonly onBroken: () => void
}

/** Final blocks with what reached the recipients and custody itself, named by assets. */
function followTransfers(deps: CustodyChainDeps, custody: string, watch: FollowOptions) {
  const { rpc, heads, deployment, finality } = deps
  const assetOf = assetsByToken(deployment)
  return watchTransfers({
    ...{ rpc, heads, finality },
    recipients: () => [custody, ...watch.recipients()],
    tokens: [...assetOf.keys()],
    fromBlock: (watch.after ?? deployment.block) + 1,
    onBatch: ({ fromBlock, toBlock, head, transfers }) =>
      watch.onBatch({
        ...{ fromBlock, toBlock, blockHash: head.hash },
        transfers: transfers.map((transfer) => ({
          ...transfer,
          txHash: transfer.transactionHash,
          asset: assetOf.get(transfer.token) ?? '',
        })),
      }),
    onBroken: watch.onBroken,
  })
}

/** Checksummed, or all in lower case; another mixture of cases is a typing error. */
function isAddress(text: string): boolean {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return false
  return text === text.toLowerCase() || text === getAddress(text.toLowerCase())
}

/** Tokens sent to a contract of ours, to custody or to nobody could never be moved again. */
function contractsOf(deployment: Deployment, custody: string): ReadonlySet<string> {
  const { tokens, pairs, factory, router, instance, v3, executor } = deployment
  const tables = [tokens, pairs, v3.pools].flatMap((table) => Object.values(table))
  const ours = [...tables, instance]
  const all = [
    ZeroAddress,
    custody,
    factory,
    router,
    executor,
    ...ours.map(({ address }) => address),
  ]
  return new Set(all.map((address) => address.toLowerCase()))
}

function assetsByToken(deployment: Deployment): Map<string, string> {
  const entries = Object.entries(deployment.tokens)
  return new Map(entries.map(([asset, { address }]) => [address.toLowerCase(), asset]))
}
