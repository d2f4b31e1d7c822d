// Transfers and balances: every token that arrives is told once, sums are those of one block.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type BalanceQuery, createBalanceReader, NATIVE } from '#connectors/evm/balances.ts'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { transferCall } from '#connectors/evm/erc20.ts'
import { createHeads, type Head, readHead } from '#connectors/evm/heads.ts'
import { ChainUnavailable } from '#connectors/evm/provider.ts'
import { readReceipt } from '#connectors/evm/receipts.ts'
import {
  readTransfers,
  type Transfer,
  type TransferBatch,
  watchTransfers,
} from '#connectors/evm/transfers.ts'
import { createSender } from '#scripts/chain/sender.ts'
import { BTC, ETH, startDevChain, USDC } from './dev-chain.ts'

const { rpc, control, keys, deployment } = await startDevChain()
const [usdc, wbtc, weth] = ['USDC', 'BTC', 'ETH'].map((asset) => tokenOf(deployment, asset).address)
const tokens = [usdc, wbtc, weth].filter((address) => address !== undefined)
const payer = keys.wallet('bots', 0)
const deposits = [0, 1, 2].map((index) => keys.address('deposits', index))
const readBalances = createBalanceReader(rpc)

async function pay(
  payments: readonly (readonly [token: string | undefined, to: number, bigint])[],
) {
  const sender = await createSender(rpc, payer)
  for (const [token = '', to, amount] of payments) {
    await sender.send(transferCall(token, deposits[to] ?? '', amount))
  }
  await sender.settled()
}

const newest = async () => (await readHead(rpc, 'latest')).number
const inShort = ({ to, amount }: Transfer) => [deposits.findIndex(same(to)), amount]
const same = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase()

async function watch(t: TestContext, onBatch: (batch: TransferBatch) => Promise<void>) {
  const heads = createHeads({ rpc })
  const broken: Head[] = []
  const fromBlock = (await newest()) + 1
  const recipients = () => deposits
  const onBroken = (lost: Head) => broken.push(lost)
  const finality = 'mined'
  t.after(
    watchTransfers({ rpc, heads, finality, tokens, recipients, fromBlock, onBatch, onBroken }),
  )
  return { heads, broken }
}

test('transfers to watched addresses come in the order of the chain, others do not', async () => {
  const fromBlock = (await newest()) + 1
  await pay([
    [usdc, 0, 5n * USDC],
    [weth, 1, 2n * ETH],
    [wbtc, 2, BTC],
    [usdc, 0, 0n],
  ])
  const recipients = deposits.slice(0, 2)
  const query = { tokens, recipients, fromBlock, toBlock: await newest() }
  const transfers = await readTransfers(rpc, query)
  assert.deepEqual(transfers.map(inShort), [
    [0, 5n * USDC],
    [1, 2n * ETH],
    [0, 0n],
  ])
  const [first] = transfers
  assert.equal(first?.token, usdc?.toLowerCase())
  assert.equal(first?.from, payer.address.toLowerCase())
  const receipt = await readReceipt(rpc, first?.transactionHash ?? '')
  assert.equal(receipt?.blockHash, first?.blockHash)
})

test('more recipients than a filter takes give the same transfers', async () => {
  const many = Array.from({ length: 300 }, (_, index) => keys.address('swappers', index))
  const range = { tokens, fromBlock: 0, toBlock: await newest() }
  const few = await readTransfers(rpc, { ...range, recipients: deposits })
  const all = await readTransfers(rpc, { ...range, recipients: [...many, ...deposits] })
  assert.ok(few.length > 0)
  assert.deepEqual(all, few)
})

test('a watch hands over each block once, empty ones too', async (t) => {
  const batches: TransferBatch[] = []
  const { heads } = await watch(t, async (batch) => void batches.push(batch))
  await pay([[usdc, 0, 1n * USDC]])
  await heads.refresh()
  await heads.refresh()
  await control.mine(3)
  await pay([
    [usdc, 1, 2n * USDC],
    [usdc, 2, 3n * USDC],
  ])
  await heads.refresh()
  const told = batches.flatMap(({ transfers }) => transfers.map(inShort))
  assert.deepEqual(told, [
    [0, 1n * USDC],
    [1, 2n * USDC],
    [2, 3n * USDC],
  ])
  assert.equal(batches[1]?.fromBlock, (batches[0]?.toBlock ?? 0) + 1)
  assert.equal(batches[1]?.head.number, await newest())
})

