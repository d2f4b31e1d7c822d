// npm run chain with anvil: what was there when it stopped is there when it starts, to the block.
//
// Forks go on from a second chain of this test's own, which they only read.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readHead } from '#connectors/evm/heads.ts'
import { openPoolWorld } from '#connectors/evm/pools/world.ts'
import { createRpc, read } from '#connectors/evm/provider.ts'
import { readReceipt } from '#connectors/evm/receipts.ts'
import { readChainOptions } from '#scripts/chain/chain-options.ts'
import { createChainControl } from '#scripts/chain/control.ts'
import { main as runScenario } from '#scripts/chain/scenario-command.ts'
import { createActor } from '#scripts/chain/scenarios/actor.ts'
import { balanceOf } from '#scripts/chain/scenarios/world.ts'

const SCRIPT = resolve(import.meta.dirname, '../../../scripts/chain.ts')
const SOMEBODY = '0x5000000000000000000000000000000000000005'
/** The second of the public accounts. */
const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'

function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'anvil-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

async function run(t: TestContext, folder: string, args: readonly string[]) {
  const env = { ...process.env, CHAIN_PORT: '0', CROSSBOOK_DATA: folder }
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    ...{ env, stdio: ['ignore', 'pipe', 'pipe'] },
  })
  t.after(() => stopped(child))
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk) => (out += chunk))
  child.stderr?.on('data', (chunk) => (err += chunk))
  while (!out.includes('Ctrl-C') && child.exitCode === null) {
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')])
  }
  return { child, out, err: () => err }
}

/** Answers when all of it has ended, the chain's process too. */
async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  await ended
}

function openChain(folder: string) {
  const file = JSON.parse(readFileSync(join(folder, 'chain.json'), 'utf8'))
  const { rpcUrl: url, abis: _, ...deployment } = file
  const rpc = createRpc({ url, chainId: deployment.chainId })
  return { url, deployment, rpc, control: createChainControl(rpc, 'anvil') }
}

test('a chain of anvil that is stopped goes on where it was, also with its clock', async (t) => {
  const folder = tempFolder(t)
  const first = await run(t, folder, ['--engine', 'anvil'])
  assert.match(first.out, /made by anvil/)
  const before = openChain(folder)
  const somebody = await createActor(before, SOMEBODY)
  await somebody.fund('USDC', 123n)
  const { hash } = await somebody.does({ to: KEY.slice(0, 42), data: '0x', value: 7n })
  assert.equal(await runScenario(['travel', '--seconds', '86400', '--data', folder]), 0)
  const head = await readHead(before.rpc, 'latest')
  await stopped(first.child)

  const second = await run(t, folder, ['--engine', 'anvil'])
  assert.equal(second.err(), '')
  const after = openChain(folder)
  assert.deepEqual(after.deployment, before.deployment)
  assert.deepEqual(await readHead(after.rpc, 'latest'), head)
  const usdc = after.deployment.tokens.USDC.address
  assert.equal(await balanceOf(after.rpc, usdc, SOMEBODY), 123n)
  assert.equal((await readReceipt(after.rpc, hash))?.success, true)
  assert.equal(await read(after.rpc, 'eth_getTransactionCount', [SOMEBODY, 'latest']), '0x1')
  await after.control.mine(1)
  const next = await readHead(after.rpc, 'latest')
  assert.deepEqual([next.number, next.parentHash], [head.number + 1, head.hash])
  assert.ok(next.timestamp >= head.timestamp, 'the clock went back')
  await stopped(second.child)

  for (const part of ['chain.json', 'anvil/chain.json']) rmSync(join(folder, part))
  const third = await run(t, folder, ['--engine', 'anvil'])
  assert.equal(third.child.exitCode, 1)
  assert.match(
    third.err(),
    /^what anvil kept has no deployment of ours: begin anew with --fresh\n$/,
  )

  await run(t, folder, ['--engine', 'anvil', '--fresh'])
  const fresh = openChain(folder)
  assert.notEqual(fresh.deployment.instance.id, before.deployment.instance.id)
  assert.equal(await balanceOf(fresh.rpc, usdc, SOMEBODY), 0n)
})

