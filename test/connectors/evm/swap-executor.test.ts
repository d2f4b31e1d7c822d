// The executor's calls against the contract itself, on a chain with real pools of V2 and V3.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Interface } from 'ethers'
import { readArtifact } from '#connectors/evm/artifacts.ts'
import { createBalanceReader } from '#connectors/evm/balances.ts'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { approveCall, readAllowance } from '#connectors/evm/erc20.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { read } from '#connectors/evm/provider.ts'
import { text } from '#connectors/evm/quantity.ts'
import { readReceipt } from '#connectors/evm/receipts.ts'
import {
  arbitrageCall,
  DEADLINE_MAX_SECONDS,
  type ExecutorArbitrage,
  type ExecutorCall,
  type ExecutorSwap,
  executorError,
  HOPS_MAX,
  readCall,
  readExecuted,
  swapCall,
} from '#connectors/evm/swap-executor.ts'
import { createSender, type Sender } from '#scripts/chain/sender.ts'
import { ETH, startDexChain, USDC } from '#test/connectors/evm/dev-chain.ts'

/** Errors that no order meets. */
const OF_LISTINGS = /^(Ownable|NoSuchPool|FeeOutOfRange|ZeroAddress|SafeCast)/

const { rpc, keys, deployment } = await startDexChain()
const { executor, v3 } = deployment
const [usdc, weth, wbtc] = ['USDC', 'ETH', 'BTC'].map((asset) => tokenOf(deployment, asset).address)
const bot = await createSender(rpc, keys.wallet('bots', 0))
const stranger = await createSender(rpc, keys.wallet('bots', 3))
const balances = createBalanceReader(rpc)
const pairOf = (market: string) => deployment.pairs[market]?.address ?? ''
const poolOf = (name: string) => v3.pools[name]?.address ?? ''

async function holdings(holder: string) {
  const { number } = await readHead(rpc, 'latest')
  const tokens = [usdc, weth, wbtc].map((token = '') => ({ token, holder }))
  return balances(tokens, number)
}

async function deadline(seconds = 60) {
  return (await readHead(rpc, 'latest')).timestamp + seconds
}

async function order(changes: Partial<ExecutorSwap>): Promise<ExecutorSwap> {
  const ends = { tokenIn: usdc ?? '', tokenOut: weth ?? '' }
  const pools = [poolOf('ETH-USDC:500')]
  const amounts = { amountIn: 1_000n * USDC, minOut: 1n }
  return { ...ends, ...amounts, pools, deadline: await deadline(), ...changes }
}

/** Approves exactly the input and sends; answers the receipt of the call. */
async function send(by: Sender, call: ExecutorCall, tokenIn = usdc, amountIn = 1_000n * USDC) {
  await by.send(approveCall(tokenIn ?? '', executor, amountIn))
  const used = await by.send(call)
  const block = await read(rpc, 'eth_getBlockByNumber', ['latest', false])
  const [hash] = (block as { transactions: string[] }).transactions // of JSON-RPC
  const receipt = await readReceipt(rpc, hash ?? '')
  assert.ok(receipt !== undefined && used >= 0)
  return receipt
}

/** The name of the error that a call reverts with, as the node tells it. */
async function refusal(from: string, call: ExecutorCall): Promise<string | null> {
  const answer = await rpc.ask('eth_call', [{ from, ...call }, 'latest'])
  assert.equal(answer.kind, 'refused')
  return answer.kind === 'refused' ? executorError(answer.data ?? '0x') : null
}

