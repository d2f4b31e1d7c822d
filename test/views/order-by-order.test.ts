// Order by order: a book rebuilt from the exported lines alone is the engine's book.
//
// The lines go through JSON, and the rebuilding here knows nothing but what docs/export.md says.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CommandBody } from '#engine/command.ts'
import type { EngineImage } from '#engine/image.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { allIntents } from '#test/support/intents.ts'
import { openingOf } from '#test/support/openings.ts'
import { createHistory, learn, next, resolve } from '#test/support/resolve.ts'
import { SMALL } from '#test/support/scale.ts'
import { type BookLine, createOrderByOrder } from '#views/order-by-order.ts'

type Resting = { order: number; side: string; price: number; left: number }
type Rebuilt = { book: number; trade: number; resting: Resting[]; lot: number }

const RUNS = 12

function rebuild(books: Map<string, Rebuilt>, line: BookLine): void {
  if (line.kind === 'market') {
    books.set(line.market, { book: 0, trade: 0, resting: [], lot: Number(line.lot) })
    return
  }
  if (line.kind === 'phase') return
  const known = books.get(line.market)
  assert.ok(known !== undefined)
  known.book += 1
  assert.equal(line.book, known.book, 'INV-09: the numbers of a book have no gap')
  if (line.kind === 'add') {
    const { order, side, price, left } = line
    known.resting.push({ order, side, price: Number(price), left: Number(left) })
  } else if (line.kind === 'fill') {
    known.trade += 1
    assert.equal(line.trade, known.trade)
    const makerSide = line.takerSide === 'buy' ? 'sell' : 'buy'
    assert.equal(first(known, makerSide)?.order, line.maker, 'INV-04: the first of the best')
    lose(known, line.maker, line)
    const { size, takerLeft: left = '', takerGone } = line
    if (line.auction === true) {
      assert.equal(first(known, line.takerSide)?.order, line.taker, 'INV-04: on both sides')
      lose(known, line.taker, { size, left, ...(takerGone ? { gone: takerGone } : {}) })
    }
    known.resting = known.resting.filter(({ left: shown }) => shown >= 0)
  } else if (line.kind === 'refresh') {
    const one = find(known, line.order)
    one.left = Number(line.left)
    if (line.requeued === true) {
      known.resting = [...known.resting.filter((other) => other !== one), one]
    }
  } else {
    assert.equal(find(known, line.order).price, Number(line.price))
    lose(known, line.order, line)
    known.resting = known.resting.filter(({ left }) => left >= 0)
  }
}

function find(book: Rebuilt, order: number): Resting {
  return book.resting.find((one) => one.order === order) ?? assert.fail(`no order ${order}`)
}

/** What is gone is marked and leaves after the line. */
function lose(book: Rebuilt, order: number, line: { size: string; left: string; gone?: true }) {
  const one = find(book, order)
  const left = Number(line.left)
  assert.equal(Math.round((one.left - left) / book.lot), Math.round(Number(line.size) / book.lot))
  one.left = line.gone === true ? -1 : left
}

/** Best price, the earliest there; an order that shows nothing for a moment keeps its place. */
function first(book: Rebuilt, side: string): Resting | undefined {
  const sign = side === 'buy' ? -1 : 1
  return book.resting
    .filter((one) => one.side === side)
    .toSorted((a, b) => sign * (a.price - b.price))
    .at(0)
}

function assertBooks(books: ReadonlyMap<string, Rebuilt>, image: EngineImage): void {
  assert.equal(books.size, image.markets.length)
  for (const { market, symbol, tickUnits, priceScale } of image.markets) {
    const book = books.get(symbol)
    const expected = image.orders
      .filter((order) => order.market === market && order.resting)
      .map(({ orderId, side, price, shown }) => {
        return { order: orderId, side, price: (price * tickUnits) / 10 ** priceScale, lots: shown }
      })
    const rebuilt = (book?.resting ?? [])
      .map(({ order, side, price, left }) => {
        return { order, side, price, lots: Math.round(left / (book?.lot ?? 1)) }
      })
      .toSorted((a, b) => a.order - b.order)
    assert.deepEqual(rebuilt, expected)
  }
}

test('a book rebuilt from the lines is the book of the engine, in its order of priority', (t) => {
  const kinds = new Map<string, number>()
  const intents = fc.array(allIntents(SMALL), { minLength: 600, maxLength: 600, size: 'max' })
  for (const chosen of fc.sample(intents, { numRuns: RUNS, seed: 20_261_128 })) {
    const [engine, history, fold] = [createDriver(), createHistory(), createOrderByOrder()]
    const books = new Map<string, Rebuilt>()
    const step = (body: CommandBody, wait: number) => {
      const command = next(history, body, wait)
      const { events } = engine.apply(command)
      learn(history, command, events)
      for (const event of events) {
        const line = fold.take(event)
        if (line === undefined) continue
        const mark = 'gone' in line ? ' gone' : 'requeued' in line ? ' requeued' : ''
        const kind = line.kind + mark + ('auction' in line ? ' in an auction' : '')
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        rebuild(books, JSON.parse(JSON.stringify(line)))
      }
    }
    for (const body of openingOf(SMALL)) step(body, 1)
    for (const intent of chosen) {
      if (intent.do === 'restart') continue
      for (let ticks = 0; engine.nextDue() <= history.time && ticks < 1_000; ticks += 1) {
        step({ kind: 'tick' }, 0)
      }
      step(resolve(history, intent), intent.wait)
    }
    assertBooks(books, engine.image())
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(kinds)))
  for (const kind of [
    ...['add', 'change', 'change gone', 'cancel gone', 'fill', 'fill gone', 'refresh', 'phase'],
    ...['refresh requeued', 'fill gone in an auction'],
  ]) {
    assert.ok((kinds.get(kind) ?? 0) > 0, `the intents no longer reach ${kind}`)
  }
})

test('no line says whose an order is', () => {
  const names = new Set<string>()
  const [engine, history, fold] = [createDriver(), createHistory(), createOrderByOrder()]
  const [chosen = []] = fc.sample(
    fc.array(allIntents(SMALL), { minLength: 800, maxLength: 800, size: 'max' }),
    { numRuns: 1, seed: 5 },
  )
  const step = (body: CommandBody, wait: number) => {
    const command = next(history, body, wait)
    const { events } = engine.apply(command)
    learn(history, command, events)
    for (const event of events) {
      for (const name of Object.keys(fold.take(event) ?? {})) names.add(name)
    }
  }
  for (const body of openingOf(SMALL)) step(body, 1)
  for (const intent of chosen) {
    if (intent.do !== 'restart') step(resolve(history, intent), intent.wait)
  }
  assert.deepEqual(
    [...names].filter((name) => !PUBLIC.includes(name)),
    [],
  )
})

const PUBLIC = [
  ...['kind', 'no', 'seq', 'at', 'market', 'book', 'order', 'side', 'price', 'size', 'left'],
  ...['gone', 'requeued', 'trade', 'takerSide', 'maker', 'taker', 'auction', 'takerLeft'],
  ...['takerGone', 'base', 'quote', 'tick', 'lot', 'phase'],
]