test('a batch that could not be kept comes again, whole', async (t) => {
  const batches: TransferBatch[] = []
  const { heads } = await watch(t, async (batch) => {
    batches.push(batch)
    if (batches.length === 1) throw new ChainUnavailable('the credit could not be written')
  })
  await pay([[usdc, 0, 1n * USDC]])
  await assert.rejects(heads.refresh())
  await heads.refresh()
  assert.equal(batches.length, 2)
  assert.deepEqual(batches[1], batches[0])
})

test('a chain that lost a final block is told and nothing is handed over any more', async (t) => {
  const batches: TransferBatch[] = []
  const { heads, broken } = await watch(t, async (batch) => void batches.push(batch))
  const mark = await control.snapshot()
  await pay([[usdc, 0, 1n * USDC]])
  await heads.refresh()
  await control.revert(mark)
  await pay([[usdc, 0, 2n * USDC]])
  await heads.refresh()
  assert.equal(batches.length, 1)
  assert.equal(broken.length, 1)
})

test('balances of many holders and native ETH are read at one block, past ones too', async () => {
  const queries: BalanceQuery[] = deposits.flatMap((holder) => [
    { token: usdc ?? '', holder },
    { token: NATIVE, holder },
  ])
  const block = await newest()
  const before = await readBalances(queries, block)
  await control.mine(1) // The new balance belongs to the newest block, not to the one read above.
  await control.setBalance(deposits[1] ?? '', 7n * ETH)
  await pay([[usdc, 2, 9n * USDC]])
  const head = await readHead(rpc, 'latest')
  const after = await readBalances(queries, head.hash)
  assert.deepEqual(await readBalances(queries, block), before)
  assert.deepEqual(await readBalances(queries, head.number), after)
  assert.equal(after[3], 7n * ETH)
  assert.equal((after[4] ?? 0n) - (before[4] ?? 0n), 9n * USDC)
})

test('a thousand balances are as many answers', async () => {
  const queries = Array.from({ length: 1_000 }, (_, index) => {
    return { token: usdc ?? '', holder: keys.address('swappers', index % 50) }
  })
  queries.push({ token: usdc ?? '', holder: payer.address })
  const balances = await readBalances(queries, await newest())
  assert.equal(balances.length, 1_001)
  assert.ok((balances[1_000] ?? 0n) > 0n)
})

test('a token that does not answer fails the read', async () => {
  const queries = [{ token: payer.address, holder: payer.address }]
  await assert.rejects(readBalances(queries, await newest()), { name: 'ChainUnavailable' })
})

test('the gas a sender pays is what the miner earns and what is burnt', async () => {
  const miner = String(Object(await rpc.ask('eth_coinbase', [])).result)
  const queries = [payer.address, miner].map((holder) => ({ token: NATIVE, holder }))
  const before = await readBalances(queries, await newest())
  const fromBlock = (await newest()) + 1
  await pay([[usdc, 0, 1n]])
  const [transfer] = await readTransfers(rpc, {
    tokens,
    recipients: deposits,
    fromBlock,
    toBlock: await newest(),
  })
  const receipt = await readReceipt(rpc, transfer?.transactionHash ?? '')
  const after = await readBalances(queries, await newest())
  const head = await readHead(rpc, receipt?.blockNumber ?? 0)
  const burnt = (receipt?.gasUsed ?? 0n) * head.baseFeePerGas
  const [paid = 0n, earned = 0n] = after.map((wei, at) => wei - (before[at] ?? 0n))
  assert.equal(paid, -(receipt?.gasWei ?? 0n))
  assert.equal(paid + earned + burnt, 0n)
})
