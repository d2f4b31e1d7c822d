// The numbered spec of every venue: the same cards run over books and pools.
//
// A card says what a strategy may rely on, whatever is behind the Venue port. What differs between
// venues is data of the VenueUnderTest. VEN-1x: what is told; 2x: quotes; 3x: orders; 4x: memory
// of ids; 5x: fills and balances; 6x: lost answers and restarts. A new venue passes all of them.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { MarketUpdate, Order, OrderRequest, PlaceAnswer, Side } from '#connectors/venue.ts'
import type { VenueUnderTest } from './venue-under-test.ts'

type Accepted = Extract<PlaceAnswer, { kind: 'accepted' }>

const SIDES = ['buy', 'sell'] as const

/** The venue is open already: what it closes at the end belongs to the file, not to a card. */
export function testVenue(one: VenueUnderTest): void {
  after(() => one.venue.close())
  const card: Card = (title, run) => {
    test(title, () => run(one))
  }
  tellCards(card)
  quoteCards(card)
  orderCards(card)
  amendCards(card)
  memoryCards(card)
  moneyCards(card)
  faultCards(card)
  amendFaultCard(card)
}

type Card = (title: string, run: (one: VenueUnderTest) => Promise<void>) => void

const count = { ids: 0 }

function request(one: VenueUnderTest, side: Side, changes: Partial<OrderRequest> = {}) {
  count.ids += 1
  const order: OrderRequest = {
    clientOrderId: `card-${count.ids}`,
    ...{ sentAt: Date.now() * 1_000, symbol: one.symbol, side },
    quantity: { in: 'base', amount: one.size },
    limitPrice: one.prices[side].fills,
    timeInForce: 'IOC',
  }
  return { ...order, ...changes }
}

async function placed(one: VenueUnderTest, order: OrderRequest): Promise<Accepted> {
  const answer = await one.trading.place(order)
  assert.ok(answer.kind === 'accepted', JSON.stringify(answer))
  return answer
}

function tellCards(card: Card): void {
  card('VEN-10 an instrument tells its assets, steps and fees', async ({ venue, symbol }) => {
    const instruments = await venue.instruments()
    assert.equal(new Set(instruments.map((one) => one.symbol)).size, instruments.length)
    const own = instruments.find((one) => one.symbol === symbol)
    assert.ok(own !== undefined && own.base !== own.quote)
    assert.ok(Number(own.tick) > 0 && Number(own.lot) > 0)
    for (const fee of [own.takerFee, own.makerFee]) assert.ok(Number(fee) >= 0 && Number(fee) < 1)
  })

  card('VEN-11 a subscriber is told a book, best first, bids below asks', async (one) => {
    const { told, end } = await subscribed(one)
    const book = told.findLast(({ kind }) => kind === 'book')
    assert.ok(book?.kind === 'book' && book.symbol === one.symbol)
    const bids = book.bids.map(({ price }) => Number(price))
    const asks = book.asks.map(({ price }) => Number(price))
    assert.ok(bids.length > 0 && asks.length > 0)
    assert.deepEqual(
      bids,
      bids.toSorted((a, b) => b - a),
    )
    assert.deepEqual(
      asks,
      asks.toSorted((a, b) => a - b),
    )
    assert.ok((bids[0] ?? 0) < (asks[0] ?? 0))
    for (const { size } of [...book.bids, ...book.asks]) assert.ok(Number(size) > 0)
    end()
  })

  card('VEN-12 what is told is plain data that fits through a channel', async (one) => {
    const { told, end } = await subscribed(one)
    for (const update of told) assert.deepEqual(JSON.parse(JSON.stringify(update)), update)
    end()
  })

  card('VEN-13 a fill changes the book, and time does not go back', async (one) => {
    const { told, end } = await subscribed(one)
    const before = told.findLast(({ kind }) => kind === 'book')
    await placed(one, request(one, 'buy'))
    await one.settle()
    const now = told.findLast(({ kind }) => kind === 'book')
    assert.ok(before?.kind === 'book' && now?.kind === 'book')
    assert.notDeepEqual(now.asks, before.asks)
    assert.ok(now.at >= before.at)
    end()
  })

  card('VEN-14 who has left is told nothing any more', async (one) => {
    const { told, end } = await subscribed(one)
    end()
    const heard = told.length
    await placed(one, request(one, 'sell'))
    await one.settle()
    assert.equal(told.length, heard)
  })
}

async function subscribed(one: VenueUnderTest) {
  const told: MarketUpdate[] = []
  const end = one.venue.subscribe(one.symbol, (update) => void told.push(update))
  await one.settle()
  return { told, end }
}

