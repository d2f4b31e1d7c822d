// Place order: what each kind of order must and may say, and the command that it becomes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_EXTRA } from '#engine/codec/extra.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { ORDER_EXAMPLES } from '#platform/orders/examples.ts'
import { originOf } from '#platform/orders/order-extra.ts'
import { placeSubmission } from '#platform/orders/place-order.ts'
import { type PlaceBody, PlaceBody as PlaceBodySchema } from '#platform/orders/port.ts'
import { BTC_USDC } from './market.ts'

const NOWHERE = { session: 0, key: 0 }

function submit(body: PlaceBody, { session, key } = NOWHERE) {
  const origin = originOf(session, key)
  const context = { market: BTC_USDC, account: asId<never>(16), origin, newId: () => 'made' }
  return placeSubmission(body, { ...context, now: asMicros(5) })
}

function command(body: PlaceBody, origin = NOWHERE) {
  const result = submit(body, origin)
  assert.ok(result.ok, JSON.stringify(result))
  return result.value
}

const whyNot = (body: PlaceBody) => {
  const result = submit(body)
  return result.ok ? 'accepted' : (result.details?.['why'] ?? result.code)
}

const LIMIT: PlaceBody = ORDER_EXAMPLES.limit
const STOP: PlaceBody = ORDER_EXAMPLES.stop
const OCO: PlaceBody = ORDER_EXAMPLES.oco
const BRACKET: PlaceBody = ORDER_EXAMPLES.bracket
const TRAIL: PlaceBody = ORDER_EXAMPLES.trailingStop

test('every example becomes a command with its prices in ticks and its sizes in lots', () => {
  const said = Object.entries(ORDER_EXAMPLES).map(([name, body]) => {
    const { type, timeInForce, price, size, quoteAmount, extra } = command(body)
    const given = Object.entries(extra ?? {}).filter(
      ([field, value]) => value !== NO_EXTRA[field as keyof typeof NO_EXTRA],
    )
    return [name, type, timeInForce, price, size, quoteAmount, Object.fromEntries(given)]
  })
  const [trigger, profit] = [440_000, 480_000]
  assert.deepEqual(said, [
    ['limit', 'limit', 'GTC', 450_000, 100, 0, {}],
    ['goodTillDate', 'limit', 'GTD', 450_000, 100, 0, { expireAt: 4_102_444_800_000_000 }],
    ['day', 'limit', 'DAY', 450_000, 100, 0, {}],
    ['market', 'market', 'IOC', 0, 100, 0, {}],
    ['marketByAmount', 'market', 'IOC', 0, 0, 50_000_000, { feeIn: 'received' }],
    ['stop', 'stop', 'GTC', 0, 100, 0, { triggerPrice: trigger, reduceOnly: true }],
    ['stopLimit', 'stop-limit', 'GTC', 439_000, 100, 0, { triggerPrice: trigger }],
    ['takeProfit', 'take-profit', 'GTC', 0, 100, 0, { triggerPrice: profit }],
    ['takeProfitLimit', 'take-profit-limit', 'GTC', 479_000, 100, 0, { triggerPrice: profit }],
    ['trailingStop', 'trailing-stop', 'GTC', 0, 100, 0, { trail: 2_500 }],
    ['trailingStopBps', 'trailing-stop', 'GTC', 0, 100, 0, { trail: 150, trailIn: 'bps' }],
    ['iceberg', 'limit', 'GTC', 450_000, 5_000, 0, { displaySize: 500 }],
    ['oco', 'oco', 'GTC', 480_000, 100, 0, { triggerPrice: trigger, stopPrice: 439_000 }],
    [
      'bracket',
      'limit',
      'GTC',
      450_000,
      100,
      0,
      { triggerPrice: trigger, takeProfitPrice: profit },
    ],
  ])
})

test('a plain order has no extra; one that comes over a connection has its number', () => {
  assert.equal(command(LIMIT).extra, undefined)
  const { extra } = command(LIMIT, { session: 7, key: 3 })
  assert.deepEqual(extra, { ...NO_EXTRA, session: 7, key: 3 })
})

test('what a kind of order needs and does not have is said by name', () => {
  const without = (body: PlaceBody, field: keyof PlaceBody): PlaceBody => {
    const { [field]: _left, ...rest } = body
    return rest as PlaceBody // A body that lacks one optional field.
  }
  for (const [body, field] of [
    [LIMIT, 'price'],
    [LIMIT, 'size'],
    [STOP, 'triggerPrice'],
    [ORDER_EXAMPLES.stopLimit, 'price'],
    [ORDER_EXAMPLES.takeProfitLimit, 'triggerPrice'],
    [OCO, 'triggerPrice'],
    [BRACKET, 'triggerPrice'],
  ] as const) {
    assert.equal(whyNot(without(body, field)), `${body.type}: needs ${field}`)
  }
})

test('what a kind of order does not have is refused, not left out', () => {
  for (const [body, field, value] of [
    [LIMIT, 'triggerPrice', '1.0'],
    [LIMIT, 'trail', '1.0'],
    [LIMIT, 'stopPrice', '1.0'],
    [LIMIT, 'quoteAmount', '5'],
    [LIMIT, 'trailBps', 5],
    [STOP, 'price', '1.0'],
    [STOP, 'slide', true],
    [STOP, 'postOnly', true],
    [STOP, 'displaySize', '0.001'],
    [STOP, 'takeProfitPrice', '1.0'],
    [OCO, 'displaySize', '0.001'],
    [ORDER_EXAMPLES.market, 'displaySize', '0.001'],
    [TRAIL, 'triggerPrice', '1.0'],
  ] as const) {
    assert.equal(whyNot({ ...body, [field]: value }), `${body.type}: has no ${field}`)
  }
})

