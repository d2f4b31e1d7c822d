// Avellaneda-Stoikov: quotes around what a coin is worth to somebody who already holds some.
//
// M. Avellaneda, S. Stoikov, "High-frequency trading in a limit order book", Quantitative Finance
// 8(3), 2008, equations (29) and (30). Prices are in basis points of the middle, time in bars,
// inventory in orders, so one set of parameters fits every market. The paper's T comes to an end
// and ours does not: `horizonBars` stays the same, so holding always costs. At risk: `maxOrders`
// orders of inventory, sold at the market when they have lost `stopQuote`.

import { defineStrategy, keepQuotes, p, type WantedQuote } from 'crossbook/strategy'

const BPS = 10_000

export type Holding = {
  readonly mid: number
  /** Orders held, below 0 when they were sold. */
  readonly inventory: number
  readonly gamma: number
  /** Of the price, in a unit of time's square root. */
  readonly sigma: number
  /** T - t */
  readonly horizon: number
}

/** Equation (29): the price at which holding one more or one less is all the same. */
export function reservationPrice({ mid, inventory, gamma, sigma, horizon }: Holding): number {
  return mid - inventory * gamma * sigma ** 2 * horizon
}

/** Equation (30): from bid to ask. `k` says how fast the flow of orders thins out with distance. */
export function optimalSpread(of: Omit<Holding, 'mid' | 'inventory'> & { k: number }): number {
  const { gamma, sigma, horizon, k } = of
  return gamma * sigma ** 2 * horizon + (2 / gamma) * Math.log(1 + gamma / k)
}

export default defineStrategy({
  name: 'avellaneda-stoikov',
  params: {
    market: p.market('internal:ETH-USDC'),
    reference: p.market('internal:ETH-USDC'),
    interval: p.text('1m'),
    /** Aversion to risk: more of it shifts quotes further for the same inventory. */
    gamma: p.number(0.000_1, 10, 0.01),
    /** One order in e comes this much further out: 1 / k, in basis points. */
    depthBps: p.number(0.1, 1_000, 10),
    sigmaBars: p.int(10, 200, 60),
    horizonBars: p.number(0.1, 1_000, 5),
    orderQuote: p.number(5, 100_000, 200),
    maxOrders: p.int(1, 100, 5),
    stopQuote: p.number(1, 1_000_000, 50),
    toleranceBps: p.number(0, 100, 2),
    refreshMs: p.int(250, 60_000, 1_000),
  },
  state: {},
  setup(ctx, { market, reference, interval, gamma, depthBps, sigmaBars, horizonBars, ...own }) {
    const { orderQuote, maxOrders, stopQuote, toleranceBps, refreshMs } = own
    const m = ctx.market(market)
    const priced = ctx.market(reference)
    const bars = m.bars(interval)
    // Asks for the history that sigma needs.
    const window = bars.sma(sigmaBars)

    /** The root of the mean square of the last returns, in basis points. */
    function sigma(): number {
      const returns = Array.from({ length: sigmaBars - 1 }, (_, age) => {
        return bars.close.at(age) / bars.close.at(age + 1) - 1
      })
      const sum = returns.reduce((squares, one) => squares + one ** 2, 0)
      return Math.sqrt(sum / returns.length) * BPS
    }

    function wanted(price: number): WantedQuote[] {
      const inventory = (m.position().size * price) / orderQuote
      const risk = { gamma, sigma: sigma(), horizon: horizonBars }
      const centre = reservationPrice({ mid: BPS, inventory, ...risk })
      const half = optimalSpread({ ...risk, k: 1 / depthBps }) / 2
      const [bid, ask] = [(price * (centre - half)) / BPS, (price * (centre + half)) / BPS]
      const size = orderQuote / price
      const { base, quote } = m.instrument
      const mayBuy = inventory + 1 <= maxOrders && m.balance(quote) >= orderQuote
      const maySell = inventory - 1 >= -maxOrders && m.balance(base) >= size
      return [
        ...(mayBuy ? [{ side: 'buy', price: bid, size } as const] : []),
        ...(maySell ? [{ side: 'sell', price: ask, size } as const] : []),
      ]
    }

    function quote(): void {
      // A flatten that is under way has the market for itself.
      if (ctx.isPaused() || ctx.executors().length > 0) return
      const price = window.isWarm() ? priced.price() : undefined
      const { size, entry } = m.position()
      if (price !== undefined && size * (price - entry) < -stopQuote) {
        ctx.note(`stopped out of ${size} at ${price}`)
        m.flatten()
      } else keepQuotes(m, price === undefined ? [] : wanted(price), { toleranceBps })
    }

    ctx.every(refreshMs, quote)
    priced.onStale(quote)
  },
})
