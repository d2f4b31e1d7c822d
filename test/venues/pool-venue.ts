// A venue of pools on a development chain of its own, for the cards of the spec.

import { createBalanceReader } from '#connectors/evm/balances.ts'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { createHeads } from '#connectors/evm/heads.ts'
import { createNonceQueue } from '#connectors/evm/nonce-queue.ts'
import { createBestRoutes } from '#connectors/evm/pools/best-routes.ts'
import { type PoolMarket, pairMarkets, v3Markets } from '#connectors/evm/pools/market.ts'
import { createPoolMirror } from '#connectors/evm/pools/mirror.ts'
import { createRouteTrading } from '#connectors/evm/pools/route-trading.ts'
import { createRouteVenue } from '#connectors/evm/pools/route-venue.ts'
import { routedPairs } from '#connectors/evm/pools/routed-pairs.ts'
import { createSwapper } from '#connectors/evm/pools/swap.ts'
import { createPoolTrading } from '#connectors/evm/pools/trading.ts'
import { createPoolVenue } from '#connectors/evm/pools/venue.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import { createMemoryStore } from '#connectors/evm/transaction-store.ts'
import { signsAnything } from '#test/connectors/evm/signers.ts'
import { startDexChain } from '../connectors/evm/dev-chain.ts'
import type { VenueUnderTest } from './venue-under-test.ts'

export type PoolVenueName = 'uniswap-v2' | 'uniswap-v3' | 'uniswap'

export async function openPoolVenue(name: PoolVenueName): Promise<VenueUnderTest> {
  const { rpc, keys, deployment } = await startDexChain()
  const all = [
    ...(name === 'uniswap-v3' ? [] : pairMarkets(deployment)),
    ...(name === 'uniswap-v2' ? [] : v3Markets(deployment)),
  ]
  // Pools with close ticks take long to read and say nothing more here.
  const markets = all.filter(({ kind }) => kind.name === 'v2' || kind.tickSpacing >= 60)
  const wire = { isLosing: false }
  const lossy: Rpc = {
    chainId: rpc.chainId,
    async ask(method, params) {
      const answer = await rpc.ask(method, params)
      const isLost = wire.isLosing && method === 'eth_sendRawTransaction'
      return isLost ? { kind: 'unknown', reason: 'the answer was lost' } : answer
    },
  }
  const store = createMemoryStore()
  const account = signsAnything(keys.wallet('bots', 0))
  const { executor } = deployment
  const nativeToken = tokenOf(deployment, 'ETH').address
  const open = () => connect({ name, rpc: lossy, markets, executor, store, account, nativeToken })
  const first = await open()
  return {
    ...first,
    symbol: name === 'uniswap-v3' ? 'ETH-USDC-3000' : 'ETH-USDC',
    ...{ size: '1.5', rests: false, quoteUnit: 1e-6 },
    prices: { buy: { fills: '2650', far: '2000' }, sell: { fills: '2350', far: '3000' } },
    async losingAnswers(run) {
      wire.isLosing = true
      try {
        return await run()
      } finally {
        wire.isLosing = false
      }
    },
    reopen: open,
  }
}

type Connecting = {
  readonly name: PoolVenueName
  readonly rpc: Rpc
  readonly markets: readonly PoolMarket[]
  readonly executor: string
  readonly nativeToken: string
  readonly store: ReturnType<typeof createMemoryStore>
  readonly account: Parameters<typeof createNonceQueue>[0]['signer']
}

async function connect(connecting: Connecting) {
  const { name, rpc, markets, executor, store, account: signer, nativeToken } = connecting
  const heads = createHeads({ rpc })
  const mirror = createPoolMirror({ rpc, heads, pools: markets })
  const queue = createNonceQueue({ rpc, store, signer, pollMs: 10, patienceMs: 60_000 })
  const swapper = createSwapper({ rpc, queue, executor })
  const readers = { heads, readBalances: createBalanceReader(rpc), nativeAsset: 'ETH' }
  const account = { account: signer.address, swapper, ...readers }
  await heads.refresh()
  const settle = async () => void (await heads.refresh())
  if (name === 'uniswap') {
    const routes = createBestRoutes({ markets, mirror, nativeToken, tipWei: 10n ** 9n })
    const pairs = routedPairs(markets)
    const trading = createRouteTrading({
      ...account,
      markets: pairs,
      pools: markets,
      routes,
      mirror,
    })
    const told = { name, pairs, mirror, routes, nativeToken, nativeAsset: 'ETH', trading }
    return { venue: createRouteVenue({ ...told, head: heads.current }), trading, settle }
  }
  const trading = createPoolTrading({ ...account, markets, mirror })
  return { venue: createPoolVenue({ name, markets, mirror, trading }), trading, settle }
}
