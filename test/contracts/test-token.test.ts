// The test tokens as wallets meet them: over JSON-RPC, with the events that credits are made of.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BrowserProvider, Contract, ContractFactory } from 'ethers'
import { network } from 'hardhat'
import { readArtifact } from '#connectors/evm/artifacts.ts'

const { provider } = await network.create()
const chain = new BrowserProvider(provider, 31_337, { cacheTimeout: -1 })
const owner = await chain.getSigner(0)
const other = await chain.getSigner(1)

async function deployToken(decimals: number) {
  const { abi, bytecode } = readArtifact('TestToken')
  const factory = new ContractFactory([...abi], bytecode, owner)
  const token = await factory.deploy('Wrapped BTC (test)', 'WBTC', decimals)
  await token.waitForDeployment()
  return new Contract(await token.getAddress(), [...abi], owner)
}

test('name, symbol and decimals are what wallets show', async () => {
  const token = await deployToken(8)
  const shown = [token.getFunction('name'), token.getFunction('symbol')].map((read) => read())
  assert.deepEqual(await Promise.all(shown), ['Wrapped BTC (test)', 'WBTC'])
  assert.equal(await token.getFunction('decimals')(), 8n)
})

test('a mint tells a transfer from nobody, as every new token must', async () => {
  const token = await deployToken(8)
  const sent = await token.getFunction('mint')(other.address, 5n)
  const receipt = await sent.wait()
  const [log] = receipt.logs
  assert.equal(log.eventName, 'Transfer')
  assert.deepEqual([...log.args], [`0x${'0'.repeat(40)}`, other.address, 5n])
})

test('a stranger cannot mint', async () => {
  const token = await deployToken(8)
  const stolen = token.connect(other)
  // The first bytes of OwnableUnauthorizedAccount(address).
  await assert.rejects(stolen.getFunction('mint')(other.address, 1n), /0x118cdaa7/)
})
