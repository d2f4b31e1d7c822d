// What the executor's orders cost, held to the unit against the committed test/contracts/gas.json.
//
// After a change that is meant: CROSSBOOK_WRITE_GAS=1 npm test -- contracts/gas, and commit the
// file. Blocks have given times and every account and pool has been used before, so nothing but the
// contracts and the compiler decides.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { approveCall } from '#connectors/evm/erc20.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { GAS_APPROVAL, GAS_BASE, GAS_TICK, GAS_V2, GAS_V3 } from '#connectors/evm/pools/quoting.ts'
import { read } from '#connectors/evm/provider.ts'
import { fields, index, list, text } from '#connectors/evm/quantity.ts'
import { arbitrageCall, swapCall } from '#connectors/evm/swap-executor.ts'
import { readV3Pool } from '#connectors/evm/uniswap-v3/pool-state.ts'
import { swap } from '#connectors/evm/uniswap-v3/swap-maths.ts'
import { type Call, createSender } from '#scripts/chain/sender.ts'
import { ETH, startDexChain, USDC } from '#test/connectors/evm/dev-chain.ts'

const FILE = new URL('./gas.json', import.meta.url)
const START = 4_000_000_000
const SECONDS_A_BLOCK = 12

const { rpc, keys, deployment } = await startDexChain()
const { executor, v3 } = deployment
const [usdc = '', weth = '', wbtc = ''] = ['USDC', 'ETH', 'BTC'].map(
  (asset) => tokenOf(deployment, asset).address,
)
const pair = (market: string) => deployment.pairs[market]?.address ?? ''
const pool = (name: string) => v3.pools[name]?.address ?? ''
const bot = await createSender(rpc, { ...signer(), address: keys.address('bots', 0) })
let time = START

function signer() {
  const wallet = keys.wallet('bots', 0)
  return { signTransaction: wallet.signTransaction.bind(wallet) }
}

/** Sends in a block of its own, a given time after the one before; answers the gas used. */
async function send(call: Call): Promise<number> {
  time += SECONDS_A_BLOCK
  await read(rpc, 'evm_setNextBlockTimestamp', [time])
  await bot.send(call)
  await bot.settled()
  const block = fields(await read(rpc, 'eth_getBlockByNumber', ['latest', false]))
  const [hash] = list(block.transactions)
  const receipt = fields(await read(rpc, 'eth_getTransactionReceipt', [text(hash)]))
  return index(receipt.gasUsed)
}

async function swapGas(route: {
  readonly from: string
  readonly to: string
  readonly amountIn: bigint
  readonly pools: readonly string[]
}): Promise<number> {
  const { from: tokenIn, to: tokenOut, amountIn, pools } = route
  await send(approveCall(tokenIn, executor, amountIn))
  const deadline = time + 4 * SECONDS_A_BLOCK
  return send(swapCall(executor, { tokenIn, tokenOut, amountIn, minOut: 1n, deadline, pools }))
}

const dollars = { from: usdc, to: weth, amountIn: 1_000n * USDC }
const FAR = 450n * ETH
const TICKS = 3
const ether = { from: weth, to: wbtc, amountIn: ETH / 10n }

async function measure() {
  return {
    'swap: a pair of V2': await swapGas({ ...dollars, pools: [pair('ETH-USDC')] }),
    'swap: a pool of V3': await swapGas({ ...dollars, pools: [pool('ETH-USDC:500')] }),
    'swap: V2, V2': await swapGas({ ...ether, pools: [pair('ETH-USDC'), pair('BTC-USDC')] }),
    'swap: V3, V3': await swapGas({
      ...ether,
      pools: [pool('ETH-USDC:500'), pool('BTC-USDC:500')],
    }),
    'swap: V2, V3': await swapGas({ ...ether, pools: [pair('ETH-USDC'), pool('BTC-USDC:500')] }),
    'swap: V3, V2': await swapGas({ ...ether, pools: [pool('ETH-USDC:500'), pair('BTC-USDC')] }),
    'swap: three pools of V3': await swapGas({
      ...{ from: usdc, to: weth, amountIn: 1_000n * USDC },
      pools: [pool('ETH-USDC:500'), pool('ETH-USDC:3000'), pool('ETH-USDC:100')],
    }),
    'arbitrage: V3, V2': await arbitrageGas(),
    approval: await approvalGas(),
    [`swap: a pool of V3 over ${TICKS} ticks`]: await gasOverTicks(),
  }
}

