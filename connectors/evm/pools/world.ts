// Pool world: one chain with its pools, and the accounts that trade on them in this process.
//
// Heads and pool states are shared; each account has its own nonce queue and store, one for ever
// for a chain instance. What an account pays in vain is told as a cost, so that its books are
// whole.

import { Wallet } from 'ethers'
import type { Balance, Venue } from '../../venue.ts'
import { createBalanceReader } from '../balances.ts'
import { formatChainAmount, parseChainAmount } from '../chain-amount.ts'
import { type Deployment, tokenOf } from '../deployment.ts'
import { checkDeployment } from '../deployment-check.ts'
import { transferCall } from '../erc20.ts'
import { type ReadFees, readFees } from '../fee-settings.ts'
import { streamUrlOf } from '../head-stream.ts'
import { createHeads, type Heads } from '../heads.ts'
import { allowMethods, BOT_METHODS } from '../method-wall.ts'
import { createNonceQueue } from '../nonce-queue.ts'
import { createRpc, type Rpc } from '../provider.ts'
import { botPolicy } from '../signer/bot-policy.ts'
import { createSigner } from '../signer/signer.ts'
import { createFileStore, createMemoryStore } from '../transaction-store.ts'
import { type BestRoutes, createBestRoutes } from './best-routes.ts'
import { type PoolMarket, pairMarkets, v3Markets } from './market.ts'
import { createPoolMirror, type PoolMirror } from './mirror.ts'
import { createRouteTrading } from './route-trading.ts'
import { createRouteVenue } from './route-venue.ts'
import { type RoutedPair, routedPairs } from './routed-pairs.ts'
import { createSwapper, type SwapOutcome, type Swapper } from './swap.ts'
import type { SwapTradingDeps } from './swap-trading.ts'
import { createPoolTrading } from './trading.ts'
import { createPoolVenue } from './venue.ts'

export type PoolVenueName = 'uniswap-v2' | 'uniswap-v3'
/** Single pools by protocol; 'uniswap': all of them together, by the best route. */
export type PoolVenues = Readonly<Record<PoolVenueName | 'uniswap', Venue>>

export type PoolAccountChange =
  | { readonly kind: 'balances'; readonly balances: readonly Balance[] }
  | { readonly kind: 'cost'; readonly asset: string; readonly amount: string }

export type TokenTransfer = {
  /** Asked again with the same id it is the same transfer. */
  readonly id: string
  readonly asset: string
  readonly amount: string
  readonly to: string
}

