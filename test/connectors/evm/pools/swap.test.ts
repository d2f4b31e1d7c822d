// Swaps through SwapExecutor: bounds and deadlines hold on chain, an id swaps once.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createBalanceReader } from '#connectors/evm/balances.ts'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { readAllowance } from '#connectors/evm/erc20.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { createNonceQueue } from '#connectors/evm/nonce-queue.ts'
import { createSwapper, type SwapRequest } from '#connectors/evm/pools/swap.ts'
import { createRpc } from '#connectors/evm/provider.ts'
import type { Intent } from '#connectors/evm/signing.ts'
import { createMemoryStore } from '#connectors/evm/transaction-store.ts'
import { localFork } from '#connectors/evm/uniswap-v2/forks.ts'
import { getAmountOut } from '#connectors/evm/uniswap-v2/maths.ts'
import { readReserves } from '#connectors/evm/uniswap-v2/pool-state.ts'
import { startDevChain, USDC } from '../dev-chain.ts'
import { type Fault, startFaultyProxy } from '../faulty-proxy.ts'
import { signsAnything } from '../signers.ts'
import { createRandomTrades } from './random-trades.ts'

const { chain, rpc, control, keys, deployment } = await startDevChain()
const proxy = await startFaultyProxy(chain.url)
const fork = localFork(deployment)
const { executor } = deployment
const weth = tokenOf(deployment, 'ETH').address
const usdc = tokenOf(deployment, 'USDC').address
const pair = deployment.pairs['ETH-USDC']?.address ?? ''
const baseIsToken0 = deployment.pairs['ETH-USDC']?.baseIsToken0 ?? true
const owner = keys.address('bots', 0)
const readBalances = createBalanceReader(rpc)
const FIXED_GAS = { gasLimit: 300_000n }

type Options = { readonly gasLimit?: bigint; readonly patienceMs?: number }

function swapper(t: TestContext, { gasLimit, patienceMs = 60_000 }: Options = {}) {
  proxy.decide = () => 'pass'
  const faulty = createRpc({ url: proxy.url, chainId: 31_337, timeoutMs: 10_000 })
  const signer = signsAnything(keys.wallet('bots', 0))
  const store = createMemoryStore()
  const queue = createNonceQueue({ rpc: faulty, store, signer, patienceMs, pollMs: 20 })
  t.after(queue.close)
  if (gasLimit === undefined) return createSwapper({ rpc: faulty, queue, executor })
  // With a gas limit given nothing is estimated, so that a bad swap reaches its block.
  const submit = (intent: Intent) => queue.submit({ ...intent, gasLimit })
  return createSwapper({ rpc: faulty, queue: { ...queue, submit }, executor })
}

/** Reserves as a buyer of WETH sees them. */
async function buyerReserves() {
  const [first, second] = await readReserves(rpc, pair, await readHead(rpc, 'latest'))
  return baseIsToken0 ? { in: second, out: first } : { in: first, out: second }
}

async function holdings() {
  const queries = [usdc, weth].map((token) => ({ token, holder: owner }))
  const [quote = 0n, base = 0n] = await readBalances(
    queries,
    (await readHead(rpc, 'latest')).number,
  )
  return { quote, base }
}

type Amounts = Pick<SwapRequest, 'amountIn' | 'minOut'>

function buy(id: string, amounts: Amounts, deadlineSeconds = 60): SwapRequest {
  return { id, tokenIn: usdc, tokenOut: weth, pools: [pair], ...amounts, deadlineSeconds }
}

const exactIn = (amountIn: bigint, minOut: bigint): Amounts => ({ amountIn, minOut })

// Comes first: the pools were seeded in this very second, so the estimate sees no oracle write.
test("a pool's first oracle write after the estimate does not run out of gas", async (t) => {
  const trading = swapper(t)
  let sends = 0
  proxy.decide = async (method): Promise<Fault> => {
    if (method === 'eth_sendRawTransaction' && ++sends === 2) await control.advanceTime(1)
    return 'pass'
  }
  const outcome = await trading.swap(buy('first', exactIn(USDC, 1n)))
  assert.equal(outcome.kind, 'swapped')
})

test('an exact input gives exactly what the maths say, at that very bound', async (t) => {
  const before = await holdings()
  const amountIn = 10_000n * USDC
  const expected = getAmountOut(amountIn, await buyerReserves(), fork.fee)
  const outcome = await swapper(t).swap(buy('in', exactIn(amountIn, expected)))
  assert.ok(
    outcome.kind === 'swapped',
    JSON.stringify(outcome, (_, v) => String(v)),
  )
  assert.deepEqual([outcome.amountIn, outcome.amountOut], [amountIn, expected])
  const after = await holdings()
  assert.equal(before.quote - after.quote, amountIn)
  assert.equal(after.base - before.base, expected)
})

