// Arbitrage between pools on real contracts: a round gains its floor after gas, or nothing is lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAllowance } from '#connectors/evm/erc20.ts'
import { createNonceQueue } from '#connectors/evm/nonce-queue.ts'
import { createBestRoutes } from '#connectors/evm/pools/best-routes.ts'
import { pairMarkets, v3Markets } from '#connectors/evm/pools/market.ts'
import { GAS_APPROVAL, GAS_BASE, GAS_TICK, GAS_V2, GAS_V3 } from '#connectors/evm/pools/quoting.ts'
import { bestRound, type Round } from '#connectors/evm/pools/rounds.ts'
import { createRouteTrading } from '#connectors/evm/pools/route-trading.ts'
import { routedPairs } from '#connectors/evm/pools/routed-pairs.ts'
import {
  createSwapper,
  type RoundRequest,
  type Swapper,
  type SwapRequest,
} from '#connectors/evm/pools/swap.ts'
import type { Intent } from '#connectors/evm/signing.ts'
import { createMemoryStore } from '#connectors/evm/transaction-store.ts'
import type { OrderRequest, Trading } from '#connectors/venue.ts'
import { signsAnything } from '../signers.ts'
import { filled, scaled, startRouteWorld } from './route-world.ts'

const world = await startRouteWorld()
const { rpc, keys, deployment } = world
const usdc = deployment.tokens.USDC?.address ?? ''
const count = { ids: 0 }
const MOST = '50000'

function arbitrage(rest: Partial<OrderRequest> = {}): OrderRequest {
  count.ids += 1
  return {
    ...{ clientOrderId: `round-${count.ids}`, sentAt: 0, symbol: 'ETH-USDC', side: 'sell' },
    ...{ quantity: { in: 'quote', amount: MOST }, minProfit: '1', timeInForce: 'FOK' },
    ...rest,
  }
}

/** Somebody else makes ETH dearer in the pair than in the pools of V3. */
async function openGap(trading: Trading | undefined): Promise<void> {
  const push = {
    ...{ clientOrderId: `push-${count.ids}`, sentAt: 0, symbol: 'ETH-USDC', side: 'buy' as const },
    ...{ quantity: { in: 'quote', amount: '80000' } as const, limitPrice: '9000' },
  }
  assert.ok(trading !== undefined)
  filled(await trading.place({ ...push, timeInForce: 'FOK' }))
}

async function held(trading: Trading): Promise<ReadonlyMap<string, bigint>> {
  const answer = await trading.balances()
  assert.ok(answer.kind === 'ok')
  return new Map(answer.value.map(({ asset, available }) => [asset, scaled(available)]))
}

test('pools that agree are no arbitrage, and nothing is sent', async (t) => {
  const { venues } = await world.open(t)
  const trading = venues.uniswap.trading ?? assert.fail()
  const before = await held(trading)
  const answer = await trading.place(arbitrage({ minProfit: '0' }))
  assert.equal(answer.kind === 'refused' && answer.code, 'swap.no_profit')
  assert.deepEqual(await held(trading), before)
})

test('where two pools differ the profit is kept, after gas and above the floor', async (t) => {
  const { venues } = await world.open(t)
  const trading = venues.uniswap.trading ?? assert.fail()
  await world.tried(async () => {
    await openGap((await world.open(t, 1)).venues['uniswap-v2'].trading)
    const before = await held(trading)
    const asked = arbitrage({ minProfit: '25' })
    const { base, quote, gas } = filled(await trading.place(asked))
    const now = await held(trading)
    const moved = (asset: string) => (now.get(asset) ?? 0n) - (before.get(asset) ?? 0n)
    assert.deepEqual([base, moved('ETH'), moved('BTC')], [0n, 0n, 0n])
    assert.deepEqual([moved('USDC'), moved('native:ETH')], [quote, -gas])
    const gasQuote = gas * 2_700n
    assert.ok(quote - gasQuote > scaled('25'), 'the floor is after gas')
    const again = await trading.place(asked)
    assert.ok(again.kind === 'accepted' && again.order.state === 'filled')
    assert.deepEqual(await held(trading), now, 'the same id is the same round')
    const found = await trading.order(asked.clientOrderId)
    assert.deepEqual(found, { kind: 'ok', value: again.order })
    const owner = keys.address('bots', 0)
    const left = await readAllowance(rpc, { token: usdc, owner, spender: deployment.executor })
    assert.equal(left, 0n)
    assert.equal(await closed(trading, quote), 'swap.no_profit')
  })
})

/** There are more pools than two: each round gains less, until none gains anything. */
async function closed(trading: Trading, gained: bigint): Promise<string> {
  const answer = await trading.place(arbitrage())
  if (answer.kind === 'refused') return answer.code
  const { quote } = filled(answer)
  assert.ok(quote < gained)
  return closed(trading, quote)
}

