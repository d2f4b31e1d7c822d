// Grid: buys a step lower, sells a step higher, for as long as the market goes sideways.
//
// The grid is drawn once, around the first price it sees, and stays there: it is an executor, so a
// restart finds the same one. Below it is a stop that sells all of it and ends it for good; a grid
// that fell through its floor is not drawn again lower by itself. At risk: every cell is bought,
// `cells` times `cellQuote`, and the market goes on to the stop.

import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: 'grid',
  params: {
    market: p.market('internal:ETH-USDC'),
    /** From the centre to either edge. */
    halfWidthPercent: p.number(0.1, 50, 5),
    cells: p.int(2, 50, 20),
    cellQuote: p.number(5, 100_000, 100),
    /** Below the lower edge. */
    stopPercent: p.number(0.1, 50, 2.5),
  },
  state: { isStopped: false },
  setup(ctx, { market, halfWidthPercent, cells, cellQuote, stopPercent }) {
    const m = ctx.market(market)
    const cellPercent = (2 * halfWidthPercent) / cells
    const feesPercent = 200 * Number(m.instrument.makerFee)
    if (cellPercent <= feesPercent) throw new RangeError('grid: a cell earns less than its fees')

    function draw(): void {
      const centre = m.price()
      if (ctx.state.isStopped || ctx.isPaused() || centre === undefined) return
      const lower = centre * (1 - halfWidthPercent / 100)
      const upper = centre * (1 + halfWidthPercent / 100)
      const stop = lower * (1 - stopPercent / 100)
      m.grid({ lower, upper, cells, size: cellQuote / centre, stop, tag: 'grid' })
    }

    // The one of the run before is there already, with what each cell holds.
    ctx.every(1_000, () => {
      if (ctx.executors().length === 0) draw()
    })
    ctx.onExecutorEnded(({ outcome }) => {
      ctx.state.isStopped = true
      ctx.note(`the grid has ended: ${outcome}`)
    })
  },
})
