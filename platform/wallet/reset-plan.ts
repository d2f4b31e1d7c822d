// Reset plan: what a new development chain must hold so that nothing was lost or created.
//
// Custody gets what the ledger owes plus the dust, every other wallet and pool what the newest
// chain row says. After the row's credits and payments are submitted, the sums per token before and
// after are equal; the plan carries both, and whoever resets prints them.

import type { ChainState } from './chain-port.ts'
import { type ChainRow, dustOf } from './chain-row.ts'
import { type Scales, toChain } from './units.ts'

export type ResetPlan = {
  /** Address -> asset (or 'native') -> smallest units; custody included, deposit addresses not. */
  readonly balances: ReadonlyMap<string, ReadonlyMap<string, bigint>>
  readonly reserves: ChainState['reserves']
  /** Per token: everything on the old chain and everything planned for the new one. */
  readonly sums: ReadonlyMap<string, { readonly before: bigint; readonly after: bigint }>
}

export type ResetInput = {
  readonly row: ChainRow
  readonly custody: string
  readonly depositAddresses: ReadonlySet<string>
  /** What the ledger owes all accounts of an asset, in ledger units. */
  readonly liabilities: (asset: string) => number
  readonly assets: ReadonlyMap<string, Scales>
  /** Market -> its assets, for the reserves. */
  readonly pools: ReadonlyMap<string, { readonly base: string; readonly quote: string }>
}

export function planReset(input: ResetInput): ResetPlan {
  const { row, custody, depositAddresses, assets } = input
  const balances = new Map<string, Map<string, bigint>>()
  for (const [address, held] of Object.entries(row.state.balances)) {
    if (depositAddresses.has(address)) continue
    balances.set(
      address,
      new Map(Object.entries(held).map(([asset, amount]) => [asset, BigInt(amount)])),
    )
  }
  const inCustody = balances.get(custody) ?? new Map<string, bigint>()
  balances.set(custody, inCustody)
  for (const [asset, scales] of assets) {
    inCustody.set(asset, toChain(input.liabilities(asset), scales) + dustOf(row, asset))
  }
  const sums = new Map(
    [...assets.keys()].map((asset) => {
      const pooled = reservesOf(input, asset)
      const before = pooled + sumOf(rowBalances(row), asset)
      return [asset, { before, after: pooled + sumOf(balances.values(), asset) }]
    }),
  )
  return { balances, reserves: row.state.reserves, sums }
}

function reservesOf({ row, pools }: ResetInput, asset: string): bigint {
  let sum = 0n
  for (const [market, { base, quote }] of Object.entries(row.state.reserves)) {
    const sides = pools.get(market)
    if (sides?.base === asset) sum += BigInt(base)
    if (sides?.quote === asset) sum += BigInt(quote)
  }
  return sum
}

function rowBalances(row: ChainRow): Map<string, bigint>[] {
  return Object.values(row.state.balances).map(
    (held) => new Map(Object.entries(held).map(([asset, amount]) => [asset, BigInt(amount)])),
  )
}

function sumOf(holders: Iterable<ReadonlyMap<string, bigint>>, asset: string): bigint {
  let sum = 0n
  for (const held of holders) sum += held.get(asset) ?? 0n
  return sum
}
