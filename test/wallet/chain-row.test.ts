// Credits of a batch: whole ledger units now, dust carried until it fills one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import { type ChainRow, creditsOf, dustOf } from '#platform/wallet/chain-row.ts'

const ETH = { scale: 8, decimals: 18 }
const UNIT = 10n ** 10n
const deps = {
  custody: '0xc',
  accountOf: (address: string) =>
    address.startsWith('0xa') ? Number(address.slice(3)) : undefined,
  scalesOf: (asset: string) => (asset === 'ETH' ? ETH : undefined),
}

type Arrival = { to: string; amount: bigint; from?: string; asset?: string }

function batchOf(transfers: readonly Arrival[]) {
  return {
    fromBlock: 5,
    toBlock: 6,
    blockHash: '0xb',
    transfers: transfers.map((transfer, logIndex) => ({
      asset: 'ETH',
      from: '0xb',
      txHash: '0xt',
      logIndex,
      ...transfer,
    })),
  }
}

test('what fills ledger units is credited and the rest is carried', () => {
  const { credits, dust } = creditsOf(batchOf([{ to: '0xa16', amount: 3n * UNIT + 7n }]), {}, deps)
  assert.deepEqual(credits, [{ account: 16, asset: 'ETH', amount: 3, txHash: '0xt', logIndex: 0 }])
  assert.deepEqual(dust, { '16/ETH': '7' })
})

test('dust of two deposits fills a unit and is credited with the second', () => {
  const first = creditsOf(batchOf([{ to: '0xa16', amount: UNIT - 1n }]), {}, deps)
  assert.deepEqual(first.credits, [])
  const second = creditsOf(batchOf([{ to: '0xa16', amount: 1n }]), first.dust, deps)
  assert.equal(second.credits[0]?.amount, 1)
  assert.deepEqual(second.dust, {})
})

test('transfers to strangers and of unlisted tokens are no deposits', () => {
  const transfers = [
    { to: '0xb', amount: UNIT },
    { to: '0xa16', amount: UNIT, asset: 'DOGE' },
  ]
  assert.deepEqual(creditsOf(batchOf(transfers), {}, deps), { credits: [], dust: {} })
})

test('what is sent straight to custody is for nobody, a sweep is no news', () => {
  const transfers = [
    { to: '0xc', amount: 3n },
    { to: '0xc', amount: UNIT },
    { to: '0xc', amount: 7n * UNIT, from: '0xa16' },
  ]
  const { credits, dust } = creditsOf(batchOf(transfers), {}, deps)
  assert.deepEqual(credits, [])
  assert.deepEqual(dust, { 'custody/ETH': String(UNIT + 3n) })
  assert.equal(dustOf({ dust }, 'ETH'), UNIT + 3n)
})

test('credits and dust together are exactly what arrived, in any order of batches', () => {
  const transfer = fc.record({
    to: fc.constantFrom('0xa16', '0xa17'),
    amount: fc.bigInt({ min: 0n, max: 50n * UNIT }),
  })
  fc.assert(
    fc.property(fc.array(fc.array(transfer, { maxLength: 4 }), { maxLength: 8 }), (batches) => {
      let dust: ChainRow['dust'] = {}
      let credited = 0n
      for (const transfers of batches) {
        const result = creditsOf(batchOf(transfers), dust, deps)
        dust = result.dust
        for (const credit of result.credits) credited += BigInt(credit.amount) * UNIT
      }
      const arrived = batches.flat().reduce((sum, { amount }) => sum + amount, 0n)
      assert.equal(credited + dustOf({ dust }, 'ETH'), arrived)
      for (const rest of Object.values(dust)) assert.ok(BigInt(rest) < UNIT)
    }),
  )
})
