// What two people change of a market or an account is one command each, said exactly.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAdminActions } from '#platform/admin/service.ts'
import { createActionStore } from '#platform/admin/store.ts'
import { createCustomer, createExchange } from '../api/exchange.ts'
import { createRecorder } from '../api/recorder.ts'

const recorder = createRecorder()
const exchange = await createExchange({ wrap: recorder.wrap })
const { database, sequencer, views } = exchange
const ada = await createCustomer(exchange, 'ada')
const bob = await createCustomer(exchange, 'bob')
const store = createActionStore(database)
const actions = createAdminActions({
  ...{ store, sequencer, listing: views.listing, now: exchange.clock },
})

const RULES = {
  ...{ minNotional: '5.00', collarBps: 500, bandBps: 1_000, bandWindowMs: 60_000 },
  ...{ haltMs: 5_000, auctionMs: 30_000, sessionOpenMs: 1, sessionCloseMs: 2 },
}
const tiers = (makerFeeBps: number) => [{ minNotional: '0', makerFeeBps, takerFeeBps: 5 }]
const propose = (kind: string, params: Record<string, unknown>) =>
  actions.propose({ kind, params, reason: 'why not', proposedBy: ada.userId })

async function decided(kind: string, params: Record<string, unknown>) {
  const proposed = await propose(kind, params)
  assert.ok(proposed.ok, JSON.stringify(proposed))
  recorder.taken()
  const { id } = proposed.value
  const alone = await actions.approve({ id, by: ada.userId })
  assert.deepEqual(alone, { ok: false, code: 'admin.same_person' })
  assert.deepEqual(recorder.taken(), [])
  const approved = await actions.approve({ id, by: bob.userId })
  assert.ok(approved.ok)
  return { action: approved.value, commands: recorder.taken() }
}

const [btc, eth, gbp] = ['BTC-USDC', 'ETH-USDC', 'GBP-USD']
const CASES: readonly (readonly [string, Record<string, unknown>, object])[] = [
  [
    'market.rules',
    { market: btc, ...RULES },
    {
      ...{ kind: 'setMarket', market: 0, minNotional: 5_000_000, collarBps: 500, bandBps: 1_000 },
      ...{ bandWindowUs: 6e7, haltUs: 5e6, auctionUs: 3e7 },
      ...{ sessionOpenUs: 1_000, sessionCloseUs: 2_000 },
    },
  ],
  [
    'market.fees',
    { market: eth, tiers: tiers(-0.29) },
    { kind: 'setFees', market: 1, tiers: [{ minNotional: 0, makerRate: -29, takerRate: 500 }] },
  ],
  [
    'market.phase',
    { market: btc, phase: 'halted' },
    { kind: 'setPhase', market: 0, phase: 'halted', endsAt: 0 },
  ],
  [
    'market.phase',
    { market: btc, phase: 'auction', endsAt: 77 },
    { kind: 'setPhase', market: 0, phase: 'auction', endsAt: 77 },
  ],
  ['market.delist', { market: gbp }, { kind: 'delistMarket', market: 2 }],
  [
    'account.freeze',
    { account: ada.account, frozen: true },
    { kind: 'freezeAccount', account: ada.account, frozen: true },
  ],
  [
    'account.cancel_orders',
    { account: ada.account },
    { kind: 'cancelAll', account: ada.account, market: null, side: null },
  ],
]

test('one person alone changes nothing, two send one command each', async () => {
  for (const [kind, params, command] of CASES) {
    recorder.answer(() => ({}))
    const done = await decided(kind, params)
    assert.deepEqual(done.commands, [command])
    assert.deepEqual([done.action.status, done.action.seq], ['done', 4_711])
    recorder.answer(() => ({ code: 'market.invalid' }))
    const refused = await decided(kind, params)
    assert.deepEqual([refused.action.status, refused.action.code], ['refused', 'market.invalid'])
  }
  recorder.answer(null)
})

test('the exchange carries them out, and twice is once', async () => {
  for (let turn = 0; turn < 2; turn += 1) {
    for (const [kind, params] of [
      ['market.phase', { market: btc, phase: 'halted' }],
      ['market.delist', { market: gbp }],
      ['account.freeze', { account: ada.account, frozen: true }],
      ['account.cancel_orders', { account: ada.account }],
    ] as const) {
      const { action } = await decided(kind, params)
      assert.deepEqual([action.status, action.code], ['done', null], kind)
    }
  }
  assert.equal(views.marketState(0 as never).phase, 'halted')
  assert.equal(views.marketState(2 as never).delisted, true)
  assert.equal(views.account(ada.account as never)?.frozen, true)
  const { action } = await decided('account.freeze', { account: 65_000, frozen: true })
  assert.equal(action.status, 'refused')
})

test('what cannot be said exactly is refused before anybody decides', async () => {
  for (const [kind, params, code] of [
    ['market.phase', { market: 'NO-SUCH', phase: 'halted' }, 'market.unknown'],
    ['market.fees', { market: btc, tiers: tiers(0.005) }, 'request.malformed'],
    ['market.rules', { market: btc, ...RULES, minNotional: '-1' }, 'request.malformed'],
  ] as const) {
    const proposed = await propose(kind, params)
    assert.equal(proposed.ok ? null : proposed.code, code)
  }
})