test('a swap over any route pays exactly its input and gets what its log says', async () => {
  const routes = [
    { pools: [pairOf('ETH-USDC')] },
    { pools: [poolOf('ETH-USDC:500')] },
    { pools: [pairOf('ETH-USDC'), pairOf('BTC-USDC')], tokenIn: weth, tokenOut: wbtc },
    { pools: [poolOf('ETH-USDC:3000'), poolOf('BTC-USDC:500')], tokenIn: weth, tokenOut: wbtc },
    { pools: [poolOf('ETH-USDC:100'), pairOf('BTC-USDC')], tokenIn: weth, tokenOut: wbtc },
    { pools: [pairOf('ETH-USDC'), poolOf('BTC-USDC:10000')], tokenIn: weth, tokenOut: wbtc },
  ]
  for (const { pools, tokenIn = usdc, tokenOut = weth } of routes) {
    const amountIn = tokenIn === usdc ? 1_000n * USDC : ETH / 2n
    const swap = await order({ pools, tokenIn: tokenIn ?? '', tokenOut: tokenOut ?? '', amountIn })
    const before = await holdings(bot.address)
    const receipt = await send(bot, swapCall(executor, swap), tokenIn, amountIn)
    const executed = readExecuted(receipt.logs, executor)
    assert.equal(executed?.spent, amountIn)
    const after = await holdings(bot.address)
    const change = (token?: string) => {
      const at = [usdc, weth, wbtc].indexOf(token)
      return (after[at] ?? 0n) - (before[at] ?? 0n)
    }
    assert.deepEqual([change(tokenIn), change(tokenOut)], [-amountIn, executed?.received])
    assert.deepEqual(await holdings(executor), [0n, 0n, 0n])
    const at = { token: tokenIn ?? '', owner: bot.address, spender: executor }
    assert.equal(await readAllowance(rpc, at), 0n)
  }
})

test('an arbitrage between a pair and a pool keeps its profit, and its log has both', async () => {
  const push = await order({ amountIn: 100_000n * USDC, pools: [pairOf('ETH-USDC')] })
  await send(bot, swapCall(executor, push), usdc, push.amountIn)
  const round: ExecutorArbitrage = {
    ...{ token: usdc ?? '', amountIn: 10_000n * USDC, minProfit: 100n * USDC },
    ...{ deadline: await deadline(), pools: [poolOf('ETH-USDC:500'), pairOf('ETH-USDC')] },
  }
  const [before = 0n] = await holdings(bot.address)
  const receipt = await send(bot, arbitrageCall(executor, round), usdc, round.amountIn)
  const [after = 0n] = await holdings(bot.address)
  const executed = readExecuted(receipt.logs, executor)
  assert.ok(executed !== undefined && after - before >= round.minProfit)
  assert.equal(executed.received - executed.spent, after - before)
  // The other way round it would lose: nothing happens.
  await bot.send(approveCall(usdc ?? '', executor, round.amountIn))
  const back = { ...round, deadline: await deadline(), pools: [...round.pools].reverse() }
  assert.equal(await refusal(bot.address, arbitrageCall(executor, back)), 'ProfitTooLow')
})

test('a swap with a price limit stops there and leaves the rest with the caller', async () => {
  const pool = new Interface([...readArtifact('UniswapV3Pool').abi])
  const to = poolOf('BTC-USDC:3000')
  const asked = { to, data: pool.encodeFunctionData('slot0') }
  const answer = text(await read(rpc, 'eth_call', [asked, 'latest']))
  const [price] = pool.decodeFunctionResult('slot0', answer)
  // A hundredth of the price, in the direction of a sale of dollars.
  const rises = !v3.pools['BTC-USDC:3000']?.baseIsToken0
  const priceLimit = rises ? (price * 995n) / 1_000n : (price * 1_005n) / 1_000n
  const amountIn = 900_000n * USDC
  const swap = await order({ tokenOut: wbtc ?? '', amountIn, pools: [to], priceLimit })
  const [before = 0n] = await holdings(bot.address)
  const receipt = await send(bot, swapCall(executor, swap), usdc, amountIn)
  const { spent = 0n } = readExecuted(receipt.logs, executor) ?? {}
  const [after = 0n] = await holdings(bot.address)
  assert.ok(spent > 0n && spent < amountIn)
  assert.equal(before - after, spent)
  const at = { token: usdc ?? '', owner: bot.address, spender: executor }
  assert.equal(await readAllowance(rpc, at), amountIn - spent)
  await bot.send(approveCall(usdc ?? '', executor, 0n))
})

