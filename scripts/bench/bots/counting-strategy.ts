// The strategy of the benchmark: as little as one can do.
//
// It counts trades, and answers each with an order when it is told to.

import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: 'bench',
  params: { orders: p.int(0, 1, 0) },
  state: { trades: 0 },
  setup(ctx, { orders }) {
    const m = ctx.market('internal:BTC-USDC')
    m.onTrade(({ price }) => {
      ctx.state.trades += 1
      if (orders === 1) m.place({ side: 'buy', size: 1, price, timeInForce: 'IOC' })
    })
  },
})
