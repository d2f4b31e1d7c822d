// Strategies of the campaign, each deployed many times.
//
// One quotes and trades, one tries to break its envelope and its budget, one loses money until it
// is halted.

const HEAD = `import { defineStrategy, p } from 'crossbook/strategy'
`

/** Rests two orders near the price and takes a little now and then. */
const QUOTES = `${HEAD}
export default defineStrategy({
  name: 'quotes',
  params: { market: p.market('internal:ETH-USDC'), bps: p.int(1, 2_000, 50) },
  state: { trades: 0 },
  setup(ctx, { market, bps }) {
    const m = ctx.market(market)
    ctx.every(1_000, () => {
      const price = m.price()
      if (price === undefined || ctx.isPaused()) return
      m.cancelAll()
      const away = price * bps * 0.0001
      m.place({ side: 'buy', size: 0.004, price: price - away })
      if (m.balance('ETH') > 0.005) m.place({ side: 'sell', size: 0.004, price: price + away })
      if (ctx.random() < 0.2) {
        ctx.state.trades += 1
        m.place({ side: ctx.random() < 0.6 ? 'buy' : 'sell', size: 0.004 })
      }
    })
  },
})
`

/** Asks for more than its orders may be, more often than it may, and for more than it has. */
const GREEDY = `${HEAD}
export default defineStrategy({
  name: 'greedy',
  params: { market: p.market('internal:ETH-USDC'), bps: p.int(1, 2_000, 50) },
  state: { asked: 0 },
  setup(ctx, { market }) {
    const m = ctx.market(market)
    ctx.every(500, () => {
      const price = m.price()
      if (price === undefined) return
      for (const size of [0.004, 0.02, 0.05, 1, 100, 1e6]) {
        ctx.state.asked += 1
        m.place({ side: 'buy', size, price: price * 0.999 })
        m.place({ side: 'sell', size })
      }
      if (m.orders().length > 3) m.cancelAll()
    })
  },
})
`

/** Pays spread and fees until its runner halts it; its resting orders are what a halt cancels. */
const LOSES = `${HEAD}
export default defineStrategy({
  name: 'loses',
  params: { market: p.market('internal:ETH-USDC'), bps: p.int(1, 2_000, 50) },
  state: { trades: 0 },
  setup(ctx, { market }) {
    const m = ctx.market(market)
    ctx.every(300, () => {
      const price = m.price()
      if (price === undefined || ctx.isPaused()) return
      const resting = m.orders().filter((order) => order.price !== undefined)
      for (let more = resting.length; more < 3; more += 1) {
        m.place({ side: 'buy', size: 0.002, price: price * (0.9 + more * 0.01) })
      }
      ctx.state.trades += 1
      m.place({ side: m.balance('ETH') > 0.01 ? 'sell' : 'buy', size: 0.015 })
    })
  },
})
`

export type Kind = 'quotes' | 'greedy' | 'loses'

export const SOURCES: Readonly<Record<Kind, string>> = {
  quotes: QUOTES,
  greedy: GREEDY,
  loses: LOSES,
}

/** What no bot of the campaign may do; so low that every kind is held back by it. */
export const LIMITS = {
  ...{ ordersPerSecond: 6, orderNotional: 60, openNotional: 120, position: 100 },
  ...{ priceBps: 500, dataAgeMs: 60_000, dailyLoss: 1_000, drawdown: 1_000, flatten: false },
}
export const LOSS_LIMITS = { ...LIMITS, ordersPerSecond: 20, dailyLoss: 0.4, drawdown: 0.4 }
export const BUDGET = '100'
