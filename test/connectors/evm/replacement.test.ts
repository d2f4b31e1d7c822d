// Fees with a cap, and replacement by the same nonce: each intent mined once, whichever bytes win.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { keccak256, Transaction } from 'ethers'
import fc from 'fast-check'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { transferCall } from '#connectors/evm/erc20.ts'
import { feesAt, feesToReplace } from '#connectors/evm/gas.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { createNonceQueue } from '#connectors/evm/nonce-queue.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { index } from '#connectors/evm/quantity.ts'
import { createMemoryStore } from '#connectors/evm/transaction-store.ts'
import { startDevChain, USDC } from './dev-chain.ts'
import { signsAnything } from './signers.ts'

const GWEI = 1_000_000_000n
const { rpc, control, keys, deployment } = await startDevChain()
const { address: usdc } = tokenOf(deployment, 'USDC')
const receiver = keys.address('bots', 3)

function open(
  t: TestContext,
  options: { through?: Rpc; capWei?: bigint; patienceMs?: number } = {},
) {
  const { through = rpc, capWei = 500n * GWEI, patienceMs = 10_000 } = options
  const store = createMemoryStore()
  const queue = createNonceQueue({
    ...{
      rpc: through,
      store,
      signer: signsAnything(keys.wallet('bots', 0)),
      fees: { tipWei: GWEI, capWei },
    },
    ...{ pollMs: 10, patienceMs, replaceAfterMs: 60 },
  })
  t.after(queue.close)
  return { store, queue }
}

const pay = (id: string) => ({ id, ...transferCall(usdc, receiver, USDC) })
const nonceOf = async (account: string) =>
  index(await read(rpc, 'eth_getTransactionCount', [account, 'latest']))