test('scenarios happen on a chain of anvil as on one of Hardhat', async (t) => {
  const folder = tempFolder(t)
  await run(t, folder, ['--engine', 'anvil'])
  const { rpc } = openChain(folder)
  const does = async (...args: string[]) => {
    assert.equal(await runScenario([...args, '--data', folder, '--json']), 0, args.join(' '))
  }
  await does('travel', '--seconds', '60')
  await does('travel', '--seconds', '60')
  const before = await readHead(rpc, 'latest')
  await does('reorg', '--blocks', '1')
  const { hash } = await readHead(rpc, before.number)
  assert.notEqual(hash, before.hash)
  await does('gas-spike', '--gwei', '500')
  assert.equal((await readHead(rpc, 'latest')).baseFeePerGas, 500n * 10n ** 9n)
  await does('depeg', '--pool', 'ETH-USDC', '--percent', '-5')
  await does('sandwich', '--pool', 'ETH-USDC:500', '--amount', '1000', '--attack', '50000')
})

test('a fork has the pools of the other chain, whoever makes it, and only reads it', async (t) => {
  const source = tempFolder(t)
  await run(t, source, ['--engine', 'anvil'])
  const other = openChain(source)
  const before = await readHead(other.rpc, 'latest')
  for (const engine of ['hardhat', 'anvil']) {
    const folder = tempFolder(t)
    const from = ['--fork', other.url, '--deployment', join(source, 'chain.json')]
    const { out, err } = await run(t, folder, ['--engine', engine, ...from])
    assert.match(out, /forgets everything/, err())
    const { url, deployment, rpc } = openChain(folder)
    const world = await openPoolWorld({ url, deployment })
    t.after(() => world.close())
    const account = world.account({ privateKey: KEY })
    t.after(account.close)
    const answer = await account.venues['uniswap-v3'].trading?.place({
      ...{ clientOrderId: 'on-a-fork', sentAt: 1, symbol: 'ETH-USDC-500', side: 'buy' },
      ...{ timeInForce: 'FOK', quantity: { in: 'quote', amount: '1000' }, limitPrice: '4100' },
    })
    assert.equal(answer?.kind === 'accepted' && answer.order.state, 'filled', engine)
    assert.deepEqual(await readHead(other.rpc, 'latest'), before)
    const code = (of: typeof rpc) => read(of, 'eth_getCode', [deployment.executor, 'latest'])
    assert.notEqual(await code(rpc), '0x')
    assert.equal(await code(other.rpc), '0x')
  }
})

test('a fork of what cannot be read is one line without the secret in its address', async (t) => {
  const folder = tempFolder(t)
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  await new Promise((done) => closed.close(done))
  const file = join(folder, 'there.json')
  writeFileSync(file, JSON.stringify({ chainId: 1, rpcUrl: '' }))
  const url = `http://127.0.0.1:${port}/v2/secret-key`
  const { child, err } = await run(t, folder, ['--fork', url, '--deployment', file])
  assert.equal(child.exitCode, 1)
  assert.equal(err(), `the chain to fork at 127.0.0.1:${port} cannot be read: it does not answer\n`)
})

test('options that make no sense are refused, each by a line of its own', () => {
  const cases = [
    [['--engine', 'ganache'], /^--engine is hardhat or anvil: ganache$/],
    [['--fork', 'http://127.0.0.1:1'], /^--fork and --deployment belong together/],
    [['--fork-block', '7'], /^--fork-block needs --fork$/],
    [['--fork', 'ws://127.0.0.1', '--deployment', 'x'], /^--fork must be the http/],
    [['--fork', 'http://h', '--deployment', 'x', '--fork-block', 'x'], /^--fork-block must be/],
  ] as const
  for (const [args, message] of cases) {
    assert.throws(() => readChainOptions(args), { name: 'StartError', message })
  }
  assert.deepEqual(readChainOptions(['--engine', 'anvil', '--port']), { wrong: '--port' })
})
