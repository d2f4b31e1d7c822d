// Accounting: what is earned counts at mid prices, what was given at the start does not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccounting } from '#bots/runtime/accounting.ts'
import type { Fill } from '#connectors/venue.ts'

const PRICES: Record<string, number> = { BTC: 40_000, ETH: 3_000, USDC: 1 }
const priceOf = (asset: string) => PRICES[asset]

function fill(changes: Partial<Fill>): Fill {
  return {
    ...{ fillId: '1', clientOrderId: 'a', symbol: 'BTC-USDC', side: 'buy', base: '0.1', at: 1 },
    ...{ quote: '3990', fee: { asset: 'USDC', amount: '2' }, liquidity: 'taker' },
    ...changes,
  }
}

test('profit is the value of what changed hands, after fees and gas', () => {
  const accounting = createAccounting({ priceOf, saved: undefined })
  accounting.fill(fill({}))
  assert.deepEqual(accounting.figures(), { equity: 0, pnl: 8, fees: 2, gas: 0 })
  accounting.fill(fill({ side: 'sell', quote: '4020', gas: { asset: 'ETH', amount: '0.001' } }))
  const { pnl, fees, gas } = accounting.figures()
  assert.deepEqual(
    [pnl, fees, gas].map((one) => one.toFixed(6)),
    ['23.000000', '4.000000', '3.000000'],
  )
  assert.equal(accounting.position('BTC-USDC'), 0)
})

test('coins that were given are equity and not profit, native ones included', () => {
  const accounting = createAccounting({ priceOf, saved: undefined })
  accounting.balances('internal', [
    { asset: 'USDC', available: '900', held: '100' },
    { asset: 'BTC', available: '0.5', held: '0' },
  ])
  accounting.balances('uniswap-v2', [{ asset: 'native:ETH', available: '2', held: '0' }])
  accounting.balances('internal', [{ asset: 'USDC', available: '1000', held: '100' }])
  const { equity, pnl } = accounting.figures()
  assert.deepEqual([equity, pnl], [27_100, 0])
})

test('figures and positions go on after a restart', () => {
  const before = createAccounting({ priceOf, saved: undefined })
  before.fill(fill({}))
  before.cost({ kind: 'gas', asset: 'ETH', amount: '0.001' })
  const saved = JSON.parse(JSON.stringify(before.saved()))
  const after = createAccounting({ priceOf, saved })
  assert.deepEqual(after.figures(), before.figures())
  assert.equal(after.position('BTC-USDC'), 0.1)
})

test('what one pool gave and another took is no position, a shared wallet counts once', () => {
  const accounting = createAccounting({ priceOf, saved: undefined })
  accounting.fill(fill({ symbol: 'BTC-USDC-500' }))
  assert.equal(accounting.position('BTC-USDC-3000'), 0.1)
  accounting.fill(fill({ side: 'sell' }))
  assert.equal(accounting.position('BTC-USDC-500'), 0)
  const held = [{ asset: 'BTC', available: '1', held: '0' }]
  for (const wallet of ['0xbot', '0xbot', 'internal']) accounting.balances(wallet, held)
  assert.equal(accounting.figures().equity, 80_000)
})
