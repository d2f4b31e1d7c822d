// Keys: one mnemonic, branches that say nothing about each other, addresses that never change.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HDNodeWallet, recoverAddress, Transaction } from 'ethers'
import { BRANCHES, createKeys } from '#connectors/evm/keys.ts'
import { FORKS } from '#connectors/evm/uniswap-v2/forks.ts'
import { pairAddress } from '#connectors/evm/uniswap-v2/pair-address.ts'

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

test('the accounts of a mnemonic are those of its standard paths', () => {
  const keys = createKeys(MNEMONIC)
  for (const [number, branch] of BRANCHES.entries()) {
    const path = `m/44'/60'/${number}'/0/3`
    const expected = HDNodeWallet.fromPhrase(MNEMONIC, undefined, path).address
    assert.equal(keys.address(branch, 3), expected)
  }
})

test('no two accounts are the same', () => {
  const keys = createKeys(MNEMONIC)
  const all = BRANCHES.flatMap((branch) => [0, 1, 2].map((index) => keys.address(branch, index)))
  assert.equal(new Set(all).size, all.length)
})

test('a wallet signs for its address', async () => {
  const wallet = createKeys(MNEMONIC).wallet('custody', 0)
  const raw = await wallet.signTransaction({ to: wallet.address, nonce: 0, chainId: 1, type: 2 })
  const { unsignedHash, signature } = Transaction.from(raw)
  assert.equal(recoverAddress(unsignedHash, signature ?? ''), wallet.address)
})

test('a mnemonic with a wrong word is refused', () => {
  assert.throws(() => createKeys(MNEMONIC.replace('yellow', 'winner')))
})

test('the table of forks gives the pairs that stand on the main chains', () => {
  const known = [
    // WETH/USDC of Uniswap V2 and SushiSwap on Ethereum, WBNB/BUSD of PancakeSwap on BNB Chain.
    ['uniswap-v2', WETH, USDC, '0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc'],
    ['sushiswap', WETH, USDC, '0x397FF1542f962076d0BFE58eA045FfA2d347ACa0'],
    ['pancakeswap-v2', WBNB, BUSD, '0x58F876857a02D6762E0101bb5C46A8c1ED44Dc16'],
  ] as const
  for (const [name, base, quote, address] of known) {
    const fork = FORKS.find((row) => row.name === name)
    assert.ok(fork !== undefined)
    assert.equal(pairAddress(fork, { base, quote }).address, address)
  }
})

const WETH = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
const USDC = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const WBNB = '0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c'
const BUSD = '0xe9e7CEA3DedcA5984780Bafc599bD69ADd087D56'
