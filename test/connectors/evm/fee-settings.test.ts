// The file of a chain: what it says of gas, and that the example of mainnet names real pools.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { AbiCoder, getAddress, getCreate2Address, keccak256 } from 'ethers'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { type FeeSettings, readFees, USUAL_FEES } from '#connectors/evm/fee-settings.ts'
import { pairMarkets, v3Markets } from '#connectors/evm/pools/market.ts'
import { FORKS } from '#connectors/evm/uniswap-v2/forks.ts'
import { pairAddress } from '#connectors/evm/uniswap-v2/pair-address.ts'

const GWEI = 1_000_000_000n
const file = new URL('../../../docs/mainnet.json', import.meta.url)
const mainnet: Deployment = JSON.parse(readFileSync(file, 'utf8'))
const V3_INIT_HASH = '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54'

test('the usual fees are a tip of one gwei, a cap of 500, and 36 seconds', () => {
  const usual = { fees: { tipWei: GWEI, capWei: 500n * GWEI }, replaceAfterMs: 36_000 }
  assert.deepEqual(readFees(), usual)
  assert.deepEqual(readFees(mainnet.fees), usual)
})

test('fees are read to the wei', () => {
  const { fees, replaceAfterMs } = readFees({
    ...{ tipGwei: '0.000000001', capGwei: '0.000000001', replaceAfterSeconds: 1 },
  })
  assert.deepEqual([fees.tipWei, fees.capWei, replaceAfterMs], [1n, 1n, 1_000])
})

test('fees that make no sense are refused by name', () => {
  const wrong = (changes: Partial<FeeSettings>, what: RegExp) =>
    assert.throws(() => readFees({ ...USUAL_FEES, ...changes }), what)
  for (const text of ['', '0', '-1', '0.0000000001', '1e9']) {
    wrong({ tipGwei: text }, /tipGwei/)
    wrong({ capGwei: text }, /capGwei/)
  }
  wrong({ capGwei: '0.999999999' }, /below/)
  assert.equal(readFees({ ...USUAL_FEES, capGwei: '1' }).fees.capWei, GWEI)
  for (const seconds of [0, 0.5, 86_401, Number.NaN]) {
    wrong({ replaceAfterSeconds: seconds }, /replaceAfterSeconds/)
  }
  assert.equal(readFees({ ...USUAL_FEES, replaceAfterSeconds: 86_400 }).replaceAfterMs, 86_400_000)
})

test('every pool of the mainnet example is where its factory puts it', () => {
  const fork = FORKS.find(({ name }) => name === 'uniswap-v2')
  assert.ok(fork !== undefined)
  assert.deepEqual([mainnet.factory, mainnet.router], [fork.factory, fork.router])
  for (const { address, baseToken, quoteToken, baseIsToken0 } of pairMarkets(mainnet)) {
    const at = pairAddress(fork, { base: baseToken.address, quote: quoteToken.address })
    assert.deepEqual({ address, baseIsToken0 }, at)
  }
  for (const { address, baseToken, quoteToken, baseIsToken0, kind } of v3Markets(mainnet)) {
    const [first, second] = baseIsToken0 ? [baseToken, quoteToken] : [quoteToken, baseToken]
    assert.ok(kind.name === 'v3' && BigInt(first.address) < BigInt(second.address))
    const coder = AbiCoder.defaultAbiCoder()
    const words = [first.address, second.address, kind.feePips]
    const salt = keccak256(coder.encode(['address', 'address', 'uint24'], words))
    assert.equal(getCreate2Address(mainnet.v3.factory, salt, V3_INIT_HASH), address)
  }
  for (const [address] of readFileSync(file, 'utf8').matchAll(/0x[0-9a-fA-F]{40}(?=")/g)) {
    assert.equal(getAddress(address), address)
  }
})
