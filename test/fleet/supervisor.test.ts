// The supervisor over a runner that is scripted: back-off, blame, order of starts, closing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ENVELOPE } from '#platform/fleet/envelope.ts'
import { BLAMES_MAX } from '#platform/fleet/limits.ts'
import type { RunnerBot, RunnerProcess } from '#platform/fleet/port.ts'
import { createSupervisor, GONE } from '#platform/fleet/supervisor.ts'

type Act = 'done' | 'die' | 'hang' | 'wrong' | 'later: not now'

/** Runners that do with each bot what the script says. */
function scripted(actOf: (id: string, what: string) => Act = () => 'done') {
  const told: string[] = []
  const failed: string[] = []
  const silent = { is: true }
  const lives: { readonly end: (why: string) => void }[] = []
  const start = (): RunnerProcess => {
    const over = Promise.withResolvers<string>()
    const life = lives.length
    lives.push({ end: over.resolve })
    const ask = (what: string) => async (bot: string | object) => {
      const id = typeof bot === 'string' ? bot : 'id' in bot ? String(bot.id) : ''
      told.push(`${life} ${what} ${id}`)
      const act = actOf(id, what)
      if (act === 'die') over.resolve('died')
      if (act === 'die' || act === 'hang') return new Promise<never>(() => {})
      return act === 'done' ? null : act
    }
    return {
      ...{ pid: life + 1, ready: Promise.resolve(), ended: over.promise },
      ...{ start: ask('start'), remove: ask('remove'), pause: ask('pause') },
      ...{ resume: ask('resume'), rehearse: ask('rehearse') },
      silentMs: () => (silent.is ? 1e6 : 0),
      kill: () => over.resolve('killed'),
      stop: async () => over.resolve('stopped'),
    }
  }
  const supervisor = createSupervisor({
    ...{ start, log: () => {}, onLost: () => {}, backOffMs: [5, 20], answerMs: 50 },
    onFailed: (id, why) => void failed.push(`${id}: ${why}`),
  })
  return { supervisor, told, failed, lives, silent }
}

function bot(id: string, state: RunnerBot['state'] = 'running'): RunnerBot {
  return {
    ...{ id, file: `${id}.ts`, key: { id: 'k', secret: 's' }, params: {}, venues: ['internal'] },
    ...{ limits: ENVELOPE, state },
  }
}

test('no runner is started for nobody, and one for everybody', async () => {
  const { supervisor, told, lives } = scripted()
  assert.deepEqual([lives.length, supervisor.pid()], [0, undefined])
  assert.deepEqual(await Promise.all(['a', 'b'].map((id) => supervisor.put(bot(id)))), [null, null])
  assert.equal(await supervisor.put(bot('c')), null)
  assert.equal(lives.length, 1)
  assert.deepEqual(told, ['0 start a', '0 start b', '0 start c'])
  await supervisor.drop('b')
  assert.deepEqual([told.at(-1), supervisor.has('b')], ['0 remove b', false])
})

test('a runner that ends comes again with its bots in their order, later each time', async () => {
  const { supervisor, told, lives } = scripted()
  for (const id of ['a', 'b', 'c']) await supervisor.put(bot(id))
  await supervisor.pause('b')
  await supervisor.drop('c')
  told.length = 0
  lives[0]?.end('killed')
  await sleep(40)
  assert.deepEqual(told, ['1 start a', '1 start b'])
  assert.equal(supervisor.restarts(), 1)
  const begun = performance.now()
  lives[1]?.end('killed')
  while (lives.length < 3) await sleep(1)
  assert.ok(performance.now() - begun >= 18, 'the second time it waits longer')
})

test('a bot that takes its runner along is started alone, and left out in the end', async () => {
  const { supervisor, told, failed } = scripted((id) => (id === 'bad' ? 'die' : 'done'))
  await supervisor.put(bot('good'))
  assert.equal(await supervisor.put(bot('bad')), GONE)
  await supervisor.put(bot('late'))
  for (let look = 0; look < 500 && failed.length === 0; look += 1) await sleep(5)
  assert.deepEqual(failed, [`bad: its start ended the runner ${BLAMES_MAX} times`])
  await sleep(60)
  const last = told.filter((line) => line.startsWith(`${BLAMES_MAX} `))
  assert.deepEqual(last, [`${BLAMES_MAX} start good`, `${BLAMES_MAX} start late`])
  const second = told.filter((line) => line.startsWith('1 '))
  assert.equal(second.at(-1), '1 start bad', 'who is suspected comes last')
})

test('a runner that does not answer is ended, and what was asked is not known', async () => {
  const { supervisor, told } = scripted((_id, what) => (what === 'pause' ? 'hang' : 'done'))
  await supervisor.put(bot('a'))
  assert.equal(await supervisor.pause('a'), GONE)
  await sleep(40)
  assert.deepEqual(told, ['0 start a', '0 pause a', '1 start a'])
})

test('a runner that is slow and lives is waited for, and not for ever', async () => {
  const { supervisor, told, silent } = scripted((_id, what) => (what === 'pause' ? 'hang' : 'done'))
  silent.is = false
  await supervisor.put(bot('a'))
  const begun = performance.now()
  assert.equal(await supervisor.pause('a'), GONE)
  assert.ok(performance.now() - begun > 300, 'longer than a silent one')
  await sleep(40)
  assert.equal(told.at(-1), '1 start a')
})

test('what a runner says is wrong is told, and the bot stays for a later try', async () => {
  const { supervisor, failed } = scripted(() => 'wrong')
  await supervisor.put(bot('a'))
  assert.deepEqual(failed, ['a: wrong'])
  assert.equal(supervisor.has('a'), true)
  assert.equal(await supervisor.rehearse({ file: 'x.ts', params: {}, venues: [] }), 'wrong')
})

test('what a runner cannot do now is asked again, and is no verdict on the bot', async () => {
  const state = { times: 0 }
  const { supervisor, failed } = scripted((_id, what) => {
    if (what === 'start') state.times += 1
    return state.times > 2 ? 'done' : 'later: not now'
  })
  assert.equal(await supervisor.rehearse({ file: 'x.ts', params: {}, venues: [] }), GONE)
  await supervisor.put(bot('a'))
  assert.deepEqual([state.times, failed], [3, []])
})

test('closed, it starts nothing any more', async () => {
  const { supervisor, lives } = scripted()
  await supervisor.put(bot('a'))
  await supervisor.close()
  await sleep(40)
  assert.equal(lives.length, 1)
  assert.equal(await supervisor.pause('a'), GONE)
})
