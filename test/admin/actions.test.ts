// What takes two people: nobody does it alone, each step is taken once, and the journal has it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAdminActions, PROPOSAL_US } from '#platform/admin/service.ts'
import { createActionStore } from '#platform/admin/store.ts'
import { grantCapability } from '#platform/auth/grant.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { call, createExchange, PASSWORD } from '../api/exchange.ts'

const exchange = await createExchange()
const { app, database, sequencer, views, open } = exchange
const MARKET = {
  ...{ base: 'ETH', quote: 'BTC', priceScale: 5, tickUnits: 1, lotUnits: 1_000_000 },
  ...{ minNotional: 1_000, makerRate: 200, takerRate: 500 },
}
const PROPOSAL = { kind: 'market.list', params: MARKET, reason: 'customers ask for it' }

/** Somebody of the house who has signed in. */
async function staff(name: string, role: string) {
  const credentials = { email: `${name}@example.com`, password: PASSWORD }
  const user = await open.auth.register(credentials)
  assert.ok(user.ok)
  const store = createAuthStore(database)
  const granted = await grantCapability({
    ...{ store, email: credentials.email, capability: role, now: exchange.clock() },
  })
  assert.ok(granted.ok)
  return { ...credentials, id: user.value.id }
}

const people = {
  ada: await staff('ada', 'admin'),
  bob: await staff('bob', 'admin'),
  carol: await staff('carol', 'compliance'),
  audrey: await staff('audrey', 'auditor'),
}
// A running platform notices a grant within seconds; a new one at once.
const restarted = await createRestarted()

async function createRestarted() {
  const { openExchange } = await import('#platform/exchange.ts')
  const base = { database, dataFolder: exchange.folder, clock: exchange.clock, version: '0.1.0' }
  const image = sequencer.image()
  const again = await openExchange({ ...base, sequencer, image, log: () => {} })
  const served = again.serve(exchange.serving)
  await served.ready()
  return { again, served }
}

async function as(who: keyof typeof people) {
  const { email, password } = people[who]
  const login = await call(restarted.served, 'POST', '/v1/auth/login', {
    payload: { email, password },
  })
  const headers = { authorization: `Bearer ${login.body.accessToken}` }
  const ask = (method: 'GET' | 'POST', path: string, payload?: object) =>
    call(restarted.served, method, `/v1/admin/actions${path}`, {
      headers,
      ...(payload === undefined ? {} : { payload }),
    })
  return {
    propose: (payload: object = PROPOSAL) => ask('POST', '', payload),
    approve: (id: string) => ask('POST', `/${id}/approve`),
    reject: (id: string) => ask('POST', `/${id}/reject`),
    get: (path = '') => ask('GET', path),
  }
}

const [ada, bob, carol, audrey] = [
  await as('ada'),
  await as('bob'),
  await as('carol'),
  await as('audrey'),
]
const actionOf = (answer: { readonly text: string }) => JSON.parse(answer.text).action

test('a market is listed when a second person approves, and by no other way', async () => {
  const proposed = await ada.propose()
  assert.equal(proposed.status, 201, proposed.text)
  const { id, status, proposedBy } = actionOf(proposed)
  assert.deepEqual([status, proposedBy], ['proposed', people.ada.id])
  const alone = await ada.approve(id)
  assert.deepEqual([alone.status, alone.body.code], [409, 'admin.same_person'])
  assert.equal(views.listing.marketBySymbol('ETH-BTC'), undefined)
  const both = await Promise.all([bob.approve(id), carol.approve(id)])
  assert.deepEqual(both.map((one) => one.status).sort(), [200, 409])
  const done = actionOf(await audrey.get(`/${id}`))
  assert.deepEqual([done.status, done.code], ['done', null])
  assert.ok(done.seq > 0 && done.decidedBy !== people.ada.id)
  assert.ok(views.listing.marketBySymbol('ETH-BTC') !== undefined)
  const again = await bob.approve(id)
  assert.deepEqual([again.status, again.body.code], [409, 'admin.decided'])
})

test('an asset is listed by two people, in the ledger only, and twice is once', async () => {
  const listing = { kind: 'asset.list', params: { symbol: 'EURC', scale: 6 }, reason: 'a euro' }
  for (let turn = 0; turn < 2; turn += 1) {
    const { id } = actionOf(await ada.propose(listing))
    const done = actionOf(await bob.approve(id))
    assert.deepEqual([done.status, done.code], ['done', null], `turn ${turn}`)
  }
  const asset = views.listing.assetBySymbol('EURC')
  assert.deepEqual([asset?.scale, asset?.chainDecimals], [6, -1])
  for (const scale of [-1, 9]) {
    const params = { symbol: 'EURD', scale }
    assert.equal((await ada.propose({ ...listing, params })).status, 400)
  }
})

