// Examples of what is sent to the fleet, as the OpenAPI text shows them; a test sends each of them.

/** A strategy that rests one order below the price, and another one when that is gone. */
const SOURCE = `import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: 'rests-below',
  params: { market: p.market('internal:ETH-USDC'), percent: p.number(0.1, 50, 5) },
  state: { orders: 0 },
  setup(ctx, { market, percent }) {
    const m = ctx.market(market)
    ctx.every(1_000, () => {
      const price = m.price()
      if (price === undefined || ctx.isPaused() || m.orders().length > 0) return
      m.place({ side: 'buy', size: 0.01, price: price * (1 - percent / 100) })
      ctx.state.orders += 1
    })
  },
})
`

const TERMS = { params: { percent: 2 }, limits: { orderNotional: 500, drawdown: 50 } }

export const DEPLOY_EXAMPLES = [
  {
    ...{ id: 'my-bot', requestId: 'deploy-1', source: SOURCE, venues: ['internal'] },
    ...{ ...TERMS, budget: [{ asset: 'USDC', amount: '1000.00' }] },
  },
]
export const UPDATE_EXAMPLES = [{ requestId: 'update-1', params: { percent: 3 } }]
export const ROLL_BACK_EXAMPLES = [{ requestId: 'back-1', version: 1 }]
export const STOP_EXAMPLES = [{ flatten: true }]
