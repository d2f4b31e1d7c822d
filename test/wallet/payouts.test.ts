// INV-13: whatever the kill interrupts and the network loses, a withdrawal is paid exactly once.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { Wallet as RandomWallet } from 'ethers'
import { createRpc } from '#connectors/evm/provider.ts'
import type { OrderId } from '#kernel/ids.ts'
import { startFaultyProxy } from '#test/connectors/evm/faulty-proxy.ts'
import type { Cut } from './cuttable.ts'
import { createSmallPlatform, until } from './small-platform.ts'
import { openSmallWallet, paidTo, startGenesisChain } from './small-wallet.ts'

let platform = await createSmallPlatform()
const chain = await startGenesisChain(platform)
const custody = platform.keys.address('custody', 0)
after(chain.stop)

const somebody = () => RandomWallet.createRandom().address
const isFinished = (id: OrderId) => () =>
  !platform.views.openWithdrawals().some((row) => row.id === id)

const STEPS: readonly (Cut & { readonly name: string })[] = [
  { name: 'requested and not signed', when: 'before', call: 'signWithdrawal' },
  { name: 'signed in the journal and not sent', when: 'after', call: 'signWithdrawal' },
  { name: 'about to be sent', when: 'before', call: 'eth_sendRawTransaction' },
  { name: 'sent, its reply lost', when: 'after', call: 'eth_sendRawTransaction' },
  { name: 'mined and not in a row', when: 'before', call: 'addRow' },
  { name: 'in a row and not settled', when: 'after', call: 'addRow' },
  { name: 'about to be settled', when: 'before', call: 'settleWithdrawal' },
  { name: 'settled, its reply lost', when: 'after', call: 'settleWithdrawal' },
]

for (const { name, ...cut } of STEPS) {
  test(`a kill when a withdrawal is ${name} leads to exactly one payment`, async () => {
    const before = platform.cash('USDC')
    const to = somebody()
    const killed = await openSmallWallet(platform, chain)
    const happened = killed.around.cut(cut)
    const id = await platform.withdraw('USDC', 3_000_000, to)
    await happened
    killed.kill()
    platform = await platform.reopen()
    const next = await openSmallWallet(platform, chain)
    await until(isFinished(id), 'the withdrawal is not finished')
    assert.deepEqual(await paidTo(chain, custody, to), [3_000_000n])
    assert.equal(platform.cash('USDC'), before - 3_000_010)
    await next.stop()
  })
}

test('lost requests, lost replies and refusals of the chain never pay twice', async () => {
  const proxy = await startFaultyProxy(chain.local.url)
  const rpc = createRpc({ url: proxy.url, chainId: chain.rpc.chainId, timeoutMs: 300 })
  const before = platform.cash('USDC')
  const fates = ['lose-reply', 'lose-request', 'silence', 'refuse', 'pass'] as const
  const { wallet, heads, ...running } = await openSmallWallet(platform, { ...chain, rpc })
  // Every send meets a fault in turn, one read in eight meets one at random: the same in each run.
  proxy.decide = (method, count) => {
    if (method === 'eth_sendRawTransaction') return fates[count % fates.length] ?? 'pass'
    const [chance = 0, fate = 0] = createHash('sha256').update(`${method} ${count}`).digest()
    return chance < 32 ? (fates[fate % fates.length] ?? 'pass') : 'pass'
  }
  const payments = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const to = somebody()
      return { to, id: await platform.withdraw('USDC', 2_000_000, to) }
    }),
  )
  await until(() => payments.every(({ id }) => isFinished(id)()), 'not all are finished', 30_000)
  proxy.decide = () => 'pass'
  await running.stop()
  let settled = 0
  for (const { to, id } of payments) {
    const paid = await paidTo(chain, custody, to)
    const isSettled = platform.views.withdrawal(id)?.status === 'settled'
    assert.deepEqual(paid, isSettled ? [2_000_000n] : [], `withdrawal ${id}`)
    if (isSettled) settled += 1
  }
  assert.ok(settled > 0)
  assert.equal(platform.cash('USDC'), before - settled * 2_000_010)
})
