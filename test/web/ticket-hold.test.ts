// Ticket holds: what the page counts a buy with is what the engine holds for it, kind by kind.
//
// The ticket fills in 100 %, and the engine is asked: it takes the order, and not a lot more.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signal } from '@preact/signals'
import type { CommandBody } from '#engine/command.ts'
import { asId } from '#kernel/ids.ts'
import type { Market } from '#platform/web/model/listing.ts'
import type { Ticker } from '#platform/web/model/market-data.ts'
import { textOf, unitsOf } from '#platform/web/model/order-terms.ts'
import { KINDS, type KindField } from '#platform/web/model/ticket-kinds.ts'
import { fillShare, linkTotal, previewOf } from '#platform/web/model/ticket-preview.ts'
import { createTicketState } from '#platform/web/model/ticket-state.ts'
import { limit, listMarket } from '#test/support/commands.ts'
import { cancel, createExample, order, rules } from '#test/support/example.ts'

const [FUNDS, MARKET, LAST] = [1_000_000_007, 2, 1_000]
const [BUYER, ANN, BOB] = [16, 17, 18]

type Rules = {
  readonly tick: number
  readonly collarBps: number
  readonly maker: number
  /** The customer's tier is told, and the market's first one is another. */
  readonly tiered?: true
}
const RULES: readonly Rules[] = [
  { tick: 1, collarBps: 500, maker: 20_000 },
  { tick: 5, collarBps: 333, maker: 80_000 },
  { tick: 5, collarBps: 5_000, maker: -10_000 },
  { tick: 1, collarBps: 500, maker: 30_000, tiered: true },
]

/** Prices of the fields, in ticks; the last trade was at LAST. */
const WRITTEN: Readonly<Record<string, Partial<Record<KindField, number>>>> = {
  limit: { price: 999 },
  stop: { trigger: 1_111 },
  'stop-limit': { trigger: 1_111, price: 1_234 },
  'take-profit': { trigger: 977 },
  'trailing-stop': { trail: 77 },
  iceberg: { price: 999, display: 1 },
  oco: { price: 950, trigger: 1_111 },
  bracket: { price: 999, trigger: 900, takeProfit: 1_100 },
}

function beginning({ tick, collarBps, maker }: Rules): CommandBody[] {
  const more = { tickUnits: tick, makerRate: maker, takerRate: 50_000 } as const
  const trade = { market: asId<never>(MARKET), price: LAST, size: 5 }
  return [
    listMarket('BTC-EUR', 1, more),
    rules({ market: MARKET, minNotional: 1, collarBps }),
    limit('sell', { ...trade, account: ANN }),
    limit('buy', { ...trade, account: BOB }),
  ]
}

function createTicket({ tick, collarBps, maker, tiered }: Rules, funds = FUNDS) {
  const rates = { makerFeeBps: maker / 100, takerFeeBps: 500 }
  const first = tiered === true ? { makerFeeBps: 700, takerFeeBps: 900 } : rates
  const market: Market = {
    ...{ symbol: 'BTC-EUR', kind: 'spot', base: 'BTC', quote: 'EUR', pools: [] },
    ...{ tickSize: String(tick), lotSize: '0.000003', minNotional: '0.000001' },
    ...{ ...first, feeTiers: [], phase: 'continuous' },
    ...{ phaseEndsAt: null, markPrice: null, indicative: null },
    rules: {
      ...{ collarBps, bandBps: 0, bandWindowMs: 0, haltMs: 0, auctionMs: 0 },
      ...{ sessionOpenMs: 0, sessionCloseMs: 0 },
    },
  }
  const last = String(LAST * tick)
  const ticker: Ticker = {
    ...{ market: 'BTC-EUR', bid: null, ask: null, last, open24h: null, high24h: null },
    ...{ low24h: null, volume24h: '0', quoteVolume24h: '0', at: 1 },
  }
  const deps = {
    listing: { market: signal(market), scaleOf: () => 6 },
    portfolio: { available: () => textOf(funds, 6) },
    data: { ticker: signal(ticker), book: signal(null) },
    fees: { own: signal(tiered === true ? rates : undefined) },
  }
  const state = createTicketState(deps)
  linkTotal(state)
  return { state, deps }
}

