// A ChainReset restores every token: sums before and after are equal when row and ledger fit.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ChainRow } from '#platform/wallet/chain-row.ts'
import { planReset, type ResetInput } from '#platform/wallet/reset-plan.ts'

const row: ChainRow = {
  instance: '0x1',
  block: 9,
  blockHash: '0xb',
  credits: [],
  payments: [],
  dust: { '16/ETH': '5' },
  state: {
    balances: {
      '0xcustody': { USDC: '900', ETH: '70000000000', native: '3' },
      '0xdeposit': { USDC: '100', ETH: '5', native: '1' },
      '0xbot': { USDC: '40', ETH: '20000000000', native: '8' },
    },
    reserves: { 'ETH-USDC': { base: '1000', quote: '2000' } },
  },
}

const input: ResetInput = {
  row,
  custody: '0xcustody',
  depositAddresses: new Set(['0xdeposit']),
  liabilities: (asset) => (asset === 'USDC' ? 1_000 : 7),
  assets: new Map([
    ['USDC', { scale: 6, decimals: 6 }],
    ['ETH', { scale: 8, decimals: 18 }],
  ]),
  pools: new Map([['ETH-USDC', { base: 'ETH', quote: 'USDC' }]]),
}

test('custody gets what the ledger owes and the dust', () => {
  const custody = planReset(input).balances.get('0xcustody')
  assert.equal(custody?.get('USDC'), 1_000n)
  assert.equal(custody?.get('ETH'), 70_000_000_005n)
})

test('wallets keep their recorded balances and deposit addresses start empty', () => {
  const { balances } = planReset(input)
  assert.equal(balances.get('0xbot')?.get('ETH'), 20_000_000_000n)
  assert.equal(balances.get('0xbot')?.get('native'), 8n)
  assert.equal(balances.has('0xdeposit'), false)
})

test('the sums before and after are equal per token, pools included', () => {
  const { sums } = planReset(input)
  assert.deepEqual(sums.get('USDC'), { before: 3_040n, after: 3_040n })
  assert.deepEqual(sums.get('ETH'), { before: 90_000_001_005n, after: 90_000_001_005n })
})

test('a ledger that owes more than the row holds shows in the sums', () => {
  const { sums } = planReset({ ...input, liabilities: () => 1_001 })
  const usdc = sums.get('USDC')
  assert.equal((usdc?.after ?? 0n) - (usdc?.before ?? 0n), 1n)
})
