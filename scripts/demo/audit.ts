// The audit of a run: that no token and no wei appeared or vanished between begin and end.
//
// Tokens are compared from the first sheet to the last, over every chain in between, because each
// reset begins with what the one before ended with. Native ETH is no asset of the ledger and gas is
// burnt, so it is compared on each chain apart; on one that died by itself it cannot be.

import { type BalanceSheet, burntWei, readNative, tokenLeaks } from './balance-sheet.ts'
import { type Bearings, sheetDeps, takeSheet } from './proofs.ts'

export type Audit = {
  /** Nothing may trade meanwhile, as at the end. */
  begin(): Promise<void>
  /** The chain is still there and will end; trading goes on. */
  chainEnds(): Promise<void>
  chainBegins(): Promise<void>
  /** Smallest units per token that appeared, below 0 that vanished; all 0 when nothing leaked. */
  end(): Promise<Readonly<Record<string, bigint>>>
}

export function createAudit(bearings: Bearings): Audit {
  const { world } = bearings
  let before: BalanceSheet | undefined
  let since: Pick<BalanceSheet, 'block' | 'native'> | undefined
  let nativeLeak = 0n

  async function mark() {
    const { block } = world.wallet.status()
    return { block, native: await readNative(sheetDeps(bearings), block) }
  }

  async function close(until: Pick<BalanceSheet, 'block' | 'native'>): Promise<void> {
    if (since === undefined) return
    const burnt = await burntWei(world.chain.rpc, since.block, until.block)
    nativeLeak += until.native - since.native + burnt
    since = undefined
  }

  return {
    async begin() {
      before = await takeSheet(bearings)
      since = before
    },
    async chainEnds() {
      await close(await mark())
    },
    async chainBegins() {
      since = await mark()
    },
    async end() {
      const after = await takeSheet(bearings)
      await close(after)
      if (before === undefined) throw new Error('the audit ends before it began')
      return { ...tokenLeaks(before, after), native: nativeLeak }
    },
  }
}
