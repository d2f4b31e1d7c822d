// Updates: how long after a new block a quote of the new state is there.
//
// A swap is mined; the clock starts when the node has answered for it, so the block is there. The
// quote of the moved pool is asked for as soon as the mirror tells of the change. `blockToQuote` is
// how bots do it: the node tells the block over a WebSocket. `polled` waits for the next look at
// the chain, as where there is none; `asked` looks at once: reading and computing alone.

import { Interface } from 'ethers'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { approveCall } from '#connectors/evm/erc20.ts'
import { streamUrlOf } from '#connectors/evm/head-stream.ts'
import { createHeads, type Heads } from '#connectors/evm/heads.ts'
import { pairMarkets, v3Markets } from '#connectors/evm/pools/market.ts'
import { createPoolMirror, type PoolMirror } from '#connectors/evm/pools/mirror.ts'
import { quotePool } from '#connectors/evm/pools/quoting.ts'
import { createSender } from '#scripts/chain/sender.ts'
import type { PoolChain } from '../../campaigns/chain/exchange-pools.ts'
import type { Random } from '../../campaigns/random.ts'
import { percentiles } from '../measure.ts'

const BLOCKS = 200
/** As the bots' runner polls. */
const POLL_MS = 40
/** For the WebSocket to be up. */
const CONNECT_MS = 500
const FOREVER = 2n ** 40n
const WETH_UNIT = 10n ** 15n
const router = new Interface([
  `function exactInputSingle((address, address, uint24, address, uint256, uint256, uint256,
    uint160))`,
])

export async function updateLatencies(world: PoolChain, random: Random) {
  const swap = await createSwaps(world, random)
  const asked = await measured(world, async ({ heads, quoteAll }) => {
    await swap()
    const start = performance.now()
    await heads.refresh()
    quoteAll()
    return performance.now() - start
  })
  const streamUrl = streamUrlOf(world.chain.url)
  const told = await measured(world, (scene) => whenChanged(scene, swap), { streamUrl })
  const polled = await measured(world, (scene) => whenChanged(scene, swap), {})
  return {
    ...{ blockToQuoteP50Ms: told.p50Ms, blockToQuoteP99Ms: told.p99Ms },
    ...{ polledP50Ms: polled.p50Ms, polledP99Ms: polled.p99Ms },
    ...{ askedP50Ms: asked.p50Ms, askedP99Ms: asked.p99Ms },
    pollMs: POLL_MS,
  }
}

type Scene = {
  readonly heads: Heads
  readonly mirror: PoolMirror
  readonly quoteAll: () => void
}

/** Of a mirror of its own; it follows the chain by itself when it is told how. */
async function measured(
  { chain, deployment }: PoolChain,
  one: (scene: Scene) => Promise<number>,
  following?: { readonly streamUrl?: string },
) {
  const heads = createHeads({ rpc: chain.rpc, pollMs: POLL_MS, ...following })
  const pools = [...pairMarkets(deployment), ...v3Markets(deployment)]
  const mirror = createPoolMirror({ rpc: chain.rpc, heads, pools })
  await heads.refresh()
  const quoteAll = () => {
    for (const { market } of pools) {
      const state = mirror.get(market)?.state
      if (state !== undefined) quotePool(state, { way: 'down', exact: 'in', amount: 1_000_000n })
    }
  }
  if (following !== undefined) {
    heads.start()
    await new Promise((resolve) => setTimeout(resolve, CONNECT_MS))
  }
  const result = await measure(() => one({ heads, mirror, quoteAll }))
  await heads.stop()
  mirror.close()
  return result
}

async function whenChanged({ mirror, quoteAll }: Scene, swap: () => Promise<void>) {
  const changed = Promise.withResolvers<number>()
  let isMined = false
  const end = mirror.onChange(() => {
    if (!isMined) return
    quoteAll()
    changed.resolve(performance.now())
  })
  isMined = true
  await swap()
  const start = performance.now()
  const at = await changed.promise
  end()
  return Math.max(0, at - start)
}

async function measure(one: () => Promise<number>) {
  const times = new Float64Array(BLOCKS)
  for (let block = 0; block < BLOCKS; block++) times[block] = await one()
  const { p50Ms = 0, p99Ms = 0 } = percentiles(times)
  return { p50Ms: Math.round(p50Ms * 100) / 100, p99Ms: Math.round(p99Ms * 100) / 100 }
}

/** Small sales of WETH, back and forth between the pools of V3. */
async function createSwaps({ chain, deployment, account }: PoolChain, random: Random) {
  const sender = await createSender(chain.rpc, account)
  const [weth, usdc] = ['ETH', 'USDC'].map((asset) => tokenOf(deployment, asset).address)
  const to = deployment.v3.router
  await sender.send(approveCall(weth ?? '', to, 2n ** 200n))
  const fees = [100, 500, 3_000, 10_000] as const
  return async () => {
    const amount = BigInt(1 + random.below(100)) * WETH_UNIT
    const terms = [weth, usdc, random.pick(fees), account.address, FOREVER, amount, 0n, 0n]
    await sender.send({ to, data: router.encodeFunctionData('exactInputSingle', [terms]) })
  }
}
