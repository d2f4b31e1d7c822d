// The balance sheet: where every token is, in smallest units, at one block.
//
// Nothing may appear or vanish while the demo runs: per token, the changes of ledger, wallets,
// pools and what is in transit add up to 0; native ETH only loses what was burnt as base fee.
// Custody is not a term of the sum, because it is the other side of the ledger.

import { type BalanceReader, NATIVE } from '#connectors/evm/balances.ts'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { fields, quantity, text, toQuantity } from '#connectors/evm/quantity.ts'

export type TokenSheet = {
  /** Customers, fees and house, in the token's smallest unit. */
  readonly ledger: bigint
  readonly wallets: bigint
  readonly pools: bigint
  /** Arrived and not credited, less paid out and not settled, and the dust below a ledger unit. */
  readonly inTransit: bigint
}

export type BalanceSheet = {
  readonly block: number
  readonly tokens: Readonly<Record<string, TokenSheet>>
  /** All native ETH of everybody, in wei. */
  readonly native: bigint
}

export type SheetDeps = {
  readonly rpc: Rpc
  readonly balances: BalanceReader
  readonly deployment: Deployment
  /** Wallets of bots, swappers, deployer and the provider of V3. */
  readonly wallets: readonly string[]
  /** Custody and deposit addresses: their native ETH counts, their tokens are the ledger's. */
  readonly custody: () => readonly string[]
  readonly ledger: (asset: string) => bigint
  readonly inTransit: (asset: string) => bigint
}

/** All native ETH of everybody at a block, in wei. */
export async function readNative(
  deps: Pick<SheetDeps, 'rpc' | 'balances' | 'deployment' | 'wallets' | 'custody'>,
  block: number,
): Promise<bigint> {
  const { rpc, deployment } = deps
  const { pairs, v3, tokens } = deployment
  const contracts = [tokens, pairs, v3.pools].flatMap((table) => Object.values(table))
  const miner = text(fields(await read(rpc, 'eth_getBlockByNumber', ['latest', false])).miner)
  const others = contracts.map(({ address }) => address)
  const holders = new Set(
    [...deps.wallets, ...deps.custody(), ...others, miner].map((one) => one.toLowerCase()),
  )
  return sum(deps.balances, NATIVE, [...holders], block)
}

/** Reads the sheet at a block; the caller sees to it that nothing moves meanwhile. */
export async function readSheet(deps: SheetDeps, block: number): Promise<BalanceSheet> {
  const { deployment } = deps
  const { pairs, v3 } = deployment
  const pools = [pairs, v3.pools].flatMap((table) => Object.values(table)).map((one) => one.address)
  const tokens: Record<string, TokenSheet> = {}
  for (const [asset, { address }] of Object.entries(deployment.tokens)) {
    const sumOf = (holders: readonly string[]) => sum(deps.balances, address, holders, block)
    tokens[asset] = {
      ledger: deps.ledger(asset),
      wallets: await sumOf(deps.wallets),
      pools: await sumOf(pools),
      inTransit: deps.inTransit(asset),
    }
  }
  return { block, tokens, native: await readNative(deps, block) }
}

/** What each token gained or lost between two sheets; all 0 when nothing leaked. */
export function tokenLeaks(before: BalanceSheet, after: BalanceSheet): Record<string, bigint> {
  const leaks: Record<string, bigint> = {}
  for (const [asset, sheet] of Object.entries(after.tokens)) {
    const start = before.tokens[asset]
    leaks[asset] = start === undefined ? total(sheet) : total(sheet) - total(start)
  }
  return leaks
}

/** Base fees burnt in the blocks (from, to], in wei. */
export async function burntWei(rpc: Rpc, from: number, to: number): Promise<bigint> {
  let burnt = 0n
  for (let block = from + 1; block <= to; block++) {
    const header = fields(await read(rpc, 'eth_getBlockByNumber', [toQuantity(block), false]))
    burnt += quantity(header.gasUsed) * quantity(header.baseFeePerGas)
  }
  return burnt
}

function total({ ledger, wallets, pools, inTransit }: TokenSheet): bigint {
  return ledger + wallets + pools + inTransit
}

async function sum(
  balances: BalanceReader,
  token: string,
  holders: readonly string[],
  block: number,
): Promise<bigint> {
  const found = await balances(
    holders.map((holder) => ({ token, holder })),
    block,
  )
  return found.reduce((all, one) => all + one, 0n)
}
