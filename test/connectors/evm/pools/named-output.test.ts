// Orders that name what they get, while somebody else trades just before them: FOK gets all of it
// or nothing, IOC may get less and never at a worse price than its limit.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createBalanceReader } from '#connectors/evm/balances.ts'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { createHeads } from '#connectors/evm/heads.ts'
import { createNonceQueue } from '#connectors/evm/nonce-queue.ts'
import { createBestRoutes } from '#connectors/evm/pools/best-routes.ts'
import { pairMarkets } from '#connectors/evm/pools/market.ts'
import { createPoolMirror } from '#connectors/evm/pools/mirror.ts'
import { createRouteTrading } from '#connectors/evm/pools/route-trading.ts'
import { routedPairs } from '#connectors/evm/pools/routed-pairs.ts'
import { createSwapper, type Swapper } from '#connectors/evm/pools/swap.ts'
import { createPoolTrading } from '#connectors/evm/pools/trading.ts'
import { createMemoryStore } from '#connectors/evm/transaction-store.ts'
import type { OrderRequest, Trading } from '#connectors/venue.ts'
import { startDevChain, USDC } from '../dev-chain.ts'
import { signsAnything } from '../signers.ts'
import { scaled } from './route-world.ts'

const { rpc, keys, deployment } = await startDevChain()
const { executor } = deployment
const markets = pairMarkets(deployment)
const [usdc, weth] = ['USDC', 'ETH'].map((asset) => tokenOf(deployment, asset).address)
const pair = deployment.pairs['ETH-USDC']?.address ?? ''
const count = { ids: 0 }

function swapperOf(t: TestContext, bot: number): Swapper {
  const signer = signsAnything(keys.wallet('bots', bot))
  const queue = createNonceQueue({ rpc, store: createMemoryStore(), signer, pollMs: 10 })
  t.after(queue.close)
  return createSwapper({ rpc, queue, executor })
}

/** Both venues over a swapper that lets somebody else buy first. */
async function open(t: TestContext): Promise<Readonly<Record<'single' | 'routed', Trading>>> {
  const heads = createHeads({ rpc })
  const mirror = createPoolMirror({ rpc, heads, pools: markets })
  const [own, other] = [swapperOf(t, 0), swapperOf(t, 1)]
  const swapper: Swapper = {
    outcome: own.outcome,
    async swap(request) {
      count.ids += 1
      const ends = { tokenIn: usdc ?? '', tokenOut: weth ?? '', pools: [pair] }
      const bought = { amountIn: 2_500n * USDC, minOut: 1n, deadlineSeconds: 60 }
      const first = await other.swap({ id: `first-${count.ids}`, ...ends, ...bought })
      assert.equal(first.kind, 'swapped')
      return own.swap(request)
    },
  }
  const readers = { heads, readBalances: createBalanceReader(rpc), nativeAsset: 'ETH' }
  const account = { account: keys.address('bots', 0), swapper, ...readers }
  const nativeToken = weth ?? ''
  const routes = createBestRoutes({ markets, mirror, nativeToken, tipWei: 10n ** 9n })
  const routed = { ...account, markets: routedPairs(markets), pools: markets, routes, mirror }
  return {
    single: createPoolTrading({ ...account, markets, mirror }),
    routed: createRouteTrading(routed),
  }
}

function order(timeInForce: 'FOK' | 'IOC', rest: Partial<OrderRequest> = {}): OrderRequest {
  count.ids += 1
  return {
    ...{ clientOrderId: `named-${count.ids}`, sentAt: 0, symbol: 'ETH-USDC', side: 'buy' },
    ...{ quantity: { in: 'base', amount: '1.5' }, limitPrice: '3500', timeInForce },
    ...rest,
  }
}

for (const name of ['single', 'routed'] as const) {
  test(`${name}: with FOK it is all that was named or nothing`, async (t) => {
    const trading = (await open(t))[name]
    const answer = await trading.place(order('FOK'))
    assert.equal(answer.kind === 'refused' && answer.code, 'swap.slippage')
  })

  test(`${name}: with IOC it may be less, and never at a worse price than the limit`, async (t) => {
    const trading = (await open(t))[name]
    const answer = await trading.place(order('IOC'))
    assert.ok(answer.kind === 'accepted' && answer.order.state === 'filled')
    const { filledBase, filledQuote } = answer.order
    assert.ok(scaled(filledBase) < scaled('1.5') && scaled(filledBase) > scaled('1.49'))
    assert.ok(Number(filledQuote) / Number(filledBase) <= 3_500)
  })

  test(`${name}: an order that names its input is bound by its limit alone`, async (t) => {
    const trading = (await open(t))[name]
    const quantity = { in: 'quote', amount: '4000' } as const
    const answer = await trading.place(order('FOK', { quantity }))
    assert.ok(answer.kind === 'accepted' && Number(answer.order.filledQuote) === 4_000)
  })
}