/** As every order has one: from nothing to an exact amount, which a swap uses up. */
async function approvalGas(): Promise<number> {
  const { from: tokenIn, to: tokenOut, amountIn } = dollars
  const used = await send(approveCall(tokenIn, executor, amountIn))
  const deadline = time + 4 * SECONDS_A_BLOCK
  const pools = [pair('ETH-USDC')]
  await send(swapCall(executor, { tokenIn, tokenOut, amountIn, minOut: 1n, deadline, pools }))
  return used
}

async function gasOverTicks(): Promise<number> {
  const { crossed, used } = await overTicks()
  assert.equal(crossed, TICKS, 'the name of the figure')
  return used
}

/** Swaps until ticks are crossed, and back, so that the next time is the same. */
async function overTicks() {
  const address = pool('ETH-USDC:100')
  const tickPool = { address, feePips: 100n, tickSpacing: 1 }
  const state = await readV3Pool(rpc, tickPool, (await readHead(rpc, 'latest')).hash)
  const way = weth.toLowerCase() < usdc.toLowerCase() ? 'down' : 'up'
  const { crossed, amountOut } = swap(state, { way, exact: 'in', amount: FAR })
  const used = await swapGas({ from: weth, to: usdc, amountIn: FAR, pools: [address] })
  await swapGas({ from: usdc, to: weth, amountIn: amountOut, pools: [address] })
  return { crossed, used }
}

async function arbitrageGas(): Promise<number> {
  await swapGas({ ...dollars, amountIn: 200_000n * USDC, pools: [pair('ETH-USDC')] })
  const amountIn = 5_000n * USDC
  await send(approveCall(usdc, executor, amountIn))
  const pools = [pool('ETH-USDC:500'), pair('ETH-USDC')]
  const deadline = time + 4 * SECONDS_A_BLOCK
  return send(arbitrageCall(executor, { token: usdc, amountIn, minProfit: 1n, deadline, pools }))
}

test('every order costs what the committed snapshot says', async () => {
  // Once before: from the second time on, no slot of a pool or an account is new any more.
  await measure()
  const measured = await measure()
  if (process.env.CROSSBOOK_WRITE_GAS === '1') {
    writeFileSync(FILE, `${JSON.stringify(measured, undefined, 2)}\n`)
  }
  assert.deepEqual(measured, JSON.parse(readFileSync(FILE, 'utf8')))
})

test('what routes are compared by is within a twentieth of what was measured', () => {
  const measured: Readonly<Record<string, number>> = JSON.parse(readFileSync(FILE, 'utf8'))
  const estimates: Readonly<Record<string, bigint>> = {
    'swap: a pair of V2': GAS_BASE + GAS_V2,
    'swap: a pool of V3': GAS_BASE + GAS_V3,
    'swap: V2, V2': GAS_BASE + 2n * GAS_V2,
    'swap: V3, V3': GAS_BASE + 2n * GAS_V3,
    'swap: V2, V3': GAS_BASE + GAS_V2 + GAS_V3,
    'swap: V3, V2': GAS_BASE + GAS_V2 + GAS_V3,
    'swap: three pools of V3': GAS_BASE + 3n * GAS_V3,
    [`swap: a pool of V3 over ${TICKS} ticks`]: GAS_BASE + GAS_V3 + BigInt(TICKS) * GAS_TICK,
    approval: GAS_APPROVAL,
  }
  for (const [order, gas] of Object.entries(estimates)) {
    const off = Number(gas) / (measured[order] ?? 0) - 1
    assert.ok(Math.abs(off) < 0.05, `${order}: ${(100 * off).toFixed(1)} % off`)
  }
})

test('what a round is counted with is no less than what it was measured to use', () => {
  const measured: Readonly<Record<string, number>> = JSON.parse(readFileSync(FILE, 'utf8'))
  const more = Number(GAS_BASE + GAS_V2 + GAS_V3) / (measured['arbitrage: V3, V2'] ?? 0) - 1
  assert.ok(more >= 0 && more < 0.1, `${(100 * more).toFixed(1)} % more`)
})
