// Heads: blocks that the node tells by itself, and what happens when it does not.
//
// The node is a real chain; between it and us stands a relay of WebSockets that breaks, refuses and
// falls silent on command.

import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { streamUrlOf } from '#connectors/evm/head-stream.ts'
import { createHeads, type Head, readHead } from '#connectors/evm/heads.ts'
import { allowMethods, BOT_METHODS } from '#connectors/evm/method-wall.ts'
import { openPoolWorld } from '#connectors/evm/pools/world.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { startDevChain } from './dev-chain.ts'

const { chain, rpc, control, deployment } = await startDevChain()
/** Nothing is found by it while a test lasts. */
const NEVER_MS = 60_000

/** Counts what was asked for, to tell a poll from what was told. */
function counting(through: Rpc = rpc) {
  const asked = new Map<string, number>()
  const ask: Rpc['ask'] = (method, params) => {
    asked.set(method, (asked.get(method) ?? 0) + 1)
    return through.ask(method, params)
  }
  return { rpc: { chainId: through.chainId, ask }, asked }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    if (condition()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  assert.fail(`it never came to that: ${what}`)
}

function followed(t: TestContext, options: Parameters<typeof createHeads>[0]) {
  const heads = createHeads(options)
  t.after(heads.stop)
  const seen: Head[] = []
  heads.follow(async (head) => void seen.push(head))
  heads.start()
  return { heads, seen }
}

/** Plain bytes both ways: what breaks here breaks as a network does. */
async function startRelay(t: TestContext) {
  const { port } = new URL(chain.url)
  const sockets = new Set<Socket>()
  const relay = { isRefusing: false, isSilent: false, opened: 0 }
  const server: Server = createServer()
  server.on('upgrade', (request, socket, head) => {
    relay.opened += 1
    if (relay.isRefusing) return socket.destroy()
    const node = connect(Number(port), '127.0.0.1', () => {
      const headers = request.rawHeaders.flatMap((name, at, all) =>
        at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : [],
      )
      node.write(`GET / HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
      node.write(head)
      socket.pipe(node)
    })
    node.on('data', (bytes) => {
      if (!relay.isSilent) socket.write(bytes)
    })
    for (const one of [node, socket as Socket]) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => [node, socket].map((other) => other.destroy()))
    }
    return undefined
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    cut()
    server.close()
  })
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { relay, cut, url }
}

test('a new block is told and not asked for, and is what would have been read', async (t) => {
  const { rpc: counted, asked } = counting()
  const { seen } = followed(t, {
    rpc: counted,
    pollMs: NEVER_MS,
    streamUrl: streamUrlOf(chain.url),
  })
  // Once at the start, once when the stream is up.
  await until(() => (asked.get('eth_getBlockByNumber') ?? 0) === 2, 'the stream is up')
  await control.mine(1)
  const head = await readHead(rpc, 'latest')
  await until(() => seen.at(-1)?.hash === head.hash, 'the block was told')
  assert.deepEqual(seen.at(-1), head)
  assert.equal(asked.get('eth_getBlockByNumber'), 2)
})

test('of blocks that come while others are followed the newest counts', async (t) => {
  const options = { rpc, pollMs: NEVER_MS, streamUrl: streamUrlOf(chain.url) }
  const { seen } = followed(t, options)
  const heads = createHeads(options)
  const gate = Promise.withResolvers<void>()
  t.after(() => {
    gate.resolve()
    return heads.stop()
  })
  const calls: (readonly [number | undefined, number])[] = []
  heads.follow(async (head, done) => {
    calls.push([done?.number, head.number])
    await gate.promise
  })
  heads.start()
  await until(() => calls.length > 0 && seen.length > 0, 'the first heads')
  await new Promise((resolve) => setTimeout(resolve, 300))
  for (let block = 0; block < 30; block++) await control.mine(1)
  const { number } = await readHead(rpc, 'latest')
  await until(() => seen.at(-1)?.number === number, 'somebody else was told all of them')
  assert.equal(calls.length, 1)
  gate.resolve()
  await until(() => calls.at(-1)?.[1] === number, 'the newest')
  assert.ok(calls.length < 10, `${calls.length} calls for 30 blocks`)
  for (const [at, [done]] of calls.slice(1).entries()) assert.equal(done, calls[at]?.[1])
})

test('when the stream breaks the poll goes on at once, and the stream comes back', async (t) => {
  const { url, relay, cut } = await startRelay(t)
  const { seen } = followed(t, { rpc, pollMs: 20, streamUrl: url })
  await until(() => relay.opened === 1 && seen.length > 0, 'the stream is up')
  await new Promise((resolve) => setTimeout(resolve, 300))
  relay.isRefusing = true
  cut()
  await control.mine(1)
  const polled = await readHead(rpc, 'latest')
  await until(() => seen.at(-1)?.hash === polled.hash, 'found by the poll')
  relay.isRefusing = false
  const { opened } = relay
  await until(() => relay.opened > opened, 'the stream is opened anew')
})

test('a stream that falls silent costs a second and is opened anew', async (t) => {
  const { url, relay } = await startRelay(t)
  const { seen } = followed(t, { rpc, pollMs: 20, streamUrl: url })
  await until(() => relay.opened === 1 && seen.length > 0, 'the stream is up')
  await new Promise((resolve) => setTimeout(resolve, 300))
  relay.isSilent = true
  for (let block = 0; block < 2; block++) {
    await control.mine(1)
    const { hash } = await readHead(rpc, 'latest')
    await until(() => seen.at(-1)?.hash === hash, 'found by the seldom poll')
  }
  await until(() => relay.opened > 1, 'opened anew')
})

test('a node without WebSockets is polled as ever', async (t) => {
  const { seen } = followed(t, { rpc, pollMs: 20, streamUrl: 'ws://127.0.0.1:1' })
  await control.mine(1)
  const { hash } = await readHead(rpc, 'latest')
  await until(() => seen.at(-1)?.hash === hash, 'polled')
})

test("a bot's process asks a node for nothing but what it needs to read and to send", async () => {
  const { rpc: counted, asked } = counting()
  const walled = allowMethods(counted, BOT_METHODS)
  const forbidden = [
    ...['eth_sendTransaction', 'eth_sign', 'eth_signTransaction', 'eth_accounts'],
    ...['hardhat_setBalance', 'anvil_impersonateAccount', 'evm_revert', 'evm_mine'],
    ...['personal_unlockAccount', 'debug_traceTransaction', 'admin_addPeer', 'eth_getProof'],
    ...['ETH_CALL', ' eth_call', 'toString', '__proto__', ''],
  ]
  for (const method of forbidden) {
    const answer = await walled.ask(method, [])
    assert.deepEqual(answer, {
      ...{ kind: 'refused', code: -32_601, reason: `${method} is not allowed here` },
    })
  }
  assert.equal(asked.size, 0)
  assert.equal(await read(walled, 'eth_chainId', []), '0x7a69')
  assert.ok(BOT_METHODS.every((method) => method.startsWith('eth_')))
})

test('a world hears blocks where its file says', async (t) => {
  const { url, relay } = await startRelay(t)
  const told = { ...deployment, rpcStreamUrl: url }
  const world = await openPoolWorld({ url: chain.url, deployment: told })
  t.after(world.close)
  await until(() => relay.opened === 1, 'it is heard')
})

test('accounts of a world are signed for within the bounds of its file', async (t) => {
  const signing = { signaturesPerMinute: 600, perTransaction: { USDC: '10' } }
  const world = await openPoolWorld({ url: chain.url, deployment: { ...deployment, signing } })
  t.after(world.close)
  const account = world.account({ privateKey: `0x${'59'.repeat(32)}` })
  t.after(account.close)
  const order = { sentAt: 1, symbol: 'ETH-USDC', side: 'buy', timeInForce: 'FOK' } as const
  await control.setBalance(account.address, 10n ** 18n)
  const place = (clientOrderId: string, amount: string) =>
    account.venues['uniswap-v2'].trading?.place({
      ...{ ...order, clientOrderId, limitPrice: '2600' },
      quantity: { in: 'quote', amount },
    })
  const answer = await place('over', '10.000001')
  assert.equal(answer?.kind === 'refused' && answer.code, 'signer.amount')
  const within = await place('within', '10')
  // It may not use the executor: the signer let it pass, the chain did not.
  assert.equal(within?.kind === 'refused' && within.code, 'swap.reverted')
})
