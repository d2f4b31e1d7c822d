// Invariants: INV-01 to INV-06, INV-09 and INV-10, checked on the engine's image after a command.
//
// They know nothing of the model. What an image does not say (holds of single orders, who came
// first) is folded from the events, so the events must tell the whole story as well.

import assert from 'node:assert/strict'
import type { Command } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import type { EngineImage } from '#engine/image.ts'
import { ACCOUNTS_MAX, OUTCOME_WINDOW_US } from '#engine/limits.ts'
import type { Answer } from './engine-driver.ts'
import type { Fold } from './fold.ts'
import { createFold, endCommand, foldEvent } from './fold.ts'

const CHAIN = 1

export type Observation = {
  readonly command: Command
  readonly answer: Answer
  readonly image: EngineImage
  readonly digest: string
}

export type Invariants = { check(observation: Observation): void }

export function createInvariants(): Invariants {
  const fold = createFold()
  const outcomes = new Map<string, number>()
  let digest = ''
  return {
    check(observation) {
      for (const event of observation.answer.events) foldEvent(fold, event)
      endCommand(fold)
      numbersHaveNoGaps(fold, observation)
      moneyIsConserved(observation.image)
      nothingIsNegative(observation.image)
      holdsAreExplained(fold, observation.image)
      booksAreInOrder(fold, observation.image)
      postingsExplainCash(fold, observation.image)
      sizesAddUp(fold, observation.image)
      idsHaveOneOutcome(outcomes, observation)
      refusalsChangeNothing(digest, observation)
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

function holdsAreExplained(fold: Fold, { balances, withdrawals }: EngineImage): void {
  const holds = new Map<string, number>()
  const add = (account: number, asset: number, amount: number) => {
    const key = `${account}/${asset}`
    holds.set(key, (holds.get(key) ?? 0) + amount)
  }
  for (const order of fold.orders.values()) add(order.account, order.holdAsset, order.held)
  for (const { account, asset, amount, fee } of withdrawals) add(account, asset, amount + fee)
  for (const { account, asset, cash, held } of balances) {
    const key = `${account}/${asset}`
    assert.ok(held <= cash || account === CHAIN, `INV-03: ${key} holds ${held} of ${cash}`)
    assert.equal(held, holds.get(key) ?? 0, `INV-03: ${key} holds what orders and withdrawals say`)
    holds.delete(key)
  }
  for (const [key, held] of holds) assert.equal(held, 0, `INV-03: ${key} has no balance row`)
}

function booksAreInOrder(fold: Fold, { markets, orders }: EngineImage): void {
  for (const { market, bookNumber } of markets) {
    const book = fold.markets[market]
    assert.equal(bookNumber, book?.bookNumber, 'INV-09: the book number is that of the last change')
    const resting = orders.filter((order) => order.market === market && order.resting)
    const prices = (side: string) => resting.filter((o) => o.side === side).map((o) => o.price)
    const bid = Math.max(...prices('buy'))
    const ask = Math.min(...prices('sell'))
    assert.ok(bid < ask, `INV-04: best bid ${bid} >= best ask ${ask} in market ${market}`)
    for (const order of resting) {
      const told = book?.resting.find(({ orderId }) => orderId === order.orderId)
      assert.equal(told?.remaining, order.remaining, `INV-04: order ${order.orderId} rests as told`)
      assert.ok(order.remaining > 0, `INV-04: order ${order.orderId} rests empty`)
    }
    assert.equal(resting.length, book?.resting.length, 'INV-04: what was told to rest rests')
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
  for (const { orderId, size, traded, remaining, account } of orders) {
    const order = fold.orders.get(orderId)
    assert.ok(order?.account === account, `INV-06: open order ${orderId} was accepted`)
    assert.equal(traded, order.traded, `INV-06: order ${orderId} traded what its fills say`)
    const sum = traded + remaining + order.reduced
    assert.equal(sum, size, `INV-06: order ${orderId}: traded + open + reduced = ordered`)
  }
}

function numbersHaveNoGaps(fold: Fold, { command, answer, image }: Observation): void {
  for (const { seq, time } of answer.events) {
    assert.deepEqual(
      { seq, time },
      { seq: command.seq, time: command.time },
      'INV-09: of its command',
    )
  }
  assert.equal(image.eventNo, fold.eventNo, 'INV-09: the image is at the last event')
  for (const { account, accountSeq } of image.accounts) {
    assert.equal(accountSeq, fold.accountSeqs.get(account) ?? 0, `INV-09: accountSeq of ${account}`)
  }
  for (const { market, lastTradeId } of image.markets) {
    assert.equal(lastTradeId, fold.markets[market]?.tradeId, `INV-09: trade ids of ${market}`)
  }
}

/** Within the window each (account, clientOrderId) has one outcome. */
function idsHaveOneOutcome(outcomes: Map<string, number>, { command, answer }: Observation): void {
  if (!('bodyHash' in command) || answer.duplicate || answer.code?.startsWith('idempotency')) return
  const id = command.kind === 'place' ? command.clientOrderId : command.requestId
  if (id === '' || command.account >= ACCOUNTS_MAX) return
  const key = `${command.kind === 'place'}/${command.account}/${id}`
  const before = outcomes.get(key)
  const forgotten = before === undefined || before < command.time - OUTCOME_WINDOW_US
  assert.ok(forgotten, `INV-09: ${key} has a second outcome within the window`)
  outcomes.set(key, command.sentAt)
}

function refusalsChangeNothing(before: string, { answer, digest }: Observation): void {
  if (answer.code === null && !answer.duplicate) return
  assert.equal(digest, before, `INV-10: ${answer.code ?? 'a duplicate'} changed the business state`)
  const kinds = answer.events.map(({ kind }: Event) => kind)
  assert.deepEqual(kinds, answer.duplicate ? [] : ['refused'], 'INV-10: a refusal is one event')
}
