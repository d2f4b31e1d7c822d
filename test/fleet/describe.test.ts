// What a strategy can be told, over REST, by its own code in a real sandbox.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { test } from 'node:test'
import { generate } from 'selfsigned'
import { readDescription } from '#bots/runtime/description.ts'
import { createChecks } from '#platform/fleet/checks.ts'
import { crashWords } from '#platform/fleet/crash-words.ts'
import { descriptions } from '#platform/fleet/descriptions.ts'
import { ENVELOPE } from '#platform/fleet/envelope.ts'
import { DEPLOY_EXAMPLES } from '#platform/fleet/examples.ts'
import {
  BOX_MAX,
  CHECKS_AT_ONCE,
  CHECKS_WAITING_MAX,
  IDEA_CHARS_MAX,
} from '#platform/fleet/limits.ts'
import type { BoxStrategy } from '#platform/fleet/port.ts'
import { call, createCustomer } from '../api/exchange.ts'
import { createFleetUnderTest, until } from './fleet-under-test.ts'

const SOURCE = `import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: 'told-everything',
  params: {
    market: p.market('internal:ETH-USDC'),
    markets: p.markets(['internal:ETH-USDC']),
    period: p.int(2, 200, 12),
    percent: p.number(0.1, 50, 5),
    steps: p.numbers(0, 1, [0.5, 1]),
    word: p.text('so'),
    mood: p.choice(['calm', 'bold'], 'calm'),
    hedged: p.bool(true),
  },
  state: {},
  setup() {},
})
`
const PARAMS = [
  { name: 'market', kind: 'market', initial: 'internal:ETH-USDC' },
  { name: 'markets', kind: 'markets', initial: ['internal:ETH-USDC'] },
  { name: 'period', kind: 'int', initial: 12, min: 2, max: 200 },
  { name: 'percent', kind: 'number', initial: 5, min: 0.1, max: 50 },
  { name: 'steps', kind: 'numbers', initial: [0.5, 1], min: 0, max: 1 },
  { name: 'word', kind: 'text', initial: 'so' },
  { name: 'mood', kind: 'choice', initial: 'calm', choices: ['calm', 'bold'] },
  { name: 'hedged', kind: 'bool', initial: true },
]

/** As a platform that people reach under a name, and its own processes do not. */
const altNames = [{ type: 2, value: 'exchange.example' }] as const
const { private: tlsKey, cert } = await generate([{ name: 'commonName', value: 'crossbook' }], {
  ...{ keyType: 'ec', curve: 'P-256', algorithm: 'sha256' },
  extensions: [{ name: 'subjectAltName', altNames: [...altNames] }],
})
const under = await createFleetUnderTest({ tls: { key: tlsKey, cert } })
const ada = await under.deployer('ada')
const eve = await createCustomer({ ...under.exchange, app: under.app }, 'eve')
const describe = (source: string) => ada.ask('POST', '/v1/strategies/describe', { source })

test('every kind of parameter is told, with what a deployment has that names nothing', async () => {
  const { status, body, text } = await describe(SOURCE)
  assert.equal(status, 200, text)
  const limits = ENVELOPE
  const strategy = { name: 'told-everything', params: PARAMS, limits, venues: ['internal'] }
  assert.deepEqual(body.strategy, strategy)
})

test('a text is refused as a deployment would refuse it, and nothing of it stays', async () => {
  const refused = async (source: string) => {
    const { status, body } = await describe(source)
    assert.deepEqual([status, body.code], [422, 'bot.strategy_invalid'])
    return Object.values(body.details ?? {}).join('\n')
  }
  assert.match(await refused(SOURCE.replace('p.int(2,', 'p.int("2",')), /strategy\.ts\(8,\d+\)/)
  assert.match(await refused(`import 'node:fs'\n${SOURCE}`), /and nothing else/)
  const crashed = await refused(`${SOURCE}\nthrow new Error('at once')`)
  assert.equal(crashed, 'strategy.ts(19,7): at once')
  assert.match(await refused("const x = { name: 'x' }\nexport default x"), /defineStrategy/)
  assert.equal((await ada.ask('GET', '/v1/me/bots')).body.items.length, 0)
})

test('of a crash people hear the error and its line, and no path of the machine', () => {
  const crash = [
    'file:///somewhere/platform/assert.ts:12',
    '  if (!condition) throw new AssertionFailed(message)',
    '                  ^',
    '',
    'AssertionFailed: no market internal:X',
    '    at assert (file:///somewhere/platform/assert.ts:12:25)',
    '    at setup (file:///somewhere/strategies/ab12/strategy.ts:7:15)',
    '',
    'Node.js v24.21.0',
  ].join('\n')
  assert.deepEqual(crashWords(crash), ['strategy.ts(7,15): no market internal:X'])
  assert.deepEqual(crashWords('no answer within 5 ms'), ['no answer within 5 ms'])
})