test('one unit more than the pool gives is refused before it is sent', async (t) => {
  const before = await holdings()
  const expected = getAmountOut(USDC, await buyerReserves(), fork.fee)
  const outcome = await swapper(t).swap(buy('greedy', exactIn(USDC, expected + 1n)))
  assert.ok(outcome.kind === 'refused' && outcome.code === 'swap.slippage')
  assert.deepEqual(await holdings(), before)
})

test('a bound that no longer holds when mined fails with its cause and its gas', async (t) => {
  const expected = getAmountOut(USDC, await buyerReserves(), fork.fee)
  const before = await holdings()
  const outcome = await swapper(t, FIXED_GAS).swap(buy('late-price', exactIn(USDC, expected + 1n)))
  assert.ok(outcome.kind === 'failed' && outcome.code === 'swap.slippage')
  assert.ok(outcome.gasWei > 0n)
  assert.deepEqual(await holdings(), before)
})

test('a deadline counts by the time of the block', async (t) => {
  const request = buy('too-late', exactIn(USDC, 1n), -1)
  const outcome = await swapper(t, FIXED_GAS).swap(request)
  assert.ok(outcome.kind === 'failed' && outcome.code === 'swap.deadline')
  const estimated = await swapper(t).swap({ ...request, id: 'too-late-2' })
  assert.ok(estimated.kind === 'refused' && estimated.code === 'swap.deadline')
})

test('the chain of another day still takes a swap: deadlines follow its clock', async (t) => {
  const mark = await control.snapshot()
  await control.advanceTime(86_400)
  await control.mine(1)
  const outcome = await swapper(t).swap(buy('tomorrow', exactIn(USDC, 1n)))
  assert.equal(outcome.kind, 'swapped')
  await control.revert(mark)
})

test('tokens one does not have are refused as funds', async (t) => {
  const outcome = await swapper(t).swap(buy('poor', exactIn(10n ** 30n, 1n)))
  assert.ok(
    outcome.kind === 'refused' && outcome.code === 'swap.funds',
    JSON.stringify(outcome.kind),
  )
})

test('an approval is exact and used up by its swap', async (t) => {
  await swapper(t).swap(buy('exact', exactIn(777n * USDC, 1n)))
  const at = { token: usdc, owner, spender: executor }
  assert.equal(await readAllowance(rpc, at), 0n)
})

test('the same id swaps once, also after the reply was lost', async (t) => {
  const before = await holdings()
  const trading = swapper(t)
  let lost = 1
  proxy.decide = (method, count) => {
    if (method !== 'eth_sendRawTransaction' || count % 2 === 0 || lost-- <= 0) return 'pass'
    return 'lose-reply'
  }
  const request = buy('once', exactIn(5n * USDC, 1n))
  const both = await Promise.all([trading.swap(request), trading.swap(request)])
  const later = await trading.swap({ ...request, deadlineSeconds: 90 })
  assert.deepEqual(
    [...both, later].map(({ kind }) => kind),
    ['swapped', 'swapped', 'swapped'],
  )
  assert.equal(before.quote - (await holdings()).quote, 5n * USDC)
})

test('while nobody answers a swap is unknown, and asking again finds it', async (t) => {
  const trading = swapper(t, { patienceMs: 1_500 })
  const before = await holdings()
  let sends = 0
  proxy.decide = (method) => {
    if (method === 'eth_sendRawTransaction') sends++
    return sends >= 2 ? 'lose-reply' : 'pass'
  }
  const request = buy('unknown', exactIn(6n * USDC, 1n))
  assert.equal((await trading.swap(request)).kind, 'unknown')
  proxy.decide = () => 'pass'
  let again = await trading.swap(request)
  while (again.kind === 'unknown') again = await trading.swap(request)
  assert.equal(again.kind, 'swapped')
  assert.equal((await trading.outcome('unknown')).kind, 'swapped')
  assert.equal(before.quote - (await holdings()).quote, 6n * USDC)
})

test('a pool that moved under a swap never gives less than its bound', async (t) => {
  const others = await createRandomTrades({
    rpc,
    signer: keys.wallet('bots', 1),
    deployment,
    seed: 31,
  })
  const trading = swapper(t, FIXED_GAS)
  for (let round = 0; round < 12; round++) {
    const minOut = getAmountOut(50n * USDC, await buyerReserves(), fork.fee)
    await others.one()
    const outcome = await trading.swap(buy(`race-${round}`, exactIn(50n * USDC, minOut)))
    if (outcome.kind === 'swapped') assert.ok(outcome.amountOut >= minOut)
    else assert.match(JSON.stringify(outcome, asText), /"failed",.*"swap\.slippage"/)
  }
})

/** For messages: bigints as text. */
function asText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