function quoteCards(card: Card): void {
  card('VEN-20 buying costs more than selling brings', async (one) => {
    const quote = async (side: Side) => {
      const quantity = { in: 'base', amount: one.size } as const
      const answer = await one.venue.quote({ symbol: one.symbol, side, quantity })
      assert.ok(answer.kind === 'quote', JSON.stringify(answer))
      return Number(answer.quote)
    }
    assert.ok((await quote('buy')) > (await quote('sell')))
  })

  for (const side of SIDES) {
    card(`VEN-21 a ${side} comes to what was quoted just before, fees included`, async (one) => {
      await one.settle()
      const quantity = { in: 'base', amount: one.size } as const
      const quote = await one.venue.quote({ symbol: one.symbol, side, quantity })
      assert.ok(quote.kind === 'quote')
      const { order, fills } = await placed(one, request(one, side))
      const fees = fills.reduce((sum, { fee }) => sum + Number(fee.amount), 0)
      const isInQuote = fills.every(({ fee }) => one.symbol.split('-')[1] === fee.asset)
      assert.ok(isInQuote, 'these markets take their fees in the quote asset')
      const came = Number(order.filledQuote) + (side === 'buy' ? fees : -fees)
      assert.ok(Math.abs(came - Number(quote.quote)) <= 3 * one.quoteUnit, `${came}`)
      await one.settle()
    })
  }

  card('VEN-22 what cannot be filled whole is not quoted in part', async (one) => {
    for (const amount of ['999999999', '0', '-1', '1e3', '']) {
      const quantity = { in: 'base', amount } as const
      const answer = await one.venue.quote({ symbol: one.symbol, side: 'buy', quantity })
      assert.equal(answer.kind, 'unavailable', amount)
    }
    const quantity = { in: 'base', amount: one.size } as const
    const answer = await one.venue.quote({ symbol: 'NO-SUCH', side: 'buy', quantity })
    assert.equal(answer.kind, 'unavailable')
  })
}

function orderCards(card: Card): void {
  for (const side of SIDES) {
    card(`VEN-30 a ${side} is never filled worse than its limit`, async (one) => {
      const order = request(one, side)
      const { order: filled } = await placed(one, order)
      const limit = Number(order.limitPrice)
      const average = Number(filled.filledQuote) / Number(filled.filledBase)
      assert.equal(filled.state, 'filled')
      assert.ok(side === 'buy' ? average <= limit : average >= limit, `${average}`)
      await one.settle()
    })

    card(`VEN-31 a ${side} out of reach fills nothing and does not rest`, async (one) => {
      const limitPrice = one.prices[side].far
      for (const timeInForce of ['IOC', 'FOK'] as const) {
        const order = request(one, side, { limitPrice, timeInForce })
        const answer = await one.trading.place(order)
        if (answer.kind === 'accepted') {
          assert.equal(Number(answer.order.filledBase), 0)
          assert.notEqual(answer.order.state, 'open')
          assert.deepEqual(answer.fills, [])
        } else assert.ok(answer.kind === 'refused' && answer.code.includes('.'))
      }
      assert.deepEqual(await one.trading.orders(one.symbol), { kind: 'ok', value: [] })
    })
  }

  card('VEN-32 all or nothing is filled whole when it fills', async (one) => {
    const { order } = await placed(one, request(one, 'buy', { timeInForce: 'FOK' }))
    assert.ok(order.state === 'filled' && Number(order.filledBase) >= Number(one.size))
    await one.settle()
  })

  card('VEN-33 an order that rests is open until it is cancelled, or is refused', async (one) => {
    const limitPrice = one.prices.buy.far
    const order = request(one, 'buy', { limitPrice, timeInForce: 'GTC' })
    const answer = await one.trading.place(order)
    if (!one.rests) {
      assert.equal(answer.kind === 'refused' && answer.code, 'order.type_unsupported')
      return
    }
    assert.ok(answer.kind === 'accepted' && answer.order.state === 'open')
    const open = await one.trading.orders(one.symbol)
    assert.deepEqual(open, { kind: 'ok', value: [answer.order] })
    const cancelled = await one.trading.cancel(order.clientOrderId)
    assert.equal(cancelled.kind === 'done' && cancelled.order.state, 'cancelled')
  })

  card('VEN-34 what is malformed is refused with a code and does nothing', async (one) => {
    const before = await balances(one)
    for (const changes of [
      { quantity: { in: 'base', amount: '0' } },
      { quantity: { in: 'base', amount: '-1' } },
      { limitPrice: 'cheap' },
      { symbol: 'NO-SUCH' },
    ] as const) {
      const answer = await one.trading.place(request(one, 'buy', changes))
      assert.ok(answer.kind === 'refused' && answer.code !== '', JSON.stringify(changes))
    }
    assert.deepEqual(await balances(one), before)
  })
}

/** An order that rests far away, and how the venue changes one. */
async function resting(one: VenueUnderTest) {
  const { amend } = one.trading
  assert.ok(amend !== undefined)
  const asked = request(one, 'buy', { limitPrice: one.prices.buy.far, timeInForce: 'GTC' })
  const { order } = await placed(one, asked)
  return { amend, asked, order, id: order.clientOrderId }
}

