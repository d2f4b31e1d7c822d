// The nonce queue against a real chain behind a proxy that loses, refuses and keeps silent.
//
// What counts is the chain: each test ends by asking it how often the money moved.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createBalanceReader } from '#connectors/evm/balances.ts'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { transferCall } from '#connectors/evm/erc20.ts'
import { createNonceQueue } from '#connectors/evm/nonce-queue.ts'
import { createRpc, type Rpc, read } from '#connectors/evm/provider.ts'
import type { SendOutcome } from '#connectors/evm/send-outcome.ts'
import { botPolicy } from '#connectors/evm/signer/bot-policy.ts'
import { createSigner } from '#connectors/evm/signer/signer.ts'
import {
  createFileStore,
  createMemoryStore,
  type TransactionStore,
} from '#connectors/evm/transaction-store.ts'
import { startDevChain, USDC } from './dev-chain.ts'
import { startFaultyProxy } from './faulty-proxy.ts'
import { signsAnything } from './signers.ts'

const { chain, rpc, control, keys, deployment } = await startDevChain()
const proxy = await startFaultyProxy(chain.url)
const usdc = tokenOf(deployment, 'USDC').address
const readBalances = createBalanceReader(rpc)
const PAYEES = { next: 0 }

type Scene = {
  readonly store?: TransactionStore
  /** How long an answer to a send is waited for: short where none comes. */
  readonly sendTimeoutMs?: number
  readonly patienceMs?: number
}

/** Bot 0's queue over the proxy, with a payee nobody has paid before. */
function scene(t: { after(end: () => void): void }, options: Scene = {}) {
  const { store = createMemoryStore(), sendTimeoutMs = 10_000, patienceMs = 60_000 } = options
  proxy.decide = () => 'pass'
  const through = (timeoutMs: number) => createRpc({ url: proxy.url, chainId: 31_337, timeoutMs })
  const [sender, reader] = [through(sendTimeoutMs), through(10_000)]
  const ask: Rpc['ask'] = (method, params) =>
    (method === 'eth_sendRawTransaction' ? sender : reader).ask(method, params)
  const faulty = { chainId: reader.chainId, ask }
  const signer = signsAnything(keys.wallet('bots', 0))
  const open = () => {
    const queue = createNonceQueue({ rpc: faulty, store, signer, patienceMs, pollMs: 20 })
    t.after(queue.close)
    return queue
  }
  const payee = keys.address('deposits', PAYEES.next++)
  const pay = (id: string, amount = USDC) => ({ id, ...transferCall(usdc, payee, amount) })
  return { open, pay, store, signer, received: () => received(payee) }
}

async function received(holder: string): Promise<bigint> {
  const number = Number(await read(rpc, 'eth_blockNumber', []))
  return (await readBalances([{ token: usdc, holder }], number))[0] ?? 0n
}

async function nonceOf(address: string): Promise<number> {
  return Number(await read(rpc, 'eth_getTransactionCount', [address, 'latest']))
}

const sends = (fault: 'lose-request' | 'lose-reply' | 'silence' | 'refuse', until: number) => {
  return (method: string) => {
    if (method !== 'eth_sendRawTransaction' || until-- <= 0) return 'pass'
    return fault
  }
}

const kinds = (outcomes: readonly SendOutcome[]) => outcomes.map(({ kind }) => kind)

test('an intent is mined once and its receipt tells what its gas cost', async (t) => {
  const { open, pay, received } = scene(t)
  const outcome = await open().submit(pay('a'))
  assert.equal(outcome.kind, 'mined')
  assert.ok(outcome.kind === 'mined' && outcome.receipt.gasWei > 21_000n)
  assert.equal(await received(), USDC)
})

test('twenty intents at once are mined in a row without a gap', async (t) => {
  const { open, pay, signer, received } = scene(t)
  const before = await nonceOf(signer.address)
  const queue = open()
  const ids = Array.from({ length: 20 }, (_, index) => `row-${index}`)
  const outcomes = await Promise.all(ids.map((id) => queue.submit(pay(id))))
  assert.deepEqual(new Set(kinds(outcomes)), new Set(['mined']))
  assert.equal(await nonceOf(signer.address), before + 20)
  assert.equal(await received(), 20n * USDC)
})

