// Two venues for tests of strategies that quote on a book and trade on a pool.
//
// The book is the simulated exchange on the real engine; the pool keeps the product of its reserves
// and swaps all or nothing within an order's limit. What a strategy asks for is done at once, and
// what comes of it is told at once, so a test moves the price of either venue and looks.

import type { Action, Start, StrategyEvent } from '#bots/runtime/channel.ts'
import { createStrategyHost } from '#bots/runtime/strategy-host.ts'
import type { Strategy } from '#bots/strategy.ts'
import { createSimulatedExchange } from '#connectors/simulated/exchange.ts'
import type { Fill, Instrument, Order } from '#connectors/venue.ts'
import { orderOf } from '../strategy-bench.ts'

const BOOK: Instrument = {
  ...{ symbol: 'ETH-USDC', base: 'ETH', quote: 'USDC', kind: 'order-book', tick: '0.01' },
  ...{ lot: '0.0001', takerFee: '0.0005', makerFee: '0.0002', minNotional: '1' },
}
const { minNotional: _, ...PAIR } = BOOK
const POOL: Instrument = {
  ...{ ...PAIR, kind: 'pool', tick: '0.000000000000000001', lot: '0.000000000000000001' },
  ...{ takerFee: '0.003', makerFee: '0.003' },
}
const FEE = 0.997
const SECOND_US = 1_000_000

type Place = Extract<Action, { kind: 'place' }>

export type TwoVenuesOptions = {
  readonly params?: Readonly<Record<string, unknown>>
  readonly saved?: object
  /** What the pool holds at the start, which is its price. */
  readonly reserves?: { readonly base: number; readonly quote: number }
}

