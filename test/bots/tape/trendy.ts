// A strategy that acts on books, timers, its own orders and chance: what a tape must reproduce.

import { p } from '#bots/params.ts'
import { defineStrategy } from '#bots/strategy.ts'

export default defineStrategy({
  name: 'trendy',
  params: { size: p.number(0, 10, 1) },
  // An empty list has no item to tell its type by.
  state: { books: 0, beats: 0, ends: [] as string[] },
  setup(ctx, { size }) {
    const m = ctx.market('internal:BTC-USDC')
    ctx.every(20, () => {
      ctx.state.beats += 1
    })
    m.onBook(({ bids }) => {
      ctx.state.books += 1
      const price = Number(bids[0]?.price)
      const [oldest] = m.orders()
      if (m.orders().length > 3 && oldest !== undefined) m.cancel(oldest.clientOrderId)
      if (ctx.random() < 0.6) m.place({ side: 'buy', size, price: price - ctx.random() })
    })
    m.onOrder(({ clientOrderId, state }) => {
      if (state === 'open') return
      ctx.state.ends = [...ctx.state.ends.slice(-9), `${clientOrderId} ${state}`]
    })
  },
})
