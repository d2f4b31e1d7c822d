// The strategy process: an empty environment, checked answers, and no life after its runner's.

import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Handled, readHandled } from '#bots/runtime/channel.ts'
import { strategyChildren } from '#bots/runtime/strategy-child.ts'
import { START } from './start-message.ts'

const HOLDER = fileURLToPath(new URL('./strategy-holder.ts', import.meta.url))

function begin(strategy = 'market-making') {
  const first = Promise.withResolvers<Handled>()
  const ended = Promise.withResolvers<string>()
  const logs: string[] = []
  const child = strategyChildren([])({
    strategy,
    onHandled: first.resolve,
    onEnd: ended.resolve,
    log: (text) => void logs.push(text),
  })
  after(() => child.kill())
  return { child, first: first.promise, ended: ended.promise, logs }
}

test('a strategy process has an empty environment and no way out but its channel', async () => {
  const { child, first } = begin()
  child.send(START)
  const { actions } = await first
  assert.ok(actions.some(({ kind }) => kind === 'subscribe'))
  const environment = readFileSync(`/proc/${child.pid}/environ`, 'utf8').split('\0')
  const names = environment.map((entry) => entry.split('=')[0]).filter((name) => name !== '')
  assert.deepEqual(names, [])
  const open = readdirSync(`/proc/${child.pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${child.pid}/fd/${fd}`)
    } catch {
      return 'closed'
    }
  })
  const sockets = open.filter((target) => target.startsWith('socket:'))
  assert.ok(sockets.length <= 2, `the channel and standard error: ${open}`)
  child.kill()
})

test('a file from anywhere runs with its types and the file beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-own-'))
  after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'size.ts'), 'export const SIZE: number = 2\n')
  const path = join(folder, 'mine.ts')
  writeFileSync(path, OWN)
  const { child, first } = begin(path)
  child.send({ ...START, strategy: path })
  const { actions } = await first
  assert.ok(actions.some((action) => action.kind === 'log' && action.text === 'size 2'))
  child.kill()
})

const OWN = `import { type Context, defineStrategy } from 'crossbook/strategy'
import { SIZE } from './size.ts'

export default defineStrategy({
  name: 'mine', params: {}, state: {},
  setup: (ctx: Context<object>) => ctx.log('size ' + SIZE),
})
`

test('a strategy that does not know its parameters ends, and says why', async () => {
  const { child, ended, logs } = begin()
  child.send({ ...START, params: { nonsense: 1 } })
  assert.equal(await ended, 'code 1')
  assert.ok(logs.join('').includes('nonsense'))
})

test('a strategy process ends when its runner is killed', async () => {
  const holder = fork(HOLDER)
  const pid = await new Promise<number>((resolve) => holder.once('message', resolve))
  assert.ok(existsSync(`/proc/${pid}`))
  holder.kill('SIGKILL')
  for (let turn = 0; turn < 3_000 && existsSync(`/proc/${pid}`); turn += 1) await sleep(20)
  assert.equal(existsSync(`/proc/${pid}`), false)
})

test('answers that are not what they should be are refused whole', () => {
  const request = {
    ...{ clientOrderId: 'a', sentAt: 1, symbol: 'BTC-USDC', side: 'buy', timeInForce: 'GTC' },
    quantity: { in: 'base', amount: '1' },
  }
  const handled = (action: object) => ({ kind: 'handled', no: 1, actions: [action] })
  const place = { kind: 'place', venue: 'internal', saved: false, request }
  const amend = { kind: 'amend', venue: 'internal', id: 'a', amendment: { size: '1' } }
  for (const good of [place, amend]) assert.ok(readHandled(handled(good)) !== undefined)
  const bad: unknown[] = [
    ...[null, 'handled', {}, { kind: 'handled' }, { kind: 'handled', no: 1, actions: [1] }],
    { ...handled(place), no: -1 },
    { ...handled(place), state: 'text' },
    { kind: 'handled', no: 1, actions: Array(1_001).fill(place) },
    handled({ kind: 'eval', text: 'x' }),
    handled({ kind: 'toString' }),
    handled({ ...place, venue: '' }),
    handled({ ...place, request: { ...request, side: 'both' } }),
    handled({ ...place, request: { ...request, sentAt: 1.5 } }),
    handled({ ...place, request: { ...request, quantity: { in: 'gold', amount: '1' } } }),
    handled({ ...place, request: { ...request, limitPrice: 5 } }),
    handled({ ...amend, amendment: {} }),
    handled({ ...amend, amendment: { size: 1 } }),
    handled({ ...amend, amendment: { size: '1', side: 'sell' } }),
    handled({ kind: 'timer', timer: 0, everyMs: 1 }),
    handled({ kind: 'transfer', transfer: { id: 'a', way: 'away' } }),
    handled({ kind: 'log', text: 'x'.repeat(1_001) }),
  ]
  for (const message of bad) assert.equal(readHandled(message), undefined, JSON.stringify(message))
})
