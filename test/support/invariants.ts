// Invariants: INV-01 to INV-06, INV-09 and INV-10, checked on the engine's image after a command.
//
// They know nothing of the model. What an image does not say (holds of single orders, who came
// first) is folded from the events, so the events must tell the whole story as well.

import assert from 'node:assert/strict'
import type { Command } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import type { EngineImage, ImageMarket, OpenOrder } from '#engine/image.ts'
import { ACCOUNTS_MAX, OUTCOME_WINDOW_US } from '#engine/limits.ts'
import type { Answer } from './engine-driver.ts'
import type { Fold } from './fold.ts'
import { createFold, endCommand, foldEvent } from './fold.ts'
import { createBook, firstOf, restingOf } from './fold-book.ts'

const CHAIN = 1

export type Observation = {
  readonly command: Command
  readonly answer: Answer
  readonly image: EngineImage
  /** Of what a refused command may not change; null: not asked for. */
  readonly digest: string | null
}

type Followed = Omit<Observation, 'image' | 'digest'>

export type Invariants = {
  /** After a command, with the state that it left. */
  check(observation: Observation): void
  /** Events alone; the image can wait. */
  follow(observation: Followed): void
}

export function createInvariants(): Invariants {
  const fold = createFold()
  const outcomes = new Map<string, number>()
  let digest: string | null = null
  const readEvents = (observed: Followed) => {
    for (const event of observed.answer.events) foldEvent(fold, event)
    endCommand(fold, observed.answer.events)
    eventsAreOfTheirCommand(observed)
    idsHaveOneOutcome(outcomes, observed)
    refusalsAreOneEvent(observed)
  }
  return {
    follow(observed) {
      readEvents(observed)
      digest = null
    },
    check(observation) {
      const { image, answer } = observation
      readEvents(observation)
      numbersHaveNoGaps(fold, image)
      moneyIsConserved(image)
      nothingIsNegative(image)
      holdsAreExplained(image)
      booksAreInOrder(fold, image)
      postingsExplainCash(fold, image)
      sizesAddUp(fold, image)
      const isKnown = digest !== null && observation.digest !== null
      if (isKnown && (answer.code !== null || answer.duplicate)) {
        assert.equal(observation.digest, digest, `INV-10: ${answer.code} changed something`)
      }
      digest = observation.digest
    },
  }
}

function moneyIsConserved({ assets, balances }: EngineImage): void {
  const sums = new Map<number, bigint>(assets.map(({ asset }) => [asset, 0n]))
  for (const { asset, cash } of balances) sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(cash))
  for (const [asset, sum] of sums) assert.equal(sum, 0n, `INV-01: asset ${asset} sums to ${sum}`)
}

function nothingIsNegative({ balances }: EngineImage): void {
  for (const { account, asset, cash, held } of balances) {
    assert.ok(cash >= 0 || account === CHAIN, `INV-02: cash of ${account}/${asset} is ${cash}`)
    assert.ok(held >= 0, `INV-02: held of ${account}/${asset} is ${held}`)
  }
}

function holdsAreExplained({ balances, withdrawals, orders, markets }: EngineImage): void {
  const holds = new Map<string, number>()
  const add = (account: number, asset: number, amount: number) => {
    const key = `${account}/${asset}`
    holds.set(key, (holds.get(key) ?? 0) + amount)
  }
  for (const order of orders) {
    const market = markets[order.market]
    assert.ok(market !== undefined, `market ${order.market} is in the image`)
    add(order.account, order.side === 'buy' ? market.quote : market.base, order.held)
    holdCoversRest(order, market)
  }
  for (const { account, asset, amount, fee } of withdrawals) add(account, asset, amount + fee)
  for (const { account, asset, cash, held } of balances) {
    const key = `${account}/${asset}`
    assert.ok(held <= cash || account === CHAIN, `INV-03: ${key} holds ${held} of ${cash}`)
    assert.equal(held, holds.get(key) ?? 0, `INV-03: ${key} holds what orders and withdrawals say`)
    holds.delete(key)
  }
  for (const [key, held] of holds) assert.equal(held, 0, `INV-03: ${key} has no balance row`)
}

function holdCoversRest(order: OpenOrder, { lotUnits, quotePerTickLot }: ImageMarket): void {
  const { orderId, side, held, remaining, price, extra, takerRate } = order
  if (side === 'sell') {
    assert.equal(held, remaining * lotUnits, `INV-03: ${orderId} holds the base of its rest`)
    return
  }
  const notional = BigInt(price) * BigInt(remaining) * BigInt(quotePerTickLot)
  const fee = extra.feeIn === 'quote' ? (notional * BigInt(takerRate)) / 1_000_000n : 0n
  assert.ok(BigInt(held) >= notional + fee, `INV-03: the hold of ${orderId} covers its rest`)
}

