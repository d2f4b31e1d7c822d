// Custody chain: what a wallet needs of a chain, over our keys and nonce queues.
//
// Payouts leave from one custody account whose signed bytes the wallet journals before they are sent.
// Deposit addresses are swept into custody; their gas comes from a station account, so that custody's
// nonces belong to payouts alone. One of these per chain instance and process.

import { getAddress, type HDNodeWallet } from 'ethers'

import { type BalanceReader, createBalanceReader, NATIVE } from './balances.ts'
import { type Deployment, tokenOf } from './deployment.ts'
import { transferCall } from './erc20.ts'
import type { Heads } from './heads.ts'
import type { Keys } from './keys.ts'
import { createNonceQueue } from './nonce-queue.ts'
import type { Rpc } from './provider.ts'
import { readReceipt } from './receipts.ts'
import { createSweeper } from './sweeper.ts'
import type { StoredTransaction, TransactionStore } from './transaction-store.ts'
import { watchTransfers } from './transfers.ts'

type SignedPayout = {
  readonly withdrawalId: number
  readonly nonce: number
  readonly txHash: string
  readonly rawTransaction: string
}

/** Where the wallet keeps signed payouts: durable when save answers. */
export type PayoutJournal = {
  save(payout: SignedPayout): Promise<void>
  open(): readonly SignedPayout[]
}

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
}

type Holdings = Record<string, Record<string, string>>

/** The CustodyChain of platform/wallet/chain-port.ts. */
export function createCustodyChain(deps: CustodyChainDeps) {
  const { rpc, heads, deployment, keys, finality, journal } = deps
  const custody = keys.wallet('custody', 0)
  const balances = createBalanceReader(rpc)
  const store = payoutStore(journal, custody.address)
  const queue = createNonceQueue({ rpc, store, signer: custody })
  const sweeper = createSweeper({ ...deps, custody: custody.address, balances })
  const assetOf = assetsByToken(deployment)
  let recipients: () => readonly string[] = () => []

  return {
    instance: deployment.instance.id,
    custodyAddress: custody.address,
    firstBlock: deployment.block,
    decimals: (asset: string) => deployment.tokens[asset]?.decimals,
    depositAddress: (account: number) => keys.address('deposits', account),
    isAddress,
    follow(watch: FollowOptions): () => void {
      recipients = watch.recipients
      return watchTransfers({
        ...{ rpc, heads, finality, recipients },
        tokens: [...assetOf.keys()],
        fromBlock: (watch.after ?? deployment.block) + 1,
        onBatch: ({ fromBlock, toBlock, head, transfers }) =>
          watch.onBatch({
            ...{ fromBlock, toBlock, blockHash: head.hash },
            transfers: transfers.map(({ token, to, amount, transactionHash, logIndex }) => ({
              ...{ to, amount, logIndex, txHash: transactionHash },
              asset: assetOf.get(token) ?? '',
            })),
          }),
        onBroken: watch.onBroken,
      })
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
      return cause === 'would_revert'
        ? { kind: 'impossible' as const, detail }
        : { kind: 'later' as const, detail }
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
    async close() {
      queue.close()
      await sweeper.close()
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
      readonly to: string
      readonly amount: bigint
      readonly txHash: string
      readonly logIndex: number
    }[]
  }) => Promise<void>
  readonly onBroken: () => void
}

/** All token and native balances of the holders and all pool reserves, at one block. */
export async function readState(
  {
    balances,
    deployment,
    holders,
  }: {
    readonly balances: BalanceReader
    readonly deployment: Deployment
    readonly holders: readonly string[]
  },
  block: number,
) {
  const assets = [...Object.entries(deployment.tokens), ['native', { address: NATIVE }] as const]
  const pairs = Object.values(deployment.pairs)
  const addresses = [...new Set(holders.map((holder) => holder.toLowerCase()))]
  const held = addresses.flatMap((holder) =>
    assets.map(([asset, { address }]) => ({ holder, asset, token: address })),
  )
  const pooled = pairs.flatMap(({ market, address, base, quote }) => [
    { market, side: 'base' as const, holder: address, token: tokenOf(deployment, base).address },
    { market, side: 'quote' as const, holder: address, token: tokenOf(deployment, quote).address },
  ])
  const found = await balances([...held, ...pooled], block)
  const state: Holdings = {}
  held.forEach(({ holder, asset }, at) => {
    state[holder] = { ...state[holder], [asset]: String(found[at] ?? 0n) }
  })
  const reserves: Record<string, { base: string; quote: string }> = {}
  pooled.forEach(({ market, side }, at) => {
    const known = reserves[market] ?? { base: '0', quote: '0' }
    reserves[market] = { ...known, [side]: String(found[held.length + at] ?? 0n) }
  })
  return { balances: state, reserves }
}

/** Checksummed, or all in lower case; another mixture of cases is a typing error. */
function isAddress(text: string): boolean {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return false
  return text === text.toLowerCase() || text === getAddress(text.toLowerCase())
}

function assetsByToken(deployment: Deployment): Map<string, string> {
  const entries = Object.entries(deployment.tokens)
  return new Map(entries.map(([asset, { address }]) => [address.toLowerCase(), asset]))
}

function intentOf(withdrawalId: number): string {
  return `withdrawal-${withdrawalId}`
}

/** The journal seen as a nonce queue's store; what is settled leaves it by the ledger's events. */
function payoutStore(journal: PayoutJournal, account: string): TransactionStore {
  const bodies = new Map<string, string>()
  const dead = new Set<string>()
  const all = (): StoredTransaction[] =>
    journal.open().map(({ withdrawalId, nonce, txHash, rawTransaction }) => {
      const intentId = intentOf(withdrawalId)
      const state = dead.has(intentId) ? 'dead' : 'signed'
      const body = bodies.get(intentId) ?? ''
      return { intentId, body, account, nonce, hash: txHash, raw: rawTransaction, state }
    })
  return {
    find: async (intentId) => all().find((known) => known.intentId === intentId),
    unsettled: async () =>
      all()
        .filter(({ state }) => state === 'signed')
        .sort((a, b) => a.nonce - b.nonce),
    async save({ intentId, body, nonce, hash, raw, state }) {
      if (state === 'dead') dead.add(intentId)
      if (state !== 'signed') return
      bodies.set(intentId, body)
      const withdrawalId = Number(intentId.slice('withdrawal-'.length))
      await journal.save({ withdrawalId, nonce, txHash: hash, rawTransaction: raw })
    },
  }
}