export type TokenTransferOutcome =
  | { readonly kind: 'mined'; readonly txHash: string; readonly gas: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unknown' }

export type PoolAccount = {
  readonly address: string
  readonly venues: PoolVenues
  /** Answers how to end it. */
  watch(listener: (change: PoolAccountChange) => void): () => void
  transfer(transfer: TokenTransfer): Promise<TokenTransferOutcome>
  /** After a restart, before anything else: stored transactions are sent again. */
  resume(): Promise<void>
  close(): void
}

export type PoolAccountOptions = {
  readonly privateKey: string
  /** Where signed transactions are kept; without it they are forgotten with the process. */
  readonly storePath?: string
}

export type PoolWorld = {
  readonly heads: Heads
  readonly mirror: PoolMirror
  /** Read-only. */
  readonly venues: PoolVenues
  account(options: PoolAccountOptions): PoolAccount
  close(): Promise<void>
}

export type PoolWorldOptions = {
  readonly url: string
  readonly deployment: Deployment
  readonly pollMs?: number
}

type World = {
  readonly rpc: Rpc
  readonly heads: Heads
  readonly mirror: PoolMirror
  readonly markets: Readonly<Record<PoolVenueName, readonly PoolMarket[]>>
  readonly pools: readonly PoolMarket[]
  readonly pairs: readonly RoutedPair[]
  readonly routes: BestRoutes
  readonly deployment: Deployment
  readonly paying: ReadFees
}

const NATIVE_ASSET = 'ETH'
const POLL_MS = 40
const RECEIPT_POLL_MS = 10
const BALANCES_EVERY_MS = 5_000
const STORE_GRACE_MS = 30_000

/** Answers when every pool has been read; a StartError where the file contradicts the chain. */
export async function openPoolWorld(options: PoolWorldOptions): Promise<PoolWorld> {
  const { url, deployment, pollMs = POLL_MS } = options
  const paying = readFees(deployment.fees)
  const node = createRpc({ url, chainId: deployment.chainId })
  await checkDeployment(node, deployment)
  const rpc = allowMethods(node, BOT_METHODS)
  const streamUrl = deployment.rpcStreamUrl ?? streamUrlOf(url)
  const heads = createHeads({ rpc, pollMs, streamUrl })
  const markets = {
    'uniswap-v2': pairMarkets(deployment),
    'uniswap-v3': v3Markets(deployment),
  }
  const pools = Object.values(markets).flat()
  const mirror = createPoolMirror({ rpc, heads, pools })
  const nativeToken = tokenOf(deployment, NATIVE_ASSET).address
  const { tipWei } = paying.fees
  const routes = createBestRoutes({ markets: pools, mirror, nativeToken, tipWei })
  const pairs = routedPairs(pools)
  const world: World = {
    ...{ rpc, heads, mirror, markets, pools, pairs, routes, deployment, paying },
  }
  await heads.refresh()
  heads.start()
  return {
    heads,
    mirror,
    venues: venuesOf(world, undefined),
    account: (account) => openAccount(world, account),
    async close() {
      await heads.stop()
      mirror.close()
    },
  }
}

type TradingDeps = Omit<SwapTradingDeps<PoolMarket>, 'plan' | 'idPrefix' | 'markets'>

function venuesOf(world: World, account: TradingDeps | undefined): PoolVenues {
  const { mirror, markets } = world
  const open = (name: PoolVenueName) => {
    const deps = { name, markets: markets[name], mirror }
    if (account === undefined) return createPoolVenue(deps)
    const trading = createPoolTrading({ ...account, markets: markets[name], mirror })
    return createPoolVenue({ ...deps, trading })
  }
  const single = { 'uniswap-v2': open('uniswap-v2'), 'uniswap-v3': open('uniswap-v3') }
  return { ...single, uniswap: routeVenue(world, account) }
}

function routeVenue(world: World, account: TradingDeps | undefined): Venue {
  const { mirror, pools, pairs, routes, heads, deployment } = world
  const deps = {
    ...{ name: 'uniswap', pairs, mirror, routes, head: heads.current },
    ...{ nativeAsset: NATIVE_ASSET, nativeToken: tokenOf(deployment, NATIVE_ASSET).address },
  }
  if (account === undefined) return createRouteVenue(deps)
  const trading = createRouteTrading({ ...account, markets: pairs, pools, routes, mirror })
  return createRouteVenue({ ...deps, trading })
}

function openAccount(world: World, { privateKey, storePath }: PoolAccountOptions): PoolAccount {
  const { rpc, heads, deployment, paying } = world
  const signer = createSigner(new Wallet(privateKey), botPolicy(deployment, paying.fees.capWei))
  const file = storePath === undefined ? undefined : createFileStore(storePath)
  const store = file ?? createMemoryStore()
  const queue = createNonceQueue({
    ...{ rpc, store, signer, pollMs: RECEIPT_POLL_MS, ...paying },
  })
  const listeners = new Set<(change: PoolAccountChange) => void>()
  const tell = (change: PoolAccountChange) => {
    for (const listener of listeners) listener(change)
  }
  const { executor } = deployment
  const swapper = watched(createSwapper({ rpc, queue, executor }), (outcome) => {
    if (outcome.kind !== 'swapped' && outcome.kind !== 'unknown' && outcome.gasWei > 0n) {
      tell({ kind: 'cost', asset: NATIVE_ASSET, amount: formatChainAmount(outcome.gasWei, 18) })
    }
    void readBalances()
  })
  const readers = { heads, readBalances: createBalanceReader(rpc), nativeAsset: NATIVE_ASSET }
  const venues = venuesOf(world, { account: signer.address, swapper, ...readers })

  async function readBalances(): Promise<void> {
    const answer = await venues['uniswap-v2'].trading?.balances()
    if (answer?.kind === 'ok') tell({ kind: 'balances', balances: answer.value })
  }

  const timer = setInterval(() => void readBalances(), BALANCES_EVERY_MS)
  return {
    address: signer.address,
    venues,
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async transfer({ id, asset, amount, to }) {
      const token = tokenOf(deployment, asset)
      const units = parseChainAmount(amount, token.decimals)
      if (units === undefined) return { kind: 'refused', code: 'request.malformed' }
      const outcome = await queue.submit({ id, ...transferCall(token.address, to, units) })
      void readBalances()
      if (outcome.kind === 'unknown') return { kind: 'unknown' }
      if (outcome.kind === 'rejected') return { kind: 'refused', code: outcome.cause }
      const { hash: txHash, gasWei } = outcome.receipt
      if (outcome.kind === 'reverted') return { kind: 'refused', code: 'transfer.reverted' }
      return { kind: 'mined', txHash, gas: formatChainAmount(gasWei, 18) }
    },
    resume: () => queue.resume(),
    close() {
      clearInterval(timer)
      queue.close()
      // What the queue was asking when it was closed may still have an answer to write down.
      if (file !== undefined) setTimeout(() => file.close(), STORE_GRACE_MS).unref()
    },
  }
}

function watched(swapper: Swapper, told: (outcome: SwapOutcome) => void): Swapper {
  return {
    outcome: swapper.outcome,
    async swap(request) {
      const outcome = await swapper.swap(request)
      told(outcome)
      return outcome
    },
  }
}