function booksAreInOrder(fold: Fold, { markets, orders }: EngineImage): void {
  for (const { market, bookNumber, phase } of markets) {
    const book = fold.markets[market]?.book ?? createBook()
    assert.equal(bookNumber, book.bookNumber, 'INV-09: the book number is that of the last change')
    const bid = firstOf(book, 'buy')?.price ?? -Infinity
    const ask = firstOf(book, 'sell')?.price ?? Infinity
    const mustBeApart = phase === 'continuous' || phase === 'post-only'
    assert.ok(bid < ask || !mustBeApart, `INV-04: best bid ${bid} >= best ask ${ask} in ${market}`)
    const resting = orders.filter((order) => order.market === market && order.resting)
    for (const order of resting) {
      const { orderId, price, shown, remaining } = order
      const told = restingOf(book, orderId)
      assert.deepEqual({ price, shown }, { price: told?.price, shown: told?.shown }, `${orderId}`)
      assert.ok(shown > 0 && shown <= remaining, `INV-04: order ${orderId} rests empty`)
    }
    assert.equal(resting.length, book.resting.length, 'INV-04: what was told to rest rests')
  }
}

function postingsExplainCash(fold: Fold, { balances }: EngineImage): void {
  const seen = new Set<string>()
  for (const { account, asset, cash, held } of balances) {
    const key = `${account}/${asset}`
    seen.add(key)
    assert.equal(cash, Number(fold.cash.get(key) ?? 0n), `INV-05: fills and postings of ${key}`)
    const told = fold.told.get(key)
    assert.deepEqual(told, { cash, held }, `INV-05: the last balance event of ${key} still holds`)
  }
  for (const [key, cash] of fold.cash) {
    assert.ok(seen.has(key) || cash === 0n, `INV-05: ${key} has ${cash} and no balance row`)
  }
}

function sizesAddUp(fold: Fold, { orders }: EngineImage): void {
  assert.equal(orders.length, fold.orders.size, 'INV-06: the open orders are those still open')
  for (const { orderId, size, price, traded, remaining, account } of orders) {
    const order = fold.orders.get(orderId)
    assert.ok(order?.account === account, `INV-06: open order ${orderId} was accepted`)
    assert.equal(traded, order.traded, `INV-06: order ${orderId} traded what its fills say`)
    assert.deepEqual([size, price], [order.size, order.price], `INV-06: ${orderId} as amended`)
    const sum = traded + remaining + order.reduced
    assert.equal(sum, size, `INV-06: order ${orderId}: traded + open + reduced = ordered`)
  }
}

function eventsAreOfTheirCommand({ command, answer }: Followed): void {
  for (const { seq, time } of answer.events) {
    assert.ok(seq === command.seq && time === command.time, 'INV-09: of its command')
  }
}

function numbersHaveNoGaps(fold: Fold, image: EngineImage): void {
  assert.equal(image.eventNo, fold.eventNo, 'INV-09: the image is at the last event')
  for (const { account, accountSeq } of image.accounts) {
    assert.equal(accountSeq, fold.accountSeqs.get(account) ?? 0, `INV-09: accountSeq of ${account}`)
  }
  for (const { market, lastTradeId } of image.markets) {
    assert.equal(lastTradeId, fold.markets[market]?.book.tradeId, `INV-09: trade ids of ${market}`)
  }
}

/** Within the window each (account, clientOrderId) has one outcome. */
function idsHaveOneOutcome(outcomes: Map<string, number>, { command, answer }: Followed): void {
  if (!('bodyHash' in command) || answer.duplicate || answer.code?.startsWith('idempotency')) return
  const id = command.kind === 'place' ? command.clientOrderId : command.requestId
  if (id === '' || command.account >= ACCOUNTS_MAX) return
  const key = `${command.kind === 'place'}/${command.account}/${id}`
  const before = outcomes.get(key)
  const forgotten = before === undefined || before < command.time - OUTCOME_WINDOW_US
  assert.ok(forgotten, `INV-09: ${key} has a second outcome within the window`)
  outcomes.set(key, command.sentAt)
}

function refusalsAreOneEvent({ answer }: Followed): void {
  if (answer.code === null && !answer.duplicate) return
  const kinds = answer.events.map(({ kind }: Event) => kind)
  assert.deepEqual(kinds, answer.duplicate ? [] : ['refused'], 'INV-10: a refusal is one event')
}