test('the same id gives the same answer and moves nothing twice', async (t) => {
  const { open, pay, received } = scene(t)
  const queue = open()
  const both = await Promise.all([queue.submit(pay('twice')), queue.submit(pay('twice'))])
  const later = await queue.submit(pay('twice'))
  assert.deepEqual(kinds([...both, later]), ['mined', 'mined', 'mined'])
  assert.equal(await received(), USDC)
})

test('the same id with another body is refused', async (t) => {
  const { open, pay, received } = scene(t)
  const queue = open()
  await queue.submit(pay('body', USDC))
  const other = await queue.submit(pay('body', 2n * USDC))
  assert.ok(other.kind === 'rejected' && other.cause === 'id_reused')
  assert.equal(await received(), USDC)
})

test('a call that would revert is refused before it is signed', async (t) => {
  const { open, pay, store, signer } = scene(t)
  const before = await nonceOf(signer.address)
  const outcome = await open().submit(pay('too-much', 10n ** 30n))
  assert.ok(outcome.kind === 'rejected' && outcome.cause === 'would_revert')
  assert.equal(await store.find('too-much'), undefined)
  assert.equal(await nonceOf(signer.address), before)
})

test('what the signer refuses takes no nonce, is kept nowhere and says why', async (t) => {
  const { pay, store, signer } = scene(t)
  const before = await nonceOf(signer.address)
  const bound = { signaturesPerMinute: 10, perTransaction: { USDC: '1' } }
  const policy = botPolicy({ ...deployment, signing: bound }, 10n ** 12n)
  const bounded = createSigner(keys.wallet('bots', 0), policy)
  const queue = createNonceQueue({ rpc, store, signer: bounded, pollMs: 20 })
  t.after(queue.close)
  const outcome = await queue.submit(pay('too-much-at-once', USDC + 1n))
  assert.equal(outcome.kind === 'rejected' && outcome.cause, 'signer.amount')
  assert.equal(await store.find('too-much-at-once'), undefined)
  assert.equal(await nonceOf(signer.address), before)
  assert.equal((await queue.submit(pay('just-enough', USDC))).kind, 'mined')
})

test('a transaction that reverts in its block says so with its gas', async (t) => {
  const { open, pay, received } = scene(t)
  const outcome = await open().submit({ ...pay('reverts', 10n ** 30n), gasLimit: 100_000n })
  assert.ok(outcome.kind === 'reverted' && outcome.receipt.gasWei > 0n)
  assert.equal(await received(), 0n)
})

test('a refused send leaves no gap: the next intent takes its nonce', async (t) => {
  const { open, pay, store, received } = scene(t)
  const queue = open()
  proxy.decide = sends('refuse', 1)
  const refused = await queue.submit(pay('refused'))
  assert.ok(refused.kind === 'rejected' && refused.cause === 'refused_by_node')
  assert.equal((await queue.submit(pay('next'))).kind, 'mined')
  const [first, second] = [await store.find('refused'), await store.find('next')]
  assert.equal(first?.nonce, second?.nonce)
  assert.deepEqual(await queue.submit(pay('refused')).then(({ kind }) => kind), 'rejected')
  assert.equal(await received(), USDC)
})

for (const fault of ['lose-request', 'lose-reply', 'silence'] as const) {
  test(`a send with ${fault} is found again and mined once`, async (t) => {
    const { open, pay, received } = scene(t, { sendTimeoutMs: fault === 'silence' ? 300 : 10_000 })
    proxy.decide = sends(fault, 2)
    const queue = open()
    const outcomes = await Promise.all([queue.submit(pay('lost')), queue.submit(pay('after'))])
    assert.deepEqual(kinds(outcomes), ['mined', 'mined'])
    assert.equal(await received(), 2n * USDC)
  })
}

test('a refusal after a lost reply is not believed', async (t) => {
  const { open, pay, received } = scene(t)
  let send = 0
  proxy.decide = (method) => {
    if (method !== 'eth_sendRawTransaction') return 'pass'
    send++
    return send === 1 ? 'lose-request' : send === 2 ? 'refuse' : 'pass'
  }
  assert.equal((await open().submit(pay('unsure'))).kind, 'mined')
  assert.equal(await received(), USDC)
})