/** Nothing is mined by itself while this runs. */
async function withoutMining<T>(run: () => Promise<T>): Promise<T> {
  await read(rpc, 'evm_setAutomine', [false])
  try {
    return await run()
  } finally {
    await read(rpc, 'evm_setAutomine', [true])
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail('it never came to that')
}

test('fees leave room for the base fee to double, up to the cap and never beyond', () => {
  const at = (baseFeePerGas: bigint, capWei: bigint) =>
    feesAt({ baseFeePerGas }, { tipWei: GWEI, capWei })
  assert.equal(at(10n * GWEI, 100n * GWEI)?.maxFeePerGas, 21n * GWEI)
  assert.equal(at(10n * GWEI, 20n * GWEI)?.maxFeePerGas, 20n * GWEI)
  assert.equal(at(10n * GWEI, 11n * GWEI)?.maxFeePerGas, 11n * GWEI)
  assert.equal(at(10n * GWEI, 11n * GWEI - 1n), undefined)
})

test('a replacement pays an eighth more of both fees, or there is none', () => {
  const fee = fc.bigInt({ min: 1n, max: 10n ** 13n })
  fc.assert(
    fc.property(fee, fee, fee, fee, (tip, more, baseFeePerGas, capWei) => {
      const before = { maxFeePerGas: tip + more, maxPriorityFeePerGas: tip }
      const after = feesToReplace(before, { baseFeePerGas }, { tipWei: GWEI, capWei })
      if (after === undefined) return
      assert.ok(after.maxFeePerGas * 8n >= before.maxFeePerGas * 9n)
      assert.ok(after.maxPriorityFeePerGas * 8n >= before.maxPriorityFeePerGas * 9n)
      assert.ok(after.maxFeePerGas <= capWei && after.maxPriorityFeePerGas <= after.maxFeePerGas)
    }),
    { seed: 71, numRuns: 1_000 },
  )
})

test('gas beyond the cap is refused before anything is signed', async (t) => {
  const { queue, store } = open(t, { capWei: GWEI })
  const outcome = await queue.submit(pay('dear'))
  assert.equal(outcome.kind === 'rejected' && outcome.cause, 'gas_too_dear')
  assert.equal(await store.find('dear'), undefined)
})

test('what is not mined is sent for more, with the same nonce, and mined once', async (t) => {
  const { queue, store } = open(t)
  const nonce = await nonceOf(queue.account)
  const outcome = await withoutMining(async () => {
    const submitted = queue.submit(pay('slow'))
    await until(async () => ((await store.find('slow'))?.earlier?.length ?? 0) >= 2)
    await control.mine(1)
    return submitted
  })
  const known = await store.find('slow')
  assert.ok(outcome.kind === 'mined' && known !== undefined)
  assert.equal(known.state, 'settled')
  assert.equal(await nonceOf(queue.account), nonce + 1)
  const sent = Transaction.from(known.raw)
  assert.ok(sent.nonce === nonce && (sent.maxPriorityFeePerGas ?? 0n) * 64n >= GWEI * 81n)
  assert.ok([known.hash, ...(known.earlier ?? [])].includes(outcome.receipt.hash))
})

test('when the bytes that were replaced are mined after all, that is the outcome', async (t) => {
  let sends = 0
  const deaf: Rpc = {
    chainId: rpc.chainId,
    ask: async (method, params) => {
      const isSend = method === 'eth_sendRawTransaction'
      if (isSend && ++sends > 1) return { kind: 'unknown', reason: 'never arrived' }
      return rpc.ask(method, params)
    },
  }
  const { queue, store } = open(t, { through: deaf })
  const outcome = await withoutMining(async () => {
    const submitted = queue.submit(pay('first-wins'))
    await until(async () => (await store.find('first-wins'))?.earlier !== undefined)
    await control.mine(1)
    return submitted
  })
  const known = await store.find('first-wins')
  assert.ok(outcome.kind === 'mined')
  assert.equal(outcome.receipt.hash, known?.earlier?.[0])
  const again = await queue.outcome('first-wins')
  assert.equal(again.kind === 'mined' && again.receipt.hash, outcome.receipt.hash)
})

test('whoever asks twice follows one and the same: all bytes sent are known', async (t) => {
  const sent = new Set<string>()
  const heard: Rpc = {
    chainId: rpc.chainId,
    ask(method, params) {
      if (method === 'eth_sendRawTransaction') sent.add(keccak256(String(params[0])))
      return rpc.ask(method, params)
    },
  }
  const { queue, store } = open(t, { through: heard, patienceMs: 50 })
  await withoutMining(async () => {
    for (let asked = 0; asked < 4; asked++) {
      assert.equal((await queue.submit(pay('twice-asked'))).kind, 'unknown')
    }
    await until(async () => ((await store.find('twice-asked'))?.earlier?.length ?? 0) >= 3)
    await control.mine(1)
  })
  await until(async () => (await queue.outcome('twice-asked')).kind === 'mined')
  const known = await store.find('twice-asked')
  const stored = new Set([known?.hash, ...(known?.earlier ?? [])])
  assert.ok(sent.size >= 3)
  for (const hash of sent) assert.ok(stored.has(hash), `${hash} was sent and is not known`)
})

test('bytes that the node refuses for their fee are replaced until it takes them', async (t) => {
  let sends = 0
  const dear: Rpc = {
    chainId: rpc.chainId,
    async ask(method, params) {
      if (method !== 'eth_sendRawTransaction') return rpc.ask(method, params)
      const { maxPriorityFeePerGas } = Transaction.from(String(params[0]))
      sends += 1
      if (sends === 1) return { kind: 'unknown', reason: 'the line was cut' }
      const isTaken = (maxPriorityFeePerGas ?? 0n) * 8n > GWEI * 9n
      if (isTaken) return rpc.ask(method, params)
      return { kind: 'refused', code: -32_000, reason: 'max fee per gas less than base fee' }
    },
  }
  const { queue, store } = open(t, { through: dear })
  const outcome = await queue.submit(pay('underpriced'))
  assert.equal(outcome.kind, 'mined')
  assert.ok(((await store.find('underpriced'))?.earlier?.length ?? 0) >= 2)
})

test('nothing is replaced beyond the cap: what was sent goes on waiting', async (t) => {
  const { baseFeePerGas } = await readHead(rpc, 'latest')
  const { queue, store } = open(t, { capWei: 2n * baseFeePerGas + GWEI })
  const outcome = await withoutMining(async () => {
    const submitted = queue.submit(pay('capped'))
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal((await store.find('capped'))?.earlier, undefined)
    await control.mine(1)
    return submitted
  })
  assert.equal(outcome.kind, 'mined')
})