test('the box is told to whoever is signed in, each text with its hash and its words', async () => {
  const { body, text } = await eve.get('/v1/strategies')
  const told: readonly Omit<BoxStrategy, 'source'>[] = JSON.parse(text).items
  assert.ok(told.length >= 10 && told.length <= BOX_MAX, `${told.length} strategies`)
  assert.equal(body.next, null)
  for (const { name, idea, hash, params } of told) {
    assert.match(idea, /^[A-Z].{20,}\.$/, name)
    assert.ok(idea.length < IDEA_CHARS_MAX, `${name}: its idea was cut`)
    const one = JSON.parse((await eve.get(`/v1/strategies/${name}`)).text).strategy
    const file = new URL(`../../bots/strategies/${name}.ts`, import.meta.url)
    assert.equal(one.source, readFileSync(file, 'utf8'))
    assert.equal(hash, createHash('sha256').update(one.source).digest('hex'))
    assert.deepEqual(one.params, params)
    const wordless = params.filter(({ about }) => about.length < 5).map((param) => param.name)
    assert.deepEqual(wordless, [], `${name}: what its page says of them`)
  }
  assert.ok(!told.some(({ name }) => name === 'arbitrage'), 'it imports files of the project')
  const none = await eve.get('/v1/strategies/no-such')
  assert.deepEqual([none.status, none.body.code], [404, 'not_found'])
  const { status } = await call(under.app, 'GET', '/v1/strategies')
  assert.equal(status, 401)
})

test('what the box tells of a strategy is what its text says in a sandbox', async () => {
  const { strategy } = JSON.parse((await eve.get('/v1/strategies/grid')).text)
  const { body, text } = await describe(strategy.source)
  assert.equal(body.strategy?.name, 'grid', text)
  const params = strategy.params.map(({ about: _about, ...param }: { about: string }) => param)
  assert.deepEqual(body.strategy?.params, params)
})

test('behind TLS under a name of the world a bot reaches its platform and trades', async () => {
  const asked = (options: object) =>
    new Promise<number>((done, fail) => {
      const ask = get(`${under.url}/v1/health`, { ca: cert, agent: false, ...options }, (answer) =>
        done(answer.resume().statusCode ?? 0),
      )
      ask.on('error', fail)
    })
  assert.equal(await asked({ servername: 'exchange.example' }), 200)
  await assert.rejects(asked({}), /altnames/, 'on this machine it has no name')
  const { status, body, text } = await ada.ask('POST', '/v1/bots', DEPLOY_EXAMPLES[0])
  assert.equal(status, 201, text)
  const account = Number(body.bot?.account)
  await until(
    () => under.exchange.views.ordersOf(account as never).length > 0,
    () => `an order: ${under.fleet.deployments.find('my-bot')?.why}`,
  )
})

test('only who may deploy may ask', async () => {
  const { headers, payload } = { headers: {}, payload: { source: SOURCE } }
  const url = '/v1/strategies/describe'
  const stranger = await under.app.inject({ method: 'POST', url, headers, payload })
  assert.equal(stranger.statusCode, 401)
})

test('what is no description is not taken for one', () => {
  const good = { name: 'x', params: PARAMS }
  assert.ok(readDescription(good) !== undefined)
  const [first] = PARAMS
  for (const wrong of [
    null,
    { name: 'x' },
    { name: '<b>', params: [] },
    { name: 'x'.repeat(65), params: [] },
    { name: 'x', params: Array.from({ length: 65 }, () => first) },
    { name: 'x', params: [{ ...first, kind: 'Market' }] },
    { name: 'x', params: [{ ...first, name: 'a b' }] },
    { name: 'x', params: [{ ...first, initial: {} }] },
    { name: 'x', params: [{ ...first, initial: 'x'.repeat(1_001) }] },
    { name: 'x', params: [{ ...first, min: '1' }] },
    { name: 'x', params: [{ ...first, choices: [1] }] },
  ]) {
    assert.equal(readDescription(wrong), undefined, JSON.stringify(wrong)?.slice(0, 80))
  }
})

test('so many are looked at, so many wait, and one more is told to come again', async () => {
  const opened = Promise.withResolvers<void>()
  const load = async () => {
    await opened.promise
    return { name: 'x', params: [] }
  }
  const workshop = { file: () => 'x.ts', wrongTypes: async () => [] }
  const checks = createChecks({ workshop, supervisor: { rehearse: async () => null } })
  const { describe: look } = descriptions({ checks, load, venues: [] })
  const text = (at: number) => `${SOURCE}// ${at}\n`
  const most = CHECKS_AT_ONCE + CHECKS_WAITING_MAX
  const all = Array.from({ length: most }, (_, at) => look(text(at)))
  const more = await look(SOURCE)
  assert.deepEqual([more.ok, !more.ok && more.code], [false, 'capacity.exhausted'])
  opened.resolve()
  assert.ok((await Promise.all(all)).every(({ ok }) => ok))
})

test('a text is loaded once, however often it is asked for, and again if it failed', async () => {
  const loaded: string[] = []
  const load = async (source: string) => {
    loaded.push(source)
    return loaded.length === 1 ? { wrong: 'not now' } : { name: 'x', params: [] }
  }
  const workshop = { file: () => 'x.ts', wrongTypes: async () => [] }
  const checks = createChecks({ workshop, supervisor: { rehearse: async () => null } })
  const { describe: look } = descriptions({ checks, load, venues: [] })
  const answers = []
  for (let times = 0; times < 4; times += 1) answers.push((await look(SOURCE)).ok)
  assert.deepEqual([answers, loaded.length], [[false, true, true, true], 2])
})