const half = ({ size }: VenueUnderTest) => String(Number(size) / 2)

function amendCards(card: Card): void {
  card('VEN-35 an order is amended in place and stays the order that it is', async (one) => {
    assert.equal(one.trading.amend !== undefined, one.rests, 'where nothing rests nothing changes')
    if (!one.rests) return
    const { amend, order, id } = await resting(one)
    const smaller = await amend(id, { size: half(one) })
    assert.ok(smaller.kind === 'accepted' && smaller.fills.length === 0)
    assert.equal(Number(smaller.order.size), Number(half(one)))
    assert.equal(Number(smaller.order.limitPrice), Number(one.prices.buy.far))
    assert.deepEqual(
      [smaller.order.venueOrderId, smaller.order.state, smaller.order.filledBase],
      [order.venueOrderId, 'open', order.filledBase],
    )
    assert.ok((smaller.order.updatedAt ?? 0) >= (order.updatedAt ?? 0))
    assert.deepEqual(await one.trading.order(id), { kind: 'ok', value: smaller.order })
    assert.deepEqual(await amend(id, { size: half(one) }), smaller, 'once more it is nothing new')
    await one.trading.cancel(id)
  })

  card('VEN-36 an order that is amended into the book trades at once', async (one) => {
    if (!one.rests) return
    const { amend, id } = await resting(one)
    const answer = await amend(id, { limitPrice: one.prices.buy.fills })
    assert.ok(answer.kind === 'accepted' && answer.fills.length > 0)
    assert.equal(answer.order.state, 'filled')
    const sum = answer.fills.reduce((base, fill) => base + scaled(fill.base), 0n)
    assert.equal(sum, scaled(answer.order.filledBase))
    const late = await amend(id, { size: half(one) })
    assert.equal(late.kind === 'refused' && late.code, 'not_found')
    await one.settle()
  })

  card('VEN-37 an amend that is refused changes nothing', async (one) => {
    if (!one.rests) return
    const { amend, order, id } = await resting(one)
    const before = await balances(one)
    for (const amendment of [
      ...[{ size: '0' }, { size: '-1' }, { limitPrice: 'cheap' }, { limitPrice: '0' }],
      ...[{ triggerPrice: one.prices.buy.far }, { size: '999999999' }],
    ]) {
      const answer = await amend(id, amendment)
      assert.ok(answer.kind === 'refused' && answer.code !== '', JSON.stringify(amendment))
    }
    assert.deepEqual(await one.trading.order(id), { kind: 'ok', value: order })
    assert.deepEqual(await balances(one), before)
    const never = await amend('never', { size: half(one) })
    assert.equal(never.kind === 'refused' && never.code, 'not_found')
    await one.trading.cancel(id)
  })
}

function memoryCards(card: Card): void {
  card('VEN-40 an order is found by its id as it was answered', async (one) => {
    const { order } = await placed(one, request(one, 'buy'))
    const found = await one.trading.order(order.clientOrderId)
    assert.deepEqual(found, { kind: 'ok', value: order })
    await one.settle()
  })

  card('VEN-41 the same id again is the same order and moves nothing', async (one) => {
    const asked = request(one, 'sell')
    const first = await placed(one, asked)
    const before = await balances(one)
    const again = await placed(one, asked)
    assert.deepEqual(again.order, first.order)
    assert.deepEqual(await balances(one), before)
    await one.settle()
  })

  card('VEN-42 what was never seen is undefined, and cannot be cancelled', async (one) => {
    assert.deepEqual(await one.trading.order('never'), { kind: 'ok', value: undefined })
    const answer = await one.trading.cancel('never')
    assert.equal(answer.kind === 'refused' && answer.code, 'not_found')
  })

  card('VEN-43 cancelling what is final tells how it ended', async (one) => {
    const { order } = await placed(one, request(one, 'buy'))
    const answer = await one.trading.cancel(order.clientOrderId)
    assert.deepEqual(answer, { kind: 'done', order })
    assert.deepEqual(await one.trading.orders(one.symbol), { kind: 'ok', value: [] })
    await one.settle()
  })
}

