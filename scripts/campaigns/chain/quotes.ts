// Quotes: our maths against QuoterV2 and the V2 router on pools of a chain of its own.
//
// States come from the mirror, never from what the chain was seeded with, and random swaps move the
// pools between rounds. A difference of one unit, in an amount or in the price after, is a
// violation; so is an answer where the contract refuses, and the other way round.

import { Interface } from 'ethers'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { approveCall } from '#connectors/evm/erc20.ts'
import { createHeads } from '#connectors/evm/heads.ts'
import { pairMarkets, v3Markets } from '#connectors/evm/pools/market.ts'
import { createPoolMirror, type PoolMirror } from '#connectors/evm/pools/mirror.ts'
import { list } from '#connectors/evm/quantity.ts'
import { createSender, type Sender } from '#scripts/chain/sender.ts'
import { createRandom, type Random } from '../random.ts'
import { type PoolChain, startPoolChain } from './exchange-pools.ts'
import type { PartTally } from './part-tally.ts'
import { answeredWords, type QuoteCase, randomV2Case, randomV3Case } from './quote-cases.ts'

export type QuoteOptions = {
  readonly cases: number
  readonly seed: number
  /** Positions of a dense pool beside the full range. */
  readonly positions?: number
  /** Told of every difference. */
  readonly onDifference?: (text: string) => void
}

type Counts = { refused: number; crossing: number; moved: number; many: number }

const ROUND_CASES = 250
const BATCH = 50
const V2_SHARE = 10
const FOREVER = 2n ** 40n

export async function compareQuotes(options: QuoteOptions): Promise<PartTally> {
  const { cases, seed, positions = 30, onDifference = () => {} } = options
  const random = createRandom(seed)

  const world = await startPoolChain(random, positions)
  const counts: Counts = { refused: 0, crossing: 0, moved: 0, many: 0 }
  let violations = 0
  try {
    const { rpc } = world.chain
    const heads = createHeads({ rpc })
    const pools = [...pairMarkets(world.deployment), ...v3Markets(world.deployment)]
    const mirror = createPoolMirror({ rpc, heads, pools })
    const mover = await createMover(world, random)
    for (let done = 0; done < cases; done += ROUND_CASES) {
      await heads.refresh()
      const size = Math.min(ROUND_CASES, cases - done)
      const round = Array.from({ length: size }, () => randomCase(world, random, mirror))
      for (const text of await differences(world.chain.url, round, counts)) {
        violations++
        onDifference(text)
      }
      await mover()
      counts.moved++
    }
    const { gaps, differences: drift } = mirror.counts()
    if (gaps + drift > 0) onDifference(`the mirror had ${gaps} gaps and ${drift} differences`)
    return { cases, violations: violations + gaps + drift, reached: counts }
  } finally {
    await world.chain.stop()
  }
}

function randomCase({ deployment }: PoolChain, random: Random, mirror: PoolMirror): QuoteCase {
  const v2 = random.below(V2_SHARE) === 0
  const markets = v2 ? pairMarkets(deployment) : v3Markets(deployment)
  const market = random.pick(markets)
  const state = mirror.get(market.market)?.state
  if (state === undefined) throw new Error(`${market.market} is not known`)
  const { baseToken, quoteToken, baseIsToken0 } = market
  const ordered = baseIsToken0 ? [baseToken, quoteToken] : [quoteToken, baseToken]
  const [token0 = '', token1 = ''] = ordered.map(({ address }) => address)
  if (state.kind === 'v3') {
    const [base, quote] = [HELD[market.base] ?? 0n, HELD[market.quote] ?? 0n]
    const held = baseIsToken0 ? ([base, quote] as const) : ([quote, base] as const)
    const { quoter } = deployment.v3
    return randomV3Case(random, { quoter, pool: state.pool, token0, token1, held })
  }
  const { reserve0, reserve1, fee } = state
  const { router } = deployment
  return random.below(2) === 0
    ? randomV2Case(random, {
        ...{ router, fee, tokenIn: token0, tokenOut: token1 },
        reserves: { in: reserve0, out: reserve1 },
      })
    : randomV2Case(random, {
        ...{ router, fee, tokenIn: token1, tokenOut: token0 },
        reserves: { in: reserve1, out: reserve0 },
      })
}

/** About what a pool holds; amounts spread over all orders of magnitude up to twice that. */
const HELD: Readonly<Record<string, bigint>> = {
  BTC: 50n * 10n ** 8n,
  ETH: 1_000n * 10n ** 18n,
  USDC: 3_000_000n * 10n ** 6n,
}

async function differences(url: string, cases: readonly QuoteCase[], counts: Counts) {
  const found: string[] = []
  for (let from = 0; from < cases.length; from += BATCH) {
    const some = cases.slice(from, from + BATCH)
    const answers = await ask(url, some)
    some.forEach((one, at) => {
      const answer = answers[at]
      if (one.crossed > 0) counts.crossing++
      if (one.crossed > 9) counts.many++
      if (one.expected === undefined) counts.refused++
      const words = answer === undefined ? undefined : answeredWords(answer, one)
      const isEqual = String(words) === String(one.expected)
      if (!isEqual) found.push(`${one.what}: ours ${one.expected}, the contract's ${words}`)
    })
  }
  return found
}

/** Many questions in one HTTP request; undefined where the contract refuses. */
async function ask(url: string, cases: readonly QuoteCase[]) {
  const batch = cases.map(({ read }, id) => {
    return { jsonrpc: '2.0', id, method: 'eth_call', params: [read, 'latest'] }
  })
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(batch) })
  const answers = new Map(list(await reply.json()).map((one) => [Object(one).id, Object(one)]))
  return cases.map((_, id): string | undefined => answers.get(id)?.result)
}

const v3Router = new Interface([
  `function exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient,
    uint256 deadline, uint256 amountIn, uint256 minOut, uint160 limit)) returns (uint256)`,
])

/** Swaps in every pool of V3, some large, so that prices wander over the ticks. */
async function createMover({ chain, deployment, account }: PoolChain, random: Random) {
  const sender: Sender = await createSender(chain.rpc, account)
  const { router, pools } = deployment.v3
  for (const { address } of Object.values(deployment.tokens)) {
    await sender.send(approveCall(address, router, 2n ** 200n))
  }
  return async () => {
    for (const { base, quote, fee } of Object.values(pools)) {
      const isBuy = random.below(2) === 0
      const [from, to] = (isBuy ? [quote, base] : [base, quote]).map((asset) =>
        tokenOf(deployment, asset),
      )
      if (from === undefined || to === undefined) continue
      const worth = from.symbol === 'USDC' ? 60_000 : 20
      const coins = 1 + random.below(worth)
      const amount =
        (BigInt(coins) * 10n ** BigInt(from.decimals)) / (from.symbol === 'WBTC' ? 10n : 1n)
      const ends = [from.address, to.address, fee, account.address, FOREVER, amount, 0n, 0n]
      const data = v3Router.encodeFunctionData('exactInputSingle', [ends])
      await sender.send({ to: router, data })
    }
    await sender.settled()
  }
}