test('what the exchange refuses is recorded with its code', async () => {
  const params = { ...MARKET, quote: 'USD', tickUnits: 7, lotUnits: 3 }
  const { id } = actionOf(await ada.propose({ ...PROPOSAL, params }))
  const refused = actionOf(await carol.approve(id))
  assert.deepEqual([refused.status, refused.code], ['refused', 'market.invalid'])
})

test('a proposal is rejected by anybody or taken back, and is over then', async () => {
  const { id } = actionOf(await ada.propose())
  assert.equal(actionOf(await ada.reject(id)).status, 'rejected')
  assert.equal((await bob.approve(id)).body.code, 'admin.decided')
  assert.equal((await bob.reject(id)).body.code, 'admin.decided')
  for (const answer of [
    await bob.approve('none'),
    await bob.reject('none'),
    await bob.get('/none'),
  ]) {
    assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'])
  }
})

test('an auditor reads every action and takes no step', async () => {
  assert.ok((await audrey.get()).body.items.length >= 3)
  assert.equal((await audrey.propose()).status, 403)
  const { id } = actionOf(await ada.propose())
  assert.equal((await audrey.approve(id)).status, 403)
  assert.equal((await audrey.reject(id)).status, 403)
})

test('an unknown asset or kind and a reason with controls are refused at once', async () => {
  const params = { ...MARKET, base: 'XYZ' }
  assert.equal((await ada.propose({ ...PROPOSAL, params })).body.code, 'asset.unknown')
  for (const wrong of [
    { kind: 'market.burn' },
    { reason: '' },
    { reason: 'a\u202eb' },
    { more: 1 },
  ]) {
    assert.equal((await ada.propose({ ...PROPOSAL, ...wrong })).status, 400)
  }
})

test('the database itself refuses that one person does both', async () => {
  const { id } = actionOf(await ada.propose())
  const pool = database.pool('test', 1)
  const forced = pool.query(
    `UPDATE records.admin_actions SET status = 'approved', decided_by = proposed_by WHERE id = $1`,
    [id],
  )
  await assert.rejects(forced, /check constraint/)
})

test('a crash between approving and submitting is mended', async () => {
  const clock = { us: exchange.clock() as number }
  const store = createActionStore(database)
  const deps = { store, listing: views.listing, now: () => clock.us }
  const lost = createAdminActions({
    ...deps,
    sequencer: {
      submit: async (body) => {
        await sequencer.submit(body)
        return { seq: 0, code: 'unknown', duplicate: false, events: [] }
      },
    },
  })
  const params = { ...MARKET, base: 'BTC', quote: 'USD', priceScale: 1, lotUnits: 1_000_000 }
  const proposal = { ...PROPOSAL, params, proposedBy: people.ada.id }
  const proposed = await lost.propose(proposal)
  assert.ok(proposed.ok)
  const approved = await lost.approve({ id: proposed.value.id, by: people.bob.id })
  assert.ok(approved.ok && approved.value.status === 'approved')
  assert.ok(views.listing.marketBySymbol('BTC-USD') !== undefined)
  const next = createAdminActions({ ...deps, sequencer })
  assert.equal(await next.resume(), 1)
  assert.equal(await next.resume(), 0)
  const action = await next.find(proposed.value.id)
  assert.deepEqual([action?.status, action?.code], ['done', null])
})

test('a proposal that nobody decides is over after a day', async () => {
  const clock = { us: exchange.clock() as number }
  const store = createActionStore(database)
  const actions = createAdminActions({
    store,
    sequencer,
    listing: views.listing,
    now: () => clock.us,
  })
  const propose = async () => {
    const proposed = await actions.propose({ ...PROPOSAL, proposedBy: people.ada.id })
    assert.ok(proposed.ok)
    return proposed.value.id
  }
  const [late, inTime] = [await propose(), await propose()]
  clock.us += PROPOSAL_US - 1
  assert.equal((await actions.approve({ id: inTime, by: people.bob.id })).ok, true)
  clock.us += 1
  const over = await actions.approve({ id: late, by: people.bob.id })
  assert.deepEqual(over, { ok: false, code: 'admin.decided' })
  await restarted.served.close()
  await restarted.again.close()
  await app.close()
})

test('a number of an older row that no record holds ends as refused', async () => {
  const deps = { store: createActionStore(database), listing: views.listing, now: exchange.clock }
  const actions = createAdminActions({ ...deps, sequencer })
  const proposal = { kind: 'account.cancel_orders', reason: 'old', proposedBy: people.ada.id }
  const proposed = await actions.propose({ ...proposal, params: { account: 2 ** 32 } })
  assert.ok(proposed.ok)
  const decided = await deps.store.decide({
    ...{ id: proposed.value.id, by: people.bob.id, now: exchange.clock(), status: 'approved' },
  })
  assert.equal(decided?.status, 'approved')
  assert.equal(await actions.resume(), 1)
  const action = await actions.find(proposed.value.id)
  assert.deepEqual([action?.status, action?.code], ['refused', 'request.malformed'])
  assert.equal(await actions.resume(), 0)
})