function moneyCards(card: Card): void {
  card('VEN-50 fills come once each, oldest first, after the one asked for', async (one) => {
    const first = request(one, 'buy')
    await placed(one, first)
    const newest = (await fillsOf(one, undefined, first)).at(-1)?.fillId
    const ids = [request(one, 'buy'), request(one, 'sell')]
    for (const order of ids) await placed(one, order)
    const fills = await fillsOf(one, newest, ids.at(-1))
    const orders = [...new Set(fills.map(({ clientOrderId }) => clientOrderId))]
    assert.deepEqual(
      orders,
      ids.map(({ clientOrderId }) => clientOrderId),
    )
    assert.equal(new Set(fills.map(({ fillId }) => fillId)).size, fills.length)
    const last = fills.at(-1)?.fillId
    assert.deepEqual(await fillsAfter(one, last), [])
    await one.settle()
  })

  for (const side of SIDES) {
    card(`VEN-51 a ${side} moves balances by its fills, fees and gas`, async (one) => {
      const before = await balances(one)
      const { order, fills } = await placed(one, request(one, side))
      assert.ok(fills.length > 0)
      const expected = new Map<string, bigint>()
      const add = (asset: string, amount: bigint) => {
        expected.set(asset, (expected.get(asset) ?? 0n) + amount)
      }
      const [base = '', quote = ''] = one.symbol.split('-')
      const sign = side === 'buy' ? 1n : -1n
      for (const fill of fills) {
        add(base, sign * scaled(fill.base))
        add(quote, -sign * scaled(fill.quote))
        add(fill.fee.asset, -scaled(fill.fee.amount))
        if (fill.gas !== undefined) add(`native:${fill.gas.asset}`, -scaled(fill.gas.amount))
      }
      const now = await balances(one)
      for (const [asset, held] of now) {
        const moved = held - (before.get(asset) ?? 0n)
        assert.equal(moved, expected.get(asset) ?? 0n, `${asset} of ${order.clientOrderId}`)
      }
      await one.settle()
    })
  }
}

function faultCards(card: Card): void {
  card('VEN-60 an order whose answer was lost is found by its id and done once', async (one) => {
    const before = await balances(one)
    const asked = request(one, 'buy')
    const lost = await one.losingAnswers(() => one.trading.place(asked))
    assert.ok(lost.kind !== 'refused', JSON.stringify(lost))
    const found = await known(one, asked.clientOrderId)
    const again = await placed(one, asked)
    assert.deepEqual(again.order, found)
    const base = one.symbol.split('-')[0] ?? ''
    const moved = ((await balances(one)).get(base) ?? 0n) - (before.get(base) ?? 0n)
    assert.equal(moved, scaled(found.filledBase))
    await one.settle()
  })

  card('VEN-61 after a restart an order is found by its id, and done once', async (one) => {
    const asked = request(one, 'sell')
    const { order } = await placed(one, asked)
    const { trading } = await one.reopen()
    assert.deepEqual(await trading.order(asked.clientOrderId), { kind: 'ok', value: order })
    const before = await balances(one)
    const again = await trading.place(asked)
    assert.deepEqual(again.kind === 'accepted' && again.order, order)
    assert.deepEqual(await balances(one), before)
    await one.settle()
  })
}

function amendFaultCard(card: Card): void {
  card('VEN-62 an amend whose answer was lost is told by the order itself', async (one) => {
    if (!one.rests) return
    const { amend, id } = await resting(one)
    const amendment = { size: half(one) }
    const lost = await one.losingAnswers(() => amend(id, amendment))
    assert.equal(lost.kind, 'unknown')
    const found = await one.trading.order(id)
    assert.ok(found.kind === 'ok' && found.value?.state === 'open')
    assert.equal(Number(found.value.size), Number(half(one)))
    const { trading } = await one.reopen()
    assert.deepEqual(await trading.order(id), found, 'also after a restart')
    await trading.cancel(id)
  })
}

/** Asks until the venue knows, as whoever got `unknown` has to. */
async function known({ trading }: VenueUnderTest, clientOrderId: string): Promise<Order> {
  for (let turn = 0; turn < 200; turn++) {
    const answer = await trading.order(clientOrderId)
    if (answer.kind === 'ok' && answer.value !== undefined && answer.value.state !== 'open') {
      return answer.value
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return assert.fail(`nobody tells what became of ${clientOrderId}`)
}

/** Lists may lag behind answers: asks until the newest order is in it. */
async function fillsOf(one: VenueUnderTest, after_: string | undefined, newest?: OrderRequest) {
  for (let turn = 0; turn < 200; turn++) {
    const fills = await fillsAfter(one, after_)
    if (fills.at(-1)?.clientOrderId === newest?.clientOrderId) return fills
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return assert.fail('the fills of the newest order are never listed')
}

async function fillsAfter({ trading }: VenueUnderTest, after_: string | undefined) {
  const answer = await trading.fills(after_)
  assert.ok(answer.kind === 'ok')
  return answer.value
}

async function balances({ trading }: VenueUnderTest): Promise<Map<string, bigint>> {
  const answer = await trading.balances()
  assert.ok(answer.kind === 'ok')
  return new Map(
    answer.value.map(({ asset, available, held }) => [asset, scaled(available) + scaled(held)]),
  )
}

/** Decimals of different lengths as integers of one unit. */
function scaled(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(24, '0'))
}
