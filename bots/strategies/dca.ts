// DCA: the same money into the same coins again and again, whatever the price.
//
// A time that was missed is not made up for, and a restart does not buy twice: the plan is an
// executor with its own memory. Above `limit` nothing is bought. At risk: all of it, `times` times
// `amount` and not a coin more; it has no stop, for that is its idea.

import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: 'dca',
  params: {
    market: p.market('internal:ETH-USDC'),
    /** Quote coins, every time. */
    amount: p.number(1, 100_000, 50),
    every: p.text('1d'),
    times: p.int(1, 10_000, 365),
    /** Nothing is bought above this price; 0 is no limit. */
    limit: p.number(0, 1_000_000_000, 0),
    maxSlippageBps: p.number(1, 1_000, 50),
  },
  state: { isStarted: false, orders: 0, coins: 0, paid: 0 },
  setup(ctx, { market, amount, every, times, limit, maxSlippageBps }) {
    const m = ctx.market(market)

    ctx.every(1_000, () => {
      if (ctx.state.isStarted || ctx.isPaused() || m.price() === undefined) return
      ctx.state.isStarted = true
      const bound = limit > 0 ? { limit } : {}
      const plan = { side: 'buy', size: ctx.quote(amount), every, times, maxSlippageBps } as const
      m.dca({ ...plan, ...bound, tag: 'savings' })
    })
    m.onFill(({ base, quote, fee }) => {
      ctx.state.orders += 1
      ctx.state.coins += Number(base)
      ctx.state.paid += Number(quote) + Number(fee.amount)
      const average = ctx.state.paid / ctx.state.coins
      ctx.report({ coins: ctx.state.coins, paid: ctx.state.paid, average })
    })
    ctx.onExecutorEnded(({ outcome }) => {
      const { orders, coins, paid } = ctx.state
      ctx.note(`${outcome}: ${coins.toFixed(4)} coins for ${paid.toFixed(2)} in ${orders} fills`)
    })
  },
})