test('what the contract must gain is the floor with its gas on top', async (t) => {
  const { mirror, heads } = await world.open(t)
  await world.tried(async () => {
    await openGap((await world.open(t, 1)).venues['uniswap-v2'].trading)
    const pools = [...pairMarkets(deployment), ...v3Markets(deployment)]
    const nativeToken = deployment.tokens.ETH?.address ?? ''
    const routes = createBestRoutes({ markets: pools, mirror, nativeToken, tipWei: 10n ** 9n })
    const sent: (SwapRequest | RoundRequest)[] = []
    const swapper: Swapper = {
      outcome: async () => ({ kind: 'absent' }),
      async swap(request) {
        sent.push(request)
        return { kind: 'unknown', hash: '0x' }
      },
    }
    const readers = { heads, readBalances: async () => [], nativeAsset: 'ETH' }
    const account = { account: keys.address('bots', 0), swapper, ...readers }
    const markets = routedPairs(pools)
    const trading = createRouteTrading({ ...account, markets, pools, routes, mirror })
    await trading.place(arbitrage({ minProfit: '25' }))
    const [round] = sent
    assert.ok(round !== undefined && 'minProfit' in round && round.pools.length === 2)
    const head = heads.current()
    assert.ok(head !== undefined)
    const gas = round.minProfit - 25n * 10n ** 6n
    const least = routes.costOf(GAS_BASE + GAS_APPROVAL + 2n * GAS_V2, usdc, head)
    const most = routes.costOf(GAS_BASE + GAS_APPROVAL + 2n * GAS_V3 + 4n * GAS_TICK, usdc, head)
    assert.ok(gas >= least && gas <= most && gas > 0n, `${gas} of ${least} to ${most}`)
  })
})

test('a floor that the round does not reach is refused before anything is sent', async (t) => {
  const { venues } = await world.open(t)
  const trading = venues.uniswap.trading ?? assert.fail()
  await world.tried(async () => {
    await openGap((await world.open(t, 1)).venues['uniswap-v2'].trading)
    const answer = await trading.place(arbitrage({ minProfit: '40000' }))
    assert.equal(answer.kind === 'refused' && answer.code, 'swap.no_profit')
  })
})

test('one unit below its floor a round reverts on chain; at its floor it passes', async (t) => {
  const { venues, mirror, heads } = await world.open(t)
  await openGap((await world.open(t, 1)).venues['uniswap-v2'].trading)
  await heads.refresh()
  const pair = deployment.pairs['ETH-USDC']
  const v3 = deployment.v3.pools['ETH-USDC:500']
  assert.ok(pair !== undefined && v3 !== undefined)
  const weth = deployment.tokens.ETH?.address ?? ''
  const [token0, token1] = pair.baseIsToken0 ? [weth, usdc] : [usdc, weth]
  const pools = [
    { market: 'ETH-USDC', address: pair.address, token0, token1 },
    { market: 'ETH-USDC-500', address: v3.address, token0, token1 },
  ].map((pool) => ({ ...pool, token0: token0 ?? '', token1: token1 ?? '' }))
  const round: Round | undefined = bestRound(
    { pools, stateOf: (market) => mirror.get(market)?.state },
    { token: usdc, amountMax: 50_000n * 10n ** 6n, costOf: () => 0n },
  )
  assert.ok(round !== undefined)
  const trading = venues.uniswap.trading ?? assert.fail()
  const swapper = unestimated(t.after.bind(t))
  const gain = round.amountOut - round.amountIn
  const request = {
    ...{ token: usdc, amountIn: round.amountIn, deadlineSeconds: 60 },
    pools: round.pools.map(({ address }) => address),
  }
  const before = await held(trading)
  const low = await swapper.swap({ ...request, id: 'too-low', minProfit: gain + 1n })
  assert.ok(low.kind === 'failed' && low.code === 'swap.slippage' && low.gasWei > 0n)
  const now = await held(trading)
  assert.equal(now.get('USDC'), before.get('USDC'))
  const done = await swapper.swap({ ...request, id: 'just-so', minProfit: gain })
  assert.ok(done.kind === 'swapped', 'our maths are the contract’s')
  assert.equal(done.amountOut - done.amountIn, gain)
})

/** With a gas limit given nothing is estimated, so that a bad round reaches its block. */
function unestimated(after: (close: () => void) => void) {
  const signer = signsAnything(keys.wallet('bots', 0))
  const queue = createNonceQueue({ rpc, store: createMemoryStore(), signer, pollMs: 10 })
  after(queue.close)
  const submit = (intent: Intent) => queue.submit({ ...intent, gasLimit: 400_000n })
  return createSwapper({ rpc, queue: { ...queue, submit }, executor: deployment.executor })
}

test('what is no arbitrage is refused, and single pools have none', async (t) => {
  const { venues } = await world.open(t)
  const codes = []
  for (const rest of [
    { side: 'buy' },
    { limitPrice: '3000' },
    { quantity: { in: 'base', amount: '1' } },
    { quantity: { in: 'quote', amount: '0' } },
    { minProfit: '-1' },
    { timeInForce: 'GTC' },
  ] as const) {
    const answer = await venues.uniswap.trading?.place(arbitrage(rest))
    codes.push(answer?.kind === 'refused' && answer.code)
  }
  const malformed = Array.from({ length: 5 }, () => 'request.malformed')
  assert.deepEqual(codes, [...malformed, 'order.type_unsupported'])
  const single = await venues['uniswap-v2'].trading?.place(arbitrage())
  assert.equal(single?.kind === 'refused' && single.code, 'order.type_unsupported')
})
