// Sandwiches: swaps of ours through the executor, each squeezed in by somebody who pays more gas.
//
// The least output comes from our quote and a tolerance; sizes, pools and sides from the seed. A
// victim gets at least that or nothing has moved, and the executor keeps nothing.

import { createHeads } from '#connectors/evm/heads.ts'
import { type PoolMarket, pairMarkets, v3Markets, wayOf } from '#connectors/evm/pools/market.ts'
import { createPoolMirror, type PoolMirror } from '#connectors/evm/pools/mirror.ts'
import { quotePool } from '#connectors/evm/pools/quoting.ts'
import { swapCall } from '#connectors/evm/swap-executor.ts'
import { createActor } from '#scripts/chain/scenarios/actor.ts'
import { sandwich } from '#scripts/chain/scenarios/sandwich.ts'
import { balanceOf, type Side } from '#scripts/chain/scenarios/world.ts'
import { createRandom, type Random } from '../random.ts'
import type { PartTally } from './part-tally.ts'
import { type SwapWorld, startSwapWorld } from './swap-world.ts'

export type SandwichOptions = {
  readonly cases: number
  readonly seed: number
  readonly onWrong?: (line: string) => void
}

type Stage = SwapWorld & { readonly mirror: PoolMirror; readonly markets: readonly PoolMarket[] }

const PARTS = 10_000n
const TOLERANCE_MAX = 300
/** The victim's and the attacker's part of what a pool holds of the token sold, in 1/10,000. */
const VICTIM_MAX = 200
const ATTACK_MAX = 2_000
const HELD: Readonly<Record<string, bigint>> = {
  BTC: 20n * 10n ** 8n,
  ETH: 500n * 10n ** 18n,
  USDC: 2_000_000n * 10n ** 6n,
}

export async function campaignSandwiches(options: SandwichOptions): Promise<PartTally> {
  const { cases, seed, onWrong = () => {} } = options
  const random = createRandom(seed)
  const swaps = await startSwapWorld()
  const { rpc, deployment, control } = swaps.world
  const heads = createHeads({ rpc })
  const markets = [...pairMarkets(deployment), ...v3Markets(deployment)]
  const mirror = createPoolMirror({ rpc, heads, pools: markets })
  const reached: Record<string, number> = { 'victims squeezed': 0, 'victims reverted': 0 }
  let violations = 0
  try {
    for (let one = 0; one < cases; one++) {
      const mark = await control.snapshot()
      await heads.refresh()
      const { what, wrong } = await squeeze({ ...swaps, mirror, markets }, random)
      for (const met of what) reached[met] = (reached[met] ?? 0) + 1
      violations += wrong.length
      for (const line of wrong) onWrong(`sandwich ${one}: ${line}`)
      await control.revert(mark)
    }
    return { cases, violations, reached }
  } finally {
    mirror.close()
    await swaps.chain.stop()
  }
}

async function squeeze({ world, bot, mirror, markets }: Stage, random: Random) {
  const { rpc, deployment } = world
  const market = random.pick(markets)
  const sells: Side = random.pick(['base', 'quote'] as const)
  const order = orderOf({ market, sells, mirror, random })
  const { assetIn, tokenIn, tokenOut, amountIn, minOut, attack } = order
  const actor = await createActor(world, bot.address)
  await actor.approve(assetIn, deployment.executor, amountIn)
  const deadline = Math.floor(Date.now() / 1_000) + 120
  const pools = [market.address]
  const terms = { tokenIn, tokenOut, amountIn, minOut, deadline, pools }
  const call = swapCall(deployment.executor, terms)
  const owned = () => balanceOf(rpc, tokenIn, bot.address)
  const before = await owned()
  const { isVictimReverted, victimReceived, attackerProfit } = await sandwich(world, {
    ...{ pool: poolName(market), sells, attack },
    victim: { from: bot.address, ...call, receiver: bot.address },
  })
  const spent = before - (await owned())
  const wrong: string[] = []
  const [paid, least] = isVictimReverted ? [0n, 0n] : [amountIn, minOut]
  if (victimReceived < least) wrong.push(`got ${victimReceived} of at least ${least}`)
  if (spent !== paid || (isVictimReverted && victimReceived !== 0n)) {
    wrong.push(`paid ${spent} of ${paid} and got ${victimReceived}`)
  }
  for (const token of [tokenIn, tokenOut]) {
    const left = await balanceOf(rpc, token, deployment.executor)
    if (left !== 0n) wrong.push(`${left} stayed in the executor`)
  }
  const what = [isVictimReverted ? 'victims reverted' : 'victims squeezed', market.kind.name]
  if (attackerProfit > 0n) what.push('attacks that paid')
  return { what, wrong }
}

type Asked = {
  readonly market: PoolMarket
  readonly sells: Side
  readonly mirror: PoolMirror
  readonly random: Random
}

function orderOf({ market, sells, mirror, random }: Asked) {
  const [assetIn, tokenIn, tokenOut] =
    sells === 'base'
      ? [market.base, market.baseToken.address, market.quoteToken.address]
      : [market.quote, market.quoteToken.address, market.baseToken.address]
  const part = (max: number) => ((HELD[assetIn] ?? 0n) * BigInt(1 + random.below(max))) / PARTS
  const [amountIn, attack] = [part(VICTIM_MAX), part(ATTACK_MAX)]
  const state = mirror.get(market.market)?.state
  const way = wayOf(market, sells === 'base' ? 'sell' : 'buy')
  const quoted = state && quotePool(state, { way, exact: 'in', amount: amountIn })
  if (quoted === undefined) throw new Error(`${market.market} gives no quote`)
  const tolerance = BigInt(1 + random.below(TOLERANCE_MAX))
  const minOut = (quoted.amountOut * (PARTS - tolerance)) / PARTS
  return { assetIn, tokenIn, tokenOut, amountIn, minOut, attack }
}

/** As scenarios name it: 'ETH-USDC:500' for the market 'ETH-USDC-500'. */
function poolName({ market, kind }: PoolMarket): string {
  return kind.name === 'v2' ? market : market.replace(/-(\d+)$/, ':$1')
}
