// What pools of V3 hold when a chain follows another: as much as before, whichever pools there are.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeys } from '#connectors/evm/keys.ts'
import type { ChainRow } from '#platform/wallet/chain-row.ts'
import { type ChainPlan, demoWallets, genesisPlan, resetPlan } from '#scripts/demo/chain-plan.ts'
import { loadPrices } from '#scripts/demo/prices.ts'
import { createListing } from '#views/listing.ts'

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const wallets = demoWallets(createKeys(MNEMONIC))
const genesis = genesisPlan(wallets, loadPrices(new Map(), {}))
/** A ledger that owes nobody. */
const listing = createListing()
const views = { allBalances: () => [], listing }

/** What the newest row says when nothing was traded; pools that are left out were not there. */
function rowOf(plan: ChainPlan, without: readonly string[] = []): ChainRow {
  const named = [
    ...plan.pools.map((pool) => [pool.market, pool] as const),
    ...plan.v3Pools.map((pool) => [`${pool.market}:${pool.fee}`, pool] as const),
  ].filter(([name]) => !without.includes(name))
  const reserves = Object.fromEntries(
    named.map(([name, { baseAmount, quoteAmount }]) => {
      return [name, { base: String(baseAmount), quote: String(quoteAmount) }]
    }),
  )
  const state = { balances: { [wallets.provider]: { BTC: '5', ETH: '7', USDC: '9' } }, reserves }
  const nothing = { credits: [], payments: [], dust: {} }
  return { instance: '0x1', block: 1, blockHash: '0x2', state, ...nothing }
}

const resetOf = (row: ChainRow) =>
  resetPlan({ row, wallets, depositAddresses: new Set<string>(), views })

/** Of the pools of V3 and their provider together. */
function provided(plan: ChainPlan, asset: string): bigint {
  const pooled = plan.v3Pools.map(({ base, quote, baseAmount, quoteAmount }) => {
    return (base === asset ? baseAmount : 0n) + (quote === asset ? quoteAmount : 0n)
  })
  const held = plan.balances.get(wallets.provider)?.get(asset) ?? 0n
  return pooled.reduce((sum, amount) => sum + amount, held)
}

function inRow({ state }: ChainRow, asset: string): bigint {
  const pooled = genesis.v3Pools.map(({ market, fee, base, quote }) => {
    const reserves = state.reserves[`${market}:${fee}`]
    const sides = [base === asset ? reserves?.base : 0, quote === asset ? reserves?.quote : 0]
    return sides.reduce((sum: bigint, side) => sum + BigInt(side ?? 0), 0n)
  })
  const held = BigInt(state.balances[wallets.provider]?.[asset] ?? 0)
  return pooled.reduce((sum, amount) => sum + amount, held)
}

test('the pool between the pairs is there from the beginning, at their prices', () => {
  const cross = genesis.v3Pools.find(({ market }) => market === 'BTC-ETH')
  const [btc, eth] = ['BTC-USDC', 'ETH-USDC'].map((symbol) =>
    genesis.pools.find(({ market }) => market === symbol),
  )
  assert.ok(cross !== undefined && btc !== undefined && eth !== undefined)
  const worth = (pool: typeof btc) => Number(pool.quoteAmount) / Number(pool.baseAmount)
  const price = Number(cross.quoteAmount) / Number(cross.baseAmount)
  assert.ok(Math.abs(price / (worth(btc) / worth(eth)) - 1) < 1e-9)
})

test('what was provided is provided again, to the last unit', () => {
  for (const without of [[], ['BTC-ETH:3000'], ['BTC-ETH:3000', 'ETH-USDC:500']]) {
    const row = rowOf(genesis, without)
    const plan = resetOf(row)
    for (const asset of ['BTC', 'ETH', 'USDC']) {
      assert.equal(provided(plan, asset), inRow(row, asset), `${asset} without ${without}`)
    }
    assert.equal(plan.v3Pools.length, genesis.v3Pools.length)
    for (const { baseAmount, quoteAmount } of plan.v3Pools) {
      assert.ok(baseAmount > 0n && quoteAmount > 0n)
    }
  }
})

test('after a release whose pools of V3 were nobody’s they begin as at genesis', () => {
  const all = genesis.v3Pools.map(({ market, fee }) => `${market}:${fee}`)
  const plan = resetOf(rowOf(genesis, all))
  assert.deepEqual(plan.v3Pools, genesis.v3Pools)
})
