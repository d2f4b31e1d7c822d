// A chain with pools to route over: V2 and V3 of two markets, and one between their bases.
//
// Accounts of the world trade as a bot's do, and the chain can be put back, so that the same order
// is tried in several ways from the same state.

import type { TestContext } from 'node:test'
import { openPoolWorld, type PoolWorld } from '#connectors/evm/pools/world.ts'
import type { PlaceAnswer } from '#connectors/venue.ts'
import { BTC, type DevChain, ETH, startDevChain, V3_POOLS } from '../dev-chain.ts'

export type RouteWorld = DevChain & {
  open(t: TestContext, bot?: number): Promise<PoolWorld & ReturnType<PoolWorld['account']>>
  /** Does it and puts the chain back as if it had not been. */
  tried<T>(work: () => Promise<T>): Promise<T>
}

/** The fees whose ticks are quick to read. */
const SEEDS = V3_POOLS.filter(({ fee }) => fee === 500 || fee === 3_000)
const CROSS = { market: 'BTC-ETH', base: 'BTC', quote: 'ETH', fee: 500 } as const

export async function startRouteWorld(): Promise<RouteWorld> {
  const chain = await startDevChain([
    ...SEEDS,
    { ...CROSS, baseAmount: 40n * BTC, quoteAmount: 960n * ETH },
  ])
  const { deployment, keys, control } = chain
  const url = chain.chain.url
  return {
    ...chain,
    async open(t, bot = 0) {
      const world = await openPoolWorld({ url, deployment })
      const account = world.account(keys.wallet('bots', bot))
      t.after(async () => {
        account.close()
        await world.close()
      })
      return { ...world, ...account, close: world.close }
    },
    async tried(work) {
      const mark = await control.snapshot()
      try {
        return await work()
      } finally {
        await control.revert(mark)
      }
    },
  }
}

/** Decimals of any length as integers of one unit: eighteen places. */
export function scaled(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(18, '0'))
}

export function filled(answer: PlaceAnswer) {
  if (answer.kind !== 'accepted' || answer.order.state !== 'filled') {
    throw new Error(`not filled: ${JSON.stringify(answer)}`)
  }
  const { filledBase, filledQuote } = answer.order
  const gas = answer.fills[0]?.gas?.amount ?? '0'
  return { base: scaled(filledBase), quote: scaled(filledQuote), gas: scaled(gas) }
}
