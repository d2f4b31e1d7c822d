// Pool states kept from logs: equal to the pools themselves after every kind of block.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHeads } from '#connectors/evm/heads.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import { createPoolStates, readReserves } from '#connectors/evm/uniswap-v2/pool-state.ts'

import { ETH, startDevChain, USDC } from '../dev-chain.ts'
import { createRandomSwaps } from './random-swaps.ts'

const { rpc, control, keys, deployment } = await startDevChain()
const pools = Object.values(deployment.pairs)
const signer = keys.wallet('bots', 0)

const swaps = await createRandomSwaps({ rpc, signer, deployment, seed: 21 })

function watch(t: { after(end: () => void): void }, through: Rpc = rpc) {
  const heads = createHeads({ rpc: through })
  const states = createPoolStates({ rpc: through, heads, pools, checkEveryBlocks: 10 })
  t.after(states.close)
  return { heads, states }
}

async function assertEqualToPools({ heads, states }: ReturnType<typeof watch>) {
  const head = await heads.refresh()
  for (const { market, address, baseIsToken0 } of pools) {
    const [first, second] = await readReserves(rpc, address, head)
    const state = states.get(market)
    const [base, quote] = baseIsToken0 ? [first, second] : [second, first]
    assert.deepEqual([state?.reserveBase, state?.reserveQuote], [base, quote], market)
    assert.equal(state?.head.hash, head.hash)
  }
}

test('pools seeded at a price are read at that price', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  const eth = watched.states.get('ETH-USDC')
  assert.equal(eth?.reserveQuote, 2_500_000n * USDC)
  assert.equal(eth?.reserveBase, 1_000n * ETH)
})

test('after each of 60 random swaps the logs tell what the pools hold', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  for (let round = 0; round < 60; round++) {
    await swaps.one()
    await assertEqualToPools(watched)
  }
  assert.deepEqual(watched.states.counts(), { rereads: 1, differences: 0 })
})

test('many blocks between two polls are one step', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  for (let round = 0; round < 25; round++) await swaps.one()
  await control.mine(5)
  await assertEqualToPools(watched)
  assert.deepEqual(watched.states.counts(), { rereads: 1, differences: 0 })
})

test('a reorganisation to a longer chain makes the pools be read again', async (t) => {
  const watched = watch(t)
  const mark = await control.snapshot()
  await swaps.one()
  await assertEqualToPools(watched)
  await control.revert(mark)
  await swaps.rewind()
  for (let round = 0; round < 3; round++) await swaps.one()
  await assertEqualToPools(watched)
  assert.equal(watched.states.counts().rereads, 2)
})

test('a reorganisation that is one block longer is seen by its parent', async (t) => {
  const watched = watch(t)
  const mark = await control.snapshot()
  await swaps.one()
  await assertEqualToPools(watched)
  await control.revert(mark)
  await swaps.rewind()
  for (let round = 0; round < 2; round++) await swaps.one()
  await assertEqualToPools(watched)
  assert.equal(watched.states.counts().rereads, 2)
})

test('a chain that goes back and stays shorter is noticed', async (t) => {
  const watched = watch(t)
  const mark = await control.snapshot()
  for (let round = 0; round < 3; round++) await swaps.one()
  await assertEqualToPools(watched)
  await control.revert(mark)
  await swaps.rewind()
  await assertEqualToPools(watched)
  assert.equal(watched.states.counts().rereads, 2)
})

test('logs that a node withholds are found by the check against the pools', async (t) => {
  const withholding: Rpc = {
    chainId: rpc.chainId,
    ask: async (method, params) => {
      const answer = await rpc.ask(method, params)
      return method === 'eth_getLogs' ? { kind: 'ok', result: [] } : answer
    },
  }
  const watched = watch(t, withholding)
  await assertEqualToPools(watched)
  for (let round = 0; round < 10; round++) await swaps.one()
  await assertEqualToPools(watched)
  assert.ok(watched.states.counts().differences > 0)
})

test('a read that fails delays the state and skips nothing', async (t) => {
  let failing = false
  const shaky: Rpc = {
    chainId: rpc.chainId,
    ask: async (method, params) => {
      if (failing && method === 'eth_getLogs') return { kind: 'unknown', reason: 'cut' }
      return rpc.ask(method, params)
    },
  }
  const watched = watch(t, shaky)
  await assertEqualToPools(watched)
  failing = true
  await swaps.one()
  await assert.rejects(watched.heads.refresh(), { name: 'ChainUnavailable' })
  failing = false
  await assertEqualToPools(watched)
  assert.equal(watched.states.counts().rereads, 1)
})

test('a listener is told the present state at once and then changes only', async (t) => {
  const { heads, states } = watch(t)
  await heads.refresh()
  const told: string[] = []
  states.onChange((market) => told.push(market))
  assert.deepEqual(told.sort(), ['BTC-USDC', 'ETH-USDC'])
  await control.mine(2)
  await heads.refresh()
  assert.equal(told.length, 2)
  await swaps.one()
  await heads.refresh()
  assert.equal(told.length, 3)
})
