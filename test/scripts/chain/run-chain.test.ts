// npm run chain: what it prints and writes is true, and Ctrl-C ends it.

import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { createBalanceReader } from '#connectors/evm/balances.ts'
import { createRpc, read } from '#connectors/evm/provider.ts'

const SCRIPT = resolve(import.meta.dirname, '../../../scripts/chain.ts')
const FIRST_PAID = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

function run(t: TestContext, port: string, args: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'run-chain-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const env = { ...process.env, CHAIN_PORT: port, CROSSBOOK_DATA: folder }
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, folder, out: told(child.stdout), err: told(child.stderr) }
}

function told(stream: Readable) {
  const chunks: string[] = []
  stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  return () => chunks.join('')
}

async function untilToldOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  words: () => boolean,
) {
  while (!words()) await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
}

test('the chain file leads to a chain with everything on it; Ctrl-C ends both', async (t) => {
  const { child, folder, out } = run(t, '0')
  await untilToldOf(child, () => out().includes('Ctrl-C'))
  const file = JSON.parse(readFileSync(join(folder, 'chain.json'), 'utf8'))
  assert.ok(out().includes(`Local chain 31337 at ${file.rpcUrl}`) && out().includes(FIRST_PAID))
  const rpc = createRpc({ url: file.rpcUrl, chainId: file.chainId })
  const query = { token: file.tokens.USDC.address, holder: FIRST_PAID }
  assert.deepEqual(await createBalanceReader(rpc)([query], file.block), [10n ** 12n])
  assert.ok(file.abis.router.length > 10 && file.pairs['BTC-USDC'].address.startsWith('0x'))
  assert.equal(Object.keys(file.v3.pools).length, 4)
  assert.ok(file.abis.v3.quoter.length > 4 && file.abis.executor.length > 20)
  const code = await read(rpc, 'eth_getCode', [file.executor, 'latest'])
  assert.ok(String(code).length > 1_000 && out().includes(`executor  ${file.executor}`))
  child.kill('SIGINT')
  assert.deepEqual(await once(child, 'exit'), [0, null])
  await assert.rejects(read(rpc, 'eth_chainId', []))
})

test('a port that is none is one line and exit code 1', async (t) => {
  const { child, err } = run(t, '70000')
  assert.deepEqual(await once(child, 'close'), [1, null])
  assert.equal(err(), "CHAIN_PORT must be a port from 0 to 65535, not '70000'\n")
})

test('--help tells how it is used with an example, and starts nothing', async (t) => {
  const { child, out } = run(t, '0', ['--help'])
  assert.deepEqual(await once(child, 'close'), [0, null])
  assert.match(out(), /^usage: npm run chain.*example: CHAIN_PORT=9545 npm run chain/s)
})

test('an option or a command that is none is exit code 2 and the usage', async (t) => {
  for (const args of [['--port'], ['scenario', 'hurricane']]) {
    const { child, out, err } = run(t, '0', args)
    assert.deepEqual(await once(child, 'close'), [2, null], args.join(' '))
    assert.match(err(), /^there is no (option|scenario) [a-z-]+\nusage: npm run chain/)
    assert.equal(out(), '')
  }
})
