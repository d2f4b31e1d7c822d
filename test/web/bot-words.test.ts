// Words about bots: what is wrong with one, when it is said aloud, and what an act will do.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENVELOPE } from '#platform/fleet/envelope.ts'
import { courseOf } from '#platform/web/model/bot-view.ts'
import { alertOf, confirmationOf, newsOf, paramsText } from '#platform/web/model/bot-words.ts'
import type { DeployedBot } from '#platform/web/model/bots.ts'

const BOT: DeployedBot = {
  ...{ id: 'ema', strategy: 'ema', account: 17, state: 'running', wanted: 'running' },
  ...{ equity: '1012.345678', pnl: '12.34', fees: '0.10', gas: '0.00', drawdown: '1.00' },
  halted: null,
  ...{ why: 'bought', crashes: 0, since: 1, budget: [{ asset: 'USDC', amount: '1000' }] },
  version: {
    ...{ number: 3, strategy: 'ema', hash: 'ab', params: {}, venues: ['internal'] },
    ...{ limits: ENVELOPE, like: null, at: 1 },
  },
}
const bot = (more: Partial<DeployedBot>): DeployedBot => ({ ...BOT, ...more })
const FAILED = bot({ state: 'failed', why: 'no market' })
const HALTED = bot({ state: 'paused', wanted: 'paused', why: 'halted: drawdown 51.20' })
const CRASHED = bot({ crashes: 2, why: 'TypeError: x' })

test('a give-up, a halt and a crash are alerts with their reason, a pause is none', () => {
  assert.deepEqual(alertOf(FAILED), {
    ...{ kind: 'failed', tone: 'bad', title: 'Given up', why: 'no market' },
  })
  assert.deepEqual(alertOf(HALTED)?.why, 'drawdown 51.20')
  assert.equal(alertOf(CRASHED)?.title, 'Crashed 2 times and started again')
  assert.equal(alertOf(bot({ crashes: 1, crash: 'no number' }))?.why, 'no number')
  assert.equal(alertOf(bot({ state: 'paused', wanted: 'paused', why: 'paused' })), null)
  assert.equal(alertOf(BOT), null)
})

test('what became worse is said once, and not of what was so before the page was opened', () => {
  assert.equal(newsOf(BOT, FAILED), 'ema: given up: no market')
  assert.equal(newsOf(FAILED, FAILED), null)
  assert.equal(newsOf(undefined, FAILED), null)
  assert.equal(newsOf(BOT, CRASHED)?.startsWith('ema: crashed 2 times'), true)
  assert.equal(newsOf(CRASHED, bot({ crashes: 3, why: 'x' })), null)
  assert.equal(newsOf(FAILED, BOT), null)
  assert.equal(newsOf(BOT, bot({ wanted: 'stopped', state: 'stopped', crashes: 1 })), null)
})

test('every act says what happens to orders, coins and money before it is done', () => {
  const pause = confirmationOf({ do: 'pause', id: 'ema' }, BOT, 2)
  assert.match(pause.effects.join(' '), /Its 2 open orders are cancelled.*nothing is bought/)
  const stop = confirmationOf({ do: 'stop', id: 'ema', flatten: false }, BOT, 1)
  assert.match(stop.effects.join(' '), /Its open order is .*main account: about 1,012.34 USDC/)
  assert.match(stop.effects.join(' '), /nothing is bought or sold/)
  const flat = confirmationOf({ do: 'stop', id: 'ema', flatten: true }, BOT, undefined)
  assert.match(flat.effects.join(' '), /is sold at the market/)
  const back = confirmationOf({ do: 'roll back', id: 'ema', version: 1 }, BOT, 0)
  assert.match(back.effects.join(' '), /Version 4 begins.*of version 1/)
})

test('parameters are said in one line', () => {
  const params = { period: 1_200, mood: 'calm', steps: [1, 2.5], hedged: true }
  assert.equal(paramsText(params), 'period 1,200, mood calm, steps 1 2.5, hedged true')
  assert.equal(paramsText({}), 'parameters as they come')
})

test('the course is what was written down, then only what was seen after that', () => {
  const sample = (at: number) => ({ at, equity: '10', pnl: '0', fees: '0' })
  const seen = (at: number) => ({ at, equity: 11, pnl: 1 })
  const course = courseOf([sample(1), sample(3)], [seen(2), seen(3), seen(4)])
  assert.deepEqual(
    course.map(({ at }) => at),
    [1, 3, 4],
  )
})