test('every field of an order is wanted or refused by some kind, or means something to all', () => {
  const TO_ALL = ['clientOrderId', 'sentAt', 'account', 'market', 'side', 'type', 'timeInForce']
  const MORE = ['expireAt', 'selfTrade', 'feeIn', 'triggerBy', 'stays', 'reduceOnly']
  const examples: readonly PlaceBody[] = Object.values(ORDER_EXAMPLES)
  for (const field of Object.keys(PlaceBodySchema.properties)) {
    if ([...TO_ALL, ...MORE].includes(field)) continue
    const value = examples.find((body) => field in body)?.[field as keyof PlaceBody] ?? true
    const judged = examples.flatMap((body) => {
      const { [field as keyof PlaceBody]: _left, ...without } = body
      return [{ ...body, [field]: value }, without].map((one) => whyNot(one as PlaceBody))
    })
    const named = new RegExp(`: (needs|has no|either) .*\\b${field}\\b`)
    assert.ok(
      judged.some((why) => named.test(String(why))),
      field,
    )
  }
})

test('all that an order lacks is named, and all that it should not have', () => {
  const { market, side, type } = LIMIT
  assert.equal(whyNot({ market, side, type }), 'limit: needs price, size')
  const more = { ...STOP, postOnly: true, displaySize: '0.001' }
  assert.equal(whyNot(more), 'stop: has no displaySize, postOnly')
})

test('of two fields that exclude each other exactly one is given', () => {
  assert.equal(whyNot({ ...TRAIL, trailBps: 5 }), 'trailing-stop: either trail or trailBps')
  const { trail: _trail, ...neither } = ORDER_EXAMPLES.trailingStop
  assert.equal(whyNot(neither), 'trailing-stop: either trail or trailBps')
  const both = { ...ORDER_EXAMPLES.market, quoteAmount: '5' }
  assert.equal(whyNot(both), 'market: either size or quoteAmount')
})

test('times in force go with kinds of orders, and an end with GTD', () => {
  assert.equal(whyNot({ ...STOP, timeInForce: 'IOC' }), 'stop: is GTC, GTD, DAY')
  assert.equal(whyNot({ ...ORDER_EXAMPLES.market, timeInForce: 'DAY' }), 'market: is IOC, FOK')
  assert.equal(whyNot({ ...LIMIT, timeInForce: 'GTD' }), 'expireAt goes with GTD')
  assert.equal(whyNot({ ...LIMIT, expireAt: 5 }), 'expireAt goes with GTD')
  assert.equal(whyNot({ ...LIMIT, timeInForce: 'IOC' }), 'postOnly goes with GTC, GTD, DAY')
  const { postOnly: _postOnly, ...taking } = ORDER_EXAMPLES.limit
  assert.equal(whyNot({ ...taking, slide: true }), 'slide goes with postOnly')
  const iceberg = { ...ORDER_EXAMPLES.iceberg, timeInForce: 'FOK' as const }
  assert.equal(whyNot(iceberg), 'displaySize goes with orders that rest')
})

test('every price and size is parsed strictly, wherever it stands', () => {
  for (const field of ['triggerPrice', 'stopPrice', 'price'] as const) {
    assert.equal(whyNot({ ...OCO, [field]: '1.05' }), 'order.price_off_tick')
    assert.equal(whyNot({ ...OCO, [field]: '1e5' }), 'decimal')
    assert.equal(whyNot({ ...OCO, [field]: '9007199254740992' }), 'order.price_out_of_band')
  }
  assert.equal(whyNot({ ...BRACKET, takeProfitPrice: '1.05' }), 'order.price_off_tick')
  assert.equal(whyNot({ ...TRAIL, trail: '0.05' }), 'order.price_off_tick')
  assert.equal(whyNot({ ...LIMIT, displaySize: '0.000001' }), 'order.size_off_lot')
})

test('prices of an oco or a bracket in the wrong order are named, each by a sentence', () => {
  const buy: PlaceBody = { ...OCO, side: 'buy' }
  const market: PlaceBody = { ...ORDER_EXAMPLES.market, side: 'buy', size: '0.001' }
  const exits = (triggerPrice: string, takeProfitPrice: string) =>
    ({ triggerPrice, takeProfitPrice }) as const
  for (const [body, where, why] of [
    [{ ...OCO, triggerPrice: '48000' }, 'triggerPrice', /OCO that sells must be below its price/],
    [{ ...buy, price: '48000', triggerPrice: '44000' }, 'triggerPrice', /buys must be above its/],
    [{ ...BRACKET, takeProfitPrice: '45000' }, 'takeProfitPrice', /must be above its price/],
    [{ ...BRACKET, triggerPrice: '45000' }, 'triggerPrice', /bracket must be below its price/],
    [{ ...market, ...exits('45000', '44000') }, 'triggerPrice', /below its take-profit price/],
  ] as const) {
    const result = submit(body)
    assert.ok(!result.ok)
    assert.equal(result.code, 'request.malformed')
    assert.equal(result.details?.['where'], where)
    assert.match(String(result.details?.['why']), why)
  }
  assert.equal(whyNot({ ...buy, price: '44000', triggerPrice: '48000' }), 'accepted')
  assert.equal(whyNot({ ...market, ...exits('44000', '48000') }), 'accepted')
})