test('what the contract refuses is told by its name', async () => {
  await bot.send(approveCall(usdc ?? '', executor, 1_000n * USDC))
  const cases: [Partial<ExecutorSwap>, string][] = [
    [{ minOut: ETH }, 'OutputTooLow'],
    [{ deadline: 1 }, 'Expired'],
    [{ deadline: await deadline(DEADLINE_MAX_SECONDS + 60) }, 'DeadlineTooFar'],
    [{ pools: [executor] }, 'PoolNotListed'],
    [{ pools: [poolOf('BTC-USDC:500')] }, 'WrongEnd'],
    [{ priceLimit: 1n, pools: [pairOf('ETH-USDC')] }, 'LimitNeedsV3'],
  ]
  for (const [changes, name] of cases) {
    assert.equal(await refusal(bot.address, swapCall(executor, await order(changes))), name)
  }
  const swap = swapCall(executor, await order({}))
  assert.equal(await refusal(stranger.address, swap), 'NotAnOperator')
  assert.equal(executorError('0x12345678'), null)
})

test('a swap without a bound, of nothing or over too many pools is never encoded', async () => {
  const swap = await order({})
  const round = { token: usdc ?? '', amountIn: 1n, minProfit: 1n, deadline: 1 }
  const pools = (count: number) => Array.from({ length: count }, () => executor)
  assert.throws(() => swapCall(executor, { ...swap, minOut: 0n }), /least output/)
  assert.throws(() => swapCall(executor, { ...swap, amountIn: 0n }), /of nothing/)
  assert.throws(() => swapCall(executor, { ...swap, pools: [] }), /route of 0/)
  assert.throws(() => swapCall(executor, { ...swap, pools: pools(HOPS_MAX + 1) }), /route of 4/)
  const none = { ...round, minProfit: 0n, pools: pools(2) }
  assert.throws(() => arbitrageCall(executor, none), /least profit/)
  assert.throws(() => arbitrageCall(executor, { ...round, pools: pools(1) }), /route of 1/)
  for (const count of [1, HOPS_MAX - 1, HOPS_MAX]) {
    assert.ok(swapCall(executor, { ...swap, pools: pools(count) }))
  }
})

test('a signer reads back every encoded order, and nothing that has more to it', async () => {
  const swap = await order({ priceLimit: 7n })
  const { data } = swapCall(executor, swap)
  assert.deepEqual(readCall(data), { kind: 'swap', order: swap })
  const round = {
    ...{ token: usdc ?? '', amountIn: 5n, minProfit: 1n, deadline: 9 },
    pools: [poolOf('ETH-USDC:500'), pairOf('ETH-USDC')],
  }
  assert.deepEqual(readCall(arbitrageCall(executor, round).data), {
    kind: 'arbitrage',
    order: round,
  })
  assert.equal(readCall(`${data}00`), null)
  assert.equal(readCall(approveCall(usdc ?? '', executor, 1n).data ?? ''), null)
})

test('no log of the executor means that nothing was swapped', () => {
  assert.equal(readExecuted([], executor), undefined)
})

test('functions and errors are those of the compiled contract', async () => {
  const compiled = new Interface([...readArtifact('SwapExecutor').abi])
  const { data } = swapCall(executor, await order({}))
  assert.equal(compiled.parseTransaction({ data })?.name, 'swap')
  const names: string[] = []
  compiled.forEachError((error) => {
    const args = error.inputs.map(({ type }) => (type === 'address' ? executor : 0))
    names.push(error.name)
    assert.equal(
      executorError(compiled.encodeErrorResult(error, args)) === error.name,
      !OF_LISTINGS.test(error.name),
      error.name,
    )
  })
  assert.ok(names.length > 20)
})
