// The mirror of pools of V2 and V3: equal to the pools themselves after every kind of block.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHeads } from '#connectors/evm/heads.ts'
import { pairMarkets, v3Markets } from '#connectors/evm/pools/market.ts'
import { createPoolMirror } from '#connectors/evm/pools/mirror.ts'
import { reservesOf, sameState } from '#connectors/evm/pools/pool.ts'
import { readStates } from '#connectors/evm/pools/read-states.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import { ETH, startDexChain, USDC } from '../dev-chain.ts'
import { createRandomTrades } from './random-trades.ts'

const { rpc, control, keys, deployment } = await startDexChain()
const pairs = pairMarkets(deployment)
// Close ticks make many words, and every pool is read whole again and again here.
const v3 = v3Markets(deployment).filter(({ kind }) => kind.name === 'v3' && kind.tickSpacing > 10)
const pools = [...pairs, ...v3]
const signer = keys.wallet('bots', 0)

const swaps = await createRandomTrades({ rpc, signer, deployment, seed: 21, feeMin: 3_000 })

function watch(t: { after(end: () => void): void }, through: Rpc = rpc, checkEveryBlocks = 10) {
  const heads = createHeads({ rpc: through })
  const mirror = createPoolMirror({ rpc: through, heads, pools, checkEveryBlocks })
  t.after(mirror.close)
  return { heads, mirror }
}

async function assertEqualToPools({ heads, mirror }: ReturnType<typeof watch>) {
  const head = await heads.refresh()
  const states = await readStates(rpc, pools, head.hash)
  for (const { market } of pools) {
    const [at, state] = [mirror.get(market), states.get(market)]
    assert.ok(at !== undefined && state !== undefined)
    assert.ok(sameState(at.state, state), market)
    assert.equal(at.head.hash, head.hash)
  }
}

test('pools seeded at a price are read at that price', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  const [pair] = pairs.filter(({ market }) => market === 'ETH-USDC')
  const state = watched.mirror.get('ETH-USDC')?.state
  assert.ok(pair !== undefined && state?.kind === 'v2')
  const { reserveBase, reserveQuote } = reservesOf(pair, state)
  assert.deepEqual([reserveBase, reserveQuote], [1_000n * ETH, 2_500_000n * USDC])
})

test('after each of 60 random trades on V3 the logs tell what the pools hold', async (t) => {
  const watched = watch(t, rpc, 1_000)
  await assertEqualToPools(watched)
  for (let round = 0; round < 60; round++) {
    await swaps.oneOfV3()
    await assertEqualToPools(watched)
  }
  const nothing = { rereads: 1, rollbacks: 0, gaps: 0, differences: 0 }
  assert.deepEqual(watched.mirror.counts(), nothing)
})

test('after each of 60 random swaps the logs tell what the pools hold', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  for (let round = 0; round < 60; round++) {
    await swaps.one()
    await assertEqualToPools(watched)
  }
  assert.equal(watched.mirror.counts().differences, 0)
})

test('many blocks between two polls are one step', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  for (let round = 0; round < 25; round++) await swaps.one()
  await control.mine(5)
  await assertEqualToPools(watched)
  assert.equal(watched.mirror.counts().differences, 0)
})

test('a reorganisation to a longer chain is rolled back and followed by logs', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  const mark = await control.snapshot()
  await swaps.one()
  await assertEqualToPools(watched)
  await control.revert(mark)
  await swaps.rewind()
  for (let round = 0; round < 3; round++) await swaps.one()
  await assertEqualToPools(watched)
  const { rereads, rollbacks, gaps } = watched.mirror.counts()
  assert.deepEqual({ rereads, rollbacks, gaps }, { rereads: 1, rollbacks: 1, gaps: 0 })
})

test('a reorganisation that is one block longer is seen by its parent', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  const mark = await control.snapshot()
  await swaps.one()
  await assertEqualToPools(watched)
  await control.revert(mark)
  await swaps.rewind()
  for (let round = 0; round < 2; round++) await swaps.one()
  await assertEqualToPools(watched)
  const { rereads, rollbacks, gaps } = watched.mirror.counts()
  assert.deepEqual({ rereads, rollbacks, gaps }, { rereads: 1, rollbacks: 1, gaps: 0 })
})

test('a chain that goes back and stays shorter is noticed', async (t) => {
  const watched = watch(t)
  await assertEqualToPools(watched)
  const mark = await control.snapshot()
  for (let round = 0; round < 3; round++) await swaps.one()
  await assertEqualToPools(watched)
  await control.revert(mark)
  await swaps.rewind()
  await assertEqualToPools(watched)
  const { rereads, rollbacks, gaps } = watched.mirror.counts()
  assert.deepEqual({ rereads, rollbacks, gaps }, { rereads: 1, rollbacks: 1, gaps: 0 })
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
  assert.ok(watched.mirror.counts().differences > 0)
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
  assert.equal(watched.mirror.counts().rereads, 1)
})

test('a listener is told the present state at once and then changes only', async (t) => {
  const { heads, mirror } = watch(t)
  await heads.refresh()
  const told: string[] = []
  mirror.onChange((market) => told.push(market))
  assert.deepEqual(
    told,
    pools.map(({ market }) => market),
  )
  await control.mine(2)
  await heads.refresh()
  assert.equal(told.length, pools.length)
  await swaps.one()
  await heads.refresh()
  assert.equal(told.length, pools.length + 1)
})
