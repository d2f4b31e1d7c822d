// Chain state: what everybody we track holds and what the pools hold, at one block.
//
// Read in one call for one block, so that no transfer is seen on one side only.

import { type BalanceReader, NATIVE } from './balances.ts'
import { type Deployment, tokenOf } from './deployment.ts'

type Holdings = Record<string, Record<string, string>>

/** All token and native balances of the holders and what all pools hold, at one block. */
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
  const pools = [...Object.entries(deployment.pairs), ...Object.entries(deployment.v3.pools)]
  const addresses = [...new Set(holders.map((holder) => holder.toLowerCase()))]
  const held = addresses.flatMap((holder) =>
    assets.map(([asset, { address }]) => ({ holder, asset, token: address })),
  )
  const pooled = pools.flatMap(([market, { address, base, quote }]) => [
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
