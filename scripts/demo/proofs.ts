// Proofs of a finished run: that nothing was created or lost, and that a replay agrees.
//
// Each is computed from two independent sources: ledger against chain, live state against the
// journal replayed in another process.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { tokenOf } from '#connectors/evm/deployment.ts'
import { toChain } from '#platform/wallet/units.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { type BalanceSheet, readSheet, type SheetDeps } from './balance-sheet.ts'
import { trackedWallets } from './chain.ts'
import { liabilities } from './chain-plan.ts'
import type { World, WorldDeps } from './world.ts'

export type Bearings = Pick<WorldDeps, 'views' | 'keys'> & { readonly world: World }

/** Where every token is now; nothing may trade meanwhile. */
export async function takeSheet({ views, keys, world }: Bearings): Promise<BalanceSheet> {
  const block = await world.settled()
  return readSheet(sheetDeps({ views, keys, world }), block)
}

/** What a sheet of the newest chain is read from. */
export function sheetDeps({ views, keys, world }: Bearings): SheetDeps {
  const { chain, wallet } = world
  const { rpc, deployment, balances } = chain
  return {
    ...{ rpc, deployment, balances },
    wallets: trackedWallets(keys),
    custody: wallet.heldAddresses,
    ledger: (asset) => owedOnChain({ views, world }, asset),
    inTransit: wallet.dust,
  }
}

/** INV-12: custody and deposit addresses hold exactly what the ledger owes, and the dust. */
export async function custodyEqual({ views, world }: Omit<Bearings, 'keys'>): Promise<boolean> {
  const { chain, wallet } = world
  const block = await world.settled()
  for (const asset of Object.keys(chain.deployment.tokens)) {
    const { address: token } = tokenOf(chain.deployment, asset)
    const queries = wallet.heldAddresses().map((holder) => ({ token, holder }))
    const held = (await chain.balances(queries, block)).reduce((sum, one) => sum + one, 0n)
    if (held !== owedOnChain({ views, world }, asset) + wallet.dust(asset)) return false
  }
  return true
}

/** INV-01, over what has been released. */
export function ledgerSumsZero(views: LiveViews): boolean {
  const sums = new Map<number, number>()
  for (const { asset, cash } of views.allBalances()) sums.set(asset, (sums.get(asset) ?? 0) + cash)
  return [...sums.values()].every((sum) => sum === 0)
}

export type Digests = { readonly seq: number; readonly business: string; readonly full: string }

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url))

/** INV-08: the digests of a replay from genesis in another process. */
export async function replayDigests(dataFolder: string): Promise<Digests> {
  const args = [CLI, 'replay', '--data', dataFolder, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 20 })
  return JSON.parse(stdout) as Digests // Printed by our own command.
}

function owedOnChain({ views, world }: Omit<Bearings, 'keys'>, asset: string): bigint {
  const scale = views.listing.assetBySymbol(asset)?.scale ?? 0
  const { decimals } = tokenOf(world.chain.deployment, asset)
  return toChain(liabilities(views, asset), { scale, decimals })
}