test('while the chain is away the answer is unknown, and the chain tells later', async (t) => {
  const { open, pay, received } = scene(t, { patienceMs: 2_000 })
  const queue = open()
  let away = false
  proxy.decide = (method) => {
    if (method === 'eth_sendRawTransaction') away = true
    return away ? 'lose-request' : 'pass'
  }
  const unknown = await queue.submit(pay('away'))
  assert.equal(unknown.kind, 'unknown')
  const blocked = await queue.submit(pay('behind'))
  assert.ok(blocked.kind === 'rejected' && blocked.cause === 'queue_blocked')
  proxy.decide = () => 'pass'
  let told = await queue.broadcast('away')
  while (told.kind === 'unknown') told = await queue.broadcast('away')
  assert.equal(told.kind, 'mined')
  assert.equal(await received(), USDC)
})

test('a restart sends the stored bytes again and never signs anew', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'nonce-queue-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'sent.jsonl')
  const first = createFileStore(path)
  const { open, pay, received } = scene(t, { store: first })
  const signed = await open().sign(pay('crash'))
  assert.equal(signed.kind, 'signed')
  first.close()

  const store = createFileStore(path)
  t.after(store.close)
  const rpcAgain = createRpc({ url: proxy.url, chainId: 31_337 })
  const signer = signsAnything(keys.wallet('bots', 0))
  const restarted = createNonceQueue({ rpc: rpcAgain, store, signer, pollMs: 20 })
  t.after(restarted.close)
  await restarted.resume()
  const outcome = await restarted.submit(pay('crash'))
  assert.ok(outcome.kind === 'mined' && signed.kind === 'signed')
  assert.equal(outcome.receipt.hash, signed.transaction.hash)
  assert.equal(await received(), USDC)
})

test('what was signed and given up frees its nonce and is never mined', async (t) => {
  const { open, pay, received } = scene(t)
  const queue = open()
  await queue.sign(pay('given-up'))
  await queue.discard('given-up')
  assert.equal((await queue.broadcast('given-up')).kind, 'rejected')
  assert.equal((await queue.submit(pay('instead'))).kind, 'mined')
  assert.equal(await received(), USDC)
})

test('what was mined in blocks taken back keeps its nonce and is mined again', async (t) => {
  const { open, pay, store, signer, received } = scene(t)
  const queue = open()
  const before = await nonceOf(signer.address)
  const mark = await control.snapshot()
  await queue.submit(pay('first'))
  await queue.submit(pay('second', 2n * USDC))
  await control.revert(mark)
  assert.equal(await received(), 0n)
  assert.equal((await queue.submit(pay('third', 4n * USDC))).kind, 'mined')
  assert.equal(await received(), 7n * USDC)
  assert.equal(await nonceOf(signer.address), before + 3)
  for (const [at, id] of ['first', 'second', 'third'].entries()) {
    assert.equal((await store.find(id))?.nonce, before + at)
    assert.equal((await queue.outcome(id)).kind, 'mined')
  }
})

test('after a restart what was mined and taken back is sent again', async (t) => {
  const { open, pay, received } = scene(t)
  const mark = await control.snapshot()
  const queue = open()
  await queue.submit(pay('taken-back'))
  queue.close()
  await control.revert(mark)
  await open().resume()
  assert.equal(await received(), USDC)
})

test('bytes whose nonce another transaction used are dead', async (t) => {
  const { open, pay, signer, received } = scene(t)
  const queue = open()
  const mark = await control.snapshot()
  await queue.submit(pay('before'))
  await control.revert(mark)
  const other = createNonceQueue({ rpc, store: createMemoryStore(), signer, pollMs: 20 })
  t.after(other.close)
  await other.submit(pay('elsewhere', 3n * USDC))
  assert.equal((await queue.outcome('before')).kind, 'unknown')
  const outcome = await queue.broadcast('before')
  assert.ok(outcome.kind === 'rejected' && outcome.cause === 'refused_by_node')
  assert.equal(await received(), 3n * USDC)
})

test('an intent nobody signed is absent', async (t) => {
  const { open } = scene(t)
  assert.deepEqual(await open().outcome('never'), { kind: 'absent' })
})