type Prices = Partial<Record<KindField, number>>

function placed(type: (typeof KINDS)[number]['type'], prices: Prices, lots: number): CommandBody {
  const { price = 0, trigger = 0, stop = 0, takeProfit = 0, trail = 0, display = 0 } = prices
  const extra = { triggerPrice: trigger, stopPrice: stop, takeProfitPrice: takeProfit }
  const body = { type, price, size: lots, account: BUYER, market: MARKET }
  return order('buy', body, { ...extra, trail, displaySize: display })
}

test('a buy of 100 % is accepted, whatever waits for what, and one lot more is not', () => {
  for (const set of RULES) {
    const example = createExample(beginning(set), FUNDS)
    const cases = Object.entries(WRITTEN)
    // A limit for the stop, on either side of the price.
    cases.push(['oco', { ...WRITTEN['oco'], stop: 1_200 }], ['oco', { ...WRITTEN['oco'], stop: 9 }])
    for (const [id, prices] of cases) {
      const { state, deps } = createTicket(set)
      state.kindId.value = id
      const { type, fields } = state.kind.value
      for (const field of fields) {
        const written = (prices[field] ?? 0) * set.tick
        state[field].value = written === 0 ? '' : String(written)
      }
      fillShare(deps, state, 100)
      const lots = (unitsOf(state.size.value, 6) ?? 0) / 3
      const about = `${id} ${JSON.stringify({ ...prices, ...set, lots })}`
      assert.ok(Number.isInteger(lots) && lots > 1, about)
      assert.equal(previewOf(deps, state)?.isShort, false, about)
      assert.equal(example.run(placed(type, prices, lots + 1)), 'funds.insufficient', about)
      assert.match(example.run(placed(type, prices, lots)), /accepted/, about)
      example.run(cancel(example.lastId(), BUYER))
      state.size.value = textOf((lots + 1) * 3, 6)
      assert.equal(previewOf(deps, state)?.isShort, true, about)
    }
  }
})

test('value and fee alone are a unit short: the engine holds one more', () => {
  const set = { tick: 1, collarBps: 500, maker: 20_000 }
  // 10 lots at 999 ticks are 29,970 units, and 5 % of that are 1,499.
  for (const [funds, isShort] of [
    [31_469, true],
    [31_470, false],
  ] as const) {
    const { state, deps } = createTicket(set, funds)
    state.price.value = '999'
    state.size.value = '0.00003'
    const preview = previewOf(deps, state)
    assert.deepEqual([preview?.total, preview?.isShort], ['0.031469', isShort])
    const told = createExample(beginning(set), funds).run(placed('limit', { price: 999 }, 10))
    assert.equal(told === 'funds.insufficient', isShort, told)
  }
})

test('every kind but the market order is among them', () => {
  const ids = KINDS.map(({ id }) => id).filter((id) => id !== 'market')
  assert.deepEqual(Object.keys(WRITTEN).sort(), ids.sort())
})

test('a sale is shown at the price that it names, and a trailing stop at its first trigger', () => {
  const { state } = createTicket({ tick: 1, collarBps: 500, maker: 20_000 })
  state.side.value = 'sell'
  const counted = (id: string, prices: Prices) => {
    state.kindId.value = id
    for (const field of state.kind.value.fields) state[field].value = String(prices[field] ?? '')
    return state.counted.value
  }
  assert.equal(counted('stop', { trigger: 900 }), 900)
  assert.equal(counted('oco', { price: 1_100, trigger: 900 }), 1_100)
  assert.equal(counted('trailing-stop', { trail: 50 }), 950)
  assert.equal(counted('trailing-stop', { trail: 1_000 }), undefined)
  assert.equal(counted('market', {}), undefined)
})