export function createTwoVenues(strategy: Strategy, options: TwoVenuesOptions) {
  const { params = {}, saved, reserves = { base: 1_000, quote: 1_000_000 } } = options
  const pool = { ...reserves, isBroken: false, lost: 0, block: 1 }
  const wallet = { ETH: 50, USDC: 50_000 }
  const funds = { ETH: '50', USDC: '50000' }
  const exchange = createSimulatedExchange({ instruments: [BOOK], balances: funds, startAt: 1 })
  const start: Start = {
    ...{ kind: 'start', strategy: strategy.name, params, saved, no: 0, at: 1, seed: 1 },
    venues: [
      { venue: 'internal', instruments: [BOOK] },
      { venue: 'uniswap-v2', instruments: [POOL] },
    ],
    idPrefix: saved === undefined ? 'one-' : 'two-',
  }
  const host = createStrategyHost(strategy, start)
  const found = { fills: [] as Fill[], swaps: [] as Fill[], refused: [] as Order[], late: 0 }
  let [no, now, record] = [0, 1, saved]
  const waiting: Action[] = []
  const timers: number[] = []

  function send(event: StrategyEvent): void {
    no += 1
    take(host.handle({ kind: 'event', no, at: now, event }))
  }

  function take({ actions, state }: ReturnType<typeof host.handle>): void {
    if (state !== undefined) record = structuredClone(state)
    for (const action of actions) {
      if (action.kind === 'timer') timers.push(action.timer)
      else waiting.push(action)
    }
  }

  function settle(): void {
    tellBook()
    for (let action = waiting.shift(); action !== undefined; action = waiting.shift()) {
      if (action.kind === 'place') place(action)
      else if (action.kind === 'cancel') exchange.cancel(action.id)
      else if (action.kind === 'recover') recover(action.venue, action.id)
      tellBook()
    }
  }

  function tellBook(): void {
    for (const change of exchange.changes()) {
      if (change.kind === 'fill') {
        found.fills.push(change.fill)
        send({ kind: 'fill', venue: 'internal', fill: change.fill })
      } else if (change.kind === 'order') {
        send({ kind: 'order', venue: 'internal', order: change.order })
      } else {
        const { asset, available, held } = change
        send({ kind: 'balances', venue: 'internal', balances: [{ asset, available, held }] })
      }
    }
  }

  function place({ venue, request }: Place): void {
    if (venue === 'internal') placeOnBook(request)
    else swap(request)
  }

  function placeOnBook(request: Place['request']): void {
    const venue = 'internal'
    const answer = exchange.place({ ...request, sentAt: now })
    if (answer.kind === 'accepted') {
      send({ kind: 'order', venue, order: answer.order })
      return
    }
    const code = answer.kind === 'refused' ? answer.code : answer.reason
    const order: Order = { ...orderOf(request), state: 'refused', code }
    found.refused.push(order)
    send({ kind: 'order', venue, order })
  }

  function swap(request: Place['request']): void {
    const { side, quantity, limitPrice } = request
    // A token's digits do not fit into a float.
    const base = Number(quantity.amount) * (1 - pool.lost)
    const isBuy = side === 'buy'
    const cost = (pool.quote * base) / ((pool.base - base) * FEE)
    const quote = isBuy ? cost : (pool.quote * base * FEE) / (pool.base + base * FEE)
    const isWorse = isBuy ? quote / base > Number(limitPrice) : quote / base < Number(limitPrice)
    if (isWorse || pool.isBroken) {
      const order: Order = { ...orderOf(request), state: 'refused', code: 'swap.slippage' }
      found.late += 1
      send({ kind: 'order', venue: 'uniswap-v2', order })
      return
    }
    const sign = isBuy ? 1 : -1
    pool.base -= sign * base
    pool.quote += sign * quote
    wallet.ETH += sign * base
    wallet.USDC -= sign * quote
    const fill: Fill = {
      ...{ fillId: `swap-${found.swaps.length}`, clientOrderId: request.clientOrderId, side },
      ...{ symbol: 'ETH-USDC', base: String(base), quote: String(quote), liquidity: 'taker' },
      ...{ fee: { asset: 'USDC', amount: '0' }, at: now },
    }
    found.swaps.push(fill)
    const done = { filledBase: String(base), filledQuote: String(quote) }
    const order: Order = { ...orderOf(request), ...done, state: 'filled' }
    send({ kind: 'order', venue: 'uniswap-v2', order })
    send({ kind: 'fill', venue: 'uniswap-v2', fill })
    tellWallet()
  }

  function recover(venue: string, id: string): void {
    const known = venue === 'internal' ? exchange.order(id) : undefined
    const nothing = { venueOrderId: undefined, filledBase: '0', filledQuote: '0' }
    const none = { clientOrderId: id, symbol: 'ETH-USDC', side: 'buy' as const, ...nothing }
    const order: Order = known ?? { ...none, state: 'refused', code: 'not_found' }
    send({ kind: 'order', venue, order })
  }

  function tellWallet(): void {
    const balances = Object.entries(wallet).map(([asset, coins]) => {
      return { asset, available: coins.toFixed(8), held: '0' }
    })
    send({ kind: 'balances', venue: 'uniswap-v2', balances })
  }

  function tellPool(): void {
    pool.block += 1
    const snapshot = {
      ...{ reserveBase: (BigInt(Math.round(pool.base * 1e8)) * 10n ** 10n).toString() },
      ...{ reserveQuote: String(Math.round(pool.quote * 1e6)), baseDecimals: 18 },
      ...{ quoteDecimals: 6, feeNumerator: '997', feeDenominator: '1000' },
    }
    const update = {
      kind: 'pool',
      symbol: 'ETH-USDC',
      ...snapshot,
      block: pool.block,
      at: now,
    } as const
    send({ kind: 'update', venue: 'uniswap-v2', update })
  }

  take(host.started)
  const balances = [...exchange.balances()].map(([asset, one]) => ({ asset, ...one }))
  send({ kind: 'balances', venue: 'internal', balances })
  tellWallet()
  exchange.jumpTo('ETH-USDC', reserves.quote / reserves.base)
  settle()
  send({ kind: 'ready' })

  return {
    ...{ found, pool, wallet },
    saved: () => record,
    /** Somebody trades the pool to a price; the strategy hears of it a second later. */
    movePool(price: number) {
      const product = pool.base * pool.quote
      pool.base = Math.sqrt(product / price)
      pool.quote = product / pool.base
      this.pass()
    },
    moveBook(price: number) {
      exchange.moveTo('ETH-USDC', price)
      settle()
    },
    /** A second: a block, and every timer. */
    pass() {
      now += SECOND_US
      exchange.passTo(now)
      tellPool()
      settle()
      for (const timer of timers) send({ kind: 'timer', timer })
      settle()
    },
    silence() {
      const update = { kind: 'stale', symbol: 'ETH-USDC', reason: 'test' } as const
      send({ kind: 'update', venue: 'uniswap-v2', update })
      settle()
    },
    /** Resting orders: side and price. */
    quotes: () =>
      exchange.open('ETH-USDC').map(({ clientOrderId, side }) => ({ clientOrderId, side })),
    /** Coins of both venues together. */
    coins: (asset: 'ETH' | 'USDC') => {
      const { available, held } = exchange.balances().get(asset) ?? { available: '0', held: '0' }
      return Number(available) + Number(held) + wallet[asset]
    },
  }
}
