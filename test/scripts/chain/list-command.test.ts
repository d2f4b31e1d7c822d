// A market and its asset on the exchange that runs, by two people and the command line.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { StartError } from '#kernel/start-error.ts'
import { grantCapability } from '#platform/auth/grant.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { main } from '#scripts/chain/list-command.ts'
import { call, createExchange, PASSWORD } from '../../api/exchange.ts'

const exchange = await createExchange()
const { database, views, open, clock } = exchange
const url = await exchange.app.listen({ host: '127.0.0.1', port: 0 })

async function person(name: string, capability?: string): Promise<string> {
  const email = `${name}@example.com`
  const made = await open.auth.register({ email, password: PASSWORD })
  assert.ok(made.ok)
  const store = createAuthStore(database)
  const now = clock()
  if (capability !== undefined) await grantCapability({ store, email, capability, now })
  return email
}

const [ada, bob, carol] = [
  await person('ada', 'admin'),
  await person('bob', 'compliance'),
  await person('carol'),
]
for (const email of [ada, bob]) await untilStaff(email)

/** Roles are noticed within seconds by an exchange that runs. */
async function untilStaff(email: string): Promise<void> {
  const login = { payload: { email, password: PASSWORD } }
  const { body } = await call(exchange.app, 'POST', '/v1/auth/login', login)
  const headers = { authorization: `Bearer ${body.accessToken}` }
  const ask = () => call(exchange.app, 'GET', '/v1/admin/actions', { headers })
  while ((await ask()).status !== 200) await new Promise((next) => setTimeout(next, 50))
}

async function run(t: TestContext, line: string) {
  process.env['CROSSBOOK_PASSWORD'] = PASSWORD
  process.env['CROSSBOOK_SECOND_PASSWORD'] = PASSWORD
  const printed = t.mock.method(console, 'log', () => {})
  const refused = t.mock.method(console, 'error', () => {})
  try {
    const code = await main([...line.split(' '), '--url', url])
    return { code, said: printed.mock.calls.map(({ arguments: [row] }) => String(row)).join('\n') }
  } finally {
    printed.mock.restore()
    refused.mock.restore()
  }
}

const refusal = async (t: TestContext, line: string): Promise<string> => {
  try {
    return JSON.stringify(await run(t, line))
  } catch (error) {
    assert.ok(error instanceof StartError, String(error))
    assert.ok(!error.message.includes(PASSWORD))
    return error.message
  }
}

test('a market stands on the exchange that runs when two people want it', async (t) => {
  const asset = await run(t, `asset EURC --scale 6 --by ${ada} --with ${bob} --json`)
  assert.equal(JSON.parse(asset.said).status, 'done')
  const market = 'market EURC-USDC --tick 0.0005 --lot 0.01 --min-notional 5 --taker-bps 7.5'
  const { code, said } = await run(t, `${market} --by ${ada} --with ${bob}`)
  assert.deepEqual([code, /^EURC-USDC done, action /.test(said)], [0, true], said)
  const found = views.listing.marketBySymbol('EURC-USDC')
  assert.deepEqual(
    [found?.priceScale, found?.tickUnits, found?.lotUnits, found?.minNotional],
    [4, 5, 10_000, 5_000_000],
  )
  const told = Object(await (await fetch(`${url}/v1/markets/EURC-USDC`)).json())
  assert.deepEqual(
    [told.tickSize, told.lotSize, told.minNotional, told.makerFeeBps, told.takerFeeBps],
    ['0.0005', '0.01', '5.000000', 2, 7.5],
  )
})

test('one person proposes now, another one approves later, and nobody both', async (t) => {
  const line = `market ETH-BTC --tick 0.00001 --lot 0.01 --min-notional 0.0001 --by ${ada} --json`
  const { id, status } = JSON.parse((await run(t, line)).said)
  assert.equal(status, 'proposed')
  assert.match(await refusal(t, `approve ${id} --by ${ada}`), /admin\.same_person/)
  assert.equal(views.listing.marketBySymbol('ETH-BTC'), undefined)
  const approved = await run(t, `approve ${id} --by ${bob}`)
  assert.equal(approved.said, `${id} done, action ${id}`)
  assert.ok(views.listing.marketBySymbol('ETH-BTC') !== undefined)
})

test('what cannot be is one line that says why', async (t) => {
  const of = `--tick 0.01 --lot 0.01 --by ${ada}`
  for (const [line, why] of [
    [`market XYZ-USDC ${of}`, /^the exchange has no asset XYZ; list it first$/],
    [`market BTC ${of}`, /^'BTC' is no BASE-QUOTE$/],
    [`market BTC-USDC --lot 0.01 --by ${ada}`, /^--tick is missing/],
    [`market BTC-USDC ${of} --maker-bps 1.234`, /no rate in basis points/],
    [
      `market BTC-USD --tick 0.00000001 --lot 0.00000001 --by ${ada} --with ${bob}`,
      /market.invalid/,
    ],
    [`market BTC-USDC --tick 0.01 --lot 0.01 --by ${carol}`, /auth\.forbidden/],
    [`asset BAD! --scale 6 --by ${ada}`, /request\.malformed/],
    [`approve nothing --by ${bob}`, /not_found/],
    [`asset EURD --scale 6 --by nobody@example.com`, /auth\./],
  ] as const) {
    assert.match(await refusal(t, line), why, line)
  }
  delete process.env['CROSSBOOK_PASSWORD']
  await assert.rejects(main(['approve', 'x', '--by', ada, '--url', url]), /CROSSBOOK_PASSWORD/)
})

test('used wrongly it answers 2, and asked for help it explains itself', async (t) => {
  assert.equal((await run(t, 'market')).code, 2)
  assert.equal((await run(t, 'pool ETH-USDC')).code, 2)
  const help = await run(t, '--help')
  assert.equal(help.code, 0)
  assert.match(help.said, /list market BASE-QUOTE/)
})
