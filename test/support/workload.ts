// Workload W1: the deterministic flow of orders that engines are measured and compared on.
//
// xorshift32 from seed 12345; 10,000 resting limits, then 1,000,000 commands: 49.9 % passive limits
// around a walking reference, 40.1 % cancels of a random live order, 5 % limits through the touch,
// 5 % market orders. It keeps a book of its own to know what is live, so that every engine is
// given the same sequence whatever it answers. Bids and asks are of different customers.

import type { Command, CommandBody, Side } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { createFlowBook, type Step } from './workload-book.ts'

export const W1 = { seed: 12_345, resting: 10_000, commands: 1_000_000 }

export type Shape = { readonly seed: number; readonly resting: number; readonly commands: number }

const CUSTOMERS_A_SIDE = 500
const FIRST_CUSTOMER = 16
const START_PRICE = 50_000
const FUNDS = 1_000_000_000_000
const START_US = 1_700_000_000_000_000

/** The flow itself, numbered from 0: first the resting limits, then the mixture. */
export function* steps({ seed, resting, commands }: Shape): Generator<Step> {
  const random = xorshift32(seed)
  const book = createFlowBook()
  let reference = START_PRICE
  for (let number = 0; number < resting + commands; number += 1) {
    if (random() < 1 / 32) reference += random() < 0.5 ? 1 : -1
    const kind = number < resting ? 0 : random()
    const step = draw(kind)
    book.apply(step, number)
    yield step
  }

  function draw(kind: number): Step {
    if (kind >= 0.499 && kind < 0.9) {
      const live = book.pick(random)
      if (live !== undefined) return { kind: 'cancel', ...live }
    }
    const side: Side = random() < 0.5 ? 'buy' : 'sell'
    const size = 1 + Math.floor(random() * 100)
    const sign = side === 'buy' ? 1 : -1
    if (kind < 0.9) {
      const away = 1 + Math.floor(-32.5 * Math.log(1 - random()))
      return { kind: 'limit', side, price: passive(side, reference - sign * away), size }
    }
    if (kind >= 0.95) return { kind: 'market', side, size }
    const touch = book.best(side === 'buy' ? 'sell' : 'buy') ?? reference
    return { kind: 'limit', side, price: touch + sign * Math.floor(random() * 5), size }
  }

  // The reference may walk past the touch; a passive order then stops one tick before it.
  function passive(side: Side, price: number): number {
    const touch = book.best(side === 'buy' ? 'sell' : 'buy')
    if (touch === undefined) return price
    return side === 'buy' ? Math.min(price, touch - 1) : Math.max(price, touch + 1)
  }
}

/** What must be applied before the flow: one market, 1,000 funded customers. */
export function setup(): CommandBody[] {
  const assets = ['USDC', 'BTC'].map((symbol, n): CommandBody => {
    return { kind: 'listAsset', symbol, scale: n === 0 ? 6 : 8, chainDecimals: -1 }
  })
  const accounts = Array.from({ length: 2 * CUSTOMERS_A_SIDE }, (_, n) => n)
  return [
    ...assets,
    listing(),
    ...[0, 1].map((asset): CommandBody => {
      return { kind: 'issue', asset: asId(asset), amount: asUnit(FUNDS * accounts.length) }
    }),
    ...accounts.map((n): CommandBody => ({ kind: 'openAccount', userId: `customer-${n}` })),
    ...accounts.map((n) => fund(FIRST_CUSTOMER + n)),
  ]
}

/** Every command of a run, set-up included, stamped with seq from 1; order ids are seqs. */
export function* workload(shape: Shape = W1): Generator<Command> {
  let seq = 0
  const stamp = (body: CommandBody): Command => {
    seq += 1
    return { ...body, seq, time: asMicros(START_US + seq) }
  }
  for (const body of setup()) yield stamp(body)
  const before = seq
  let number = 0
  for (const step of steps(shape)) {
    yield stamp(bodyOf(step, number, before))
    number += 1
  }
}

function bodyOf(step: Step, number: number, before: number): CommandBody {
  if (step.kind === 'cancel') {
    const account = accountOf(step.side, step.target)
    return { kind: 'cancel', account, orderId: asId(before + 1 + step.target) }
  }
  const isLimit = step.kind === 'limit'
  return {
    kind: 'place',
    account: accountOf(step.side, number),
    market: asId(0),
    side: step.side,
    type: step.kind,
    timeInForce: isLimit ? 'GTC' : 'IOC',
    postOnly: false,
    selfTrade: 'cancel-taker',
    price: asUnit(isLimit ? step.price : 0),
    size: asUnit(step.size),
    quoteAmount: asUnit(0),
    clientOrderId: '',
    ...unasked(),
  }
}

function accountOf(side: Side, number: number) {
  const nth = (number % CUSTOMERS_A_SIDE) + (side === 'buy' ? 0 : CUSTOMERS_A_SIDE)
  return asId<never>(FIRST_CUSTOMER + nth)
}

function listing(): CommandBody {
  return {
    kind: 'listMarket',
    symbol: 'BTC-USDC',
    marketKind: 'spot',
    base: asId(1),
    quote: asId(0),
    priceScale: 1,
    tickUnits: 1,
    lotUnits: 1_000,
    minNotional: asUnit(1),
    makerRate: asUnit(200),
    takerRate: asUnit(500),
  }
}

function fund(account: number): CommandBody {
  const amounts = [0, 1].map((asset) => ({
    asset: asId<never>(asset),
    amount: asUnit<never>(FUNDS),
  }))
  return { kind: 'faucet', account: asId(account), requestId: '', amounts, ...unasked() }
}

function unasked() {
  return { sentAt: asMicros(START_US), sentAtGiven: false, bodyHash: '0'.repeat(24) }
}

/** Uniform in [0, 1), from the 32-bit states of Marsaglia's xorshift (13, 17, 5). */
function xorshift32(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}
