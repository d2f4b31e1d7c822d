// Pool facts: what the API says of the pools of a market, out of the demo chain's mirror.
//
// Prices and depth are for people beside the book; bots follow the chain by themselves.

import { formatChainAmount } from '#connectors/evm/chain-amount.ts'
import { type Ladder, ladderOf } from '#connectors/evm/pools/ladder.ts'
import { feePipsOf } from '#connectors/evm/pools/market.ts'
import { reservesOf } from '#connectors/evm/pools/pool.ts'
import type { ChainFacts } from '#platform/markets/port.ts'
import type { PoolNow } from './chain.ts'

type PoolFacts = ReturnType<ChainFacts['pools']>[number]

const PIPS_PER_BPS = 100

export function poolFacts({ pool, now }: PoolNow, detail: 'ladder' | undefined): PoolFacts {
  const { address, kind } = pool
  const feeBps = Number(feePipsOf(kind)) / PIPS_PER_BPS
  const ladder = now && ladderOf(pool, now.state)
  return {
    ...{ venue: `uniswap-${kind.name}`, address, feeBps, price: ladder?.price ?? null },
    ...reservesText({ pool, now }),
    ...(detail === undefined || ladder === undefined ? {} : { ladder: rungs(ladder) }),
    at: now === undefined ? null : now.head.timestamp * 1_000_000,
  }
}

function reservesText({ pool, now }: PoolNow) {
  if (now?.state.kind !== 'v2') return {}
  const { reserveBase, reserveQuote } = reservesOf(pool, now.state)
  return {
    baseReserve: formatChainAmount(reserveBase, pool.baseToken.decimals),
    quoteReserve: formatChainAmount(reserveQuote, pool.quoteToken.decimals),
  }
}

function rungs({ bids, asks }: Ladder) {
  const copied = (side: Ladder['bids']) =>
    side.map(([price, total]): [string, string] => [price, total])
  return { bids: copied(bids), asks: copied(asks) }
}
