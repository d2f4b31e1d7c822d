// Grid: buys a step lower, sells a step higher, over and over, between two prices.
//
// Each cell is a pair of neighbouring prices. It buys at the lower one, sells what it bought at the
// upper one, and begins anew; what one cell holds is counted apart from all others, so a partial
// fill is sold as what it is. Below `stop` everything is taken back and what the grid holds is
// sold.

import { crossing, isDust } from './crossing.ts'
import { defineExecutor, type ExecutorMarket, type Work } from './executor.ts'
import type { Grid } from './plans.ts'

type Cell = {
  readonly buyAt: number
  readonly sellAt: number
  /** Base coins it holds. */
  held: number
  waitUntil: number
}

export type GridData = {
  readonly market: string
  readonly size: number
  readonly stop: number | null
  readonly cells: readonly Cell[]
  isStopped: boolean
  /** Rounds that bought and sold. */
  rounds: number
}

const CELLS_MAX = 100
const RETRY_US = 5_000_000

export function gridData(market: ExecutorMarket, plan: Grid): GridData {
  const { lower, upper, cells: count, stop = null } = plan
  const size = market.sizeOf(plan.size)
  const isRight = lower > 0 && upper > lower && Number.isSafeInteger(count)
  if (!isRight || count < 1 || count > CELLS_MAX || size === undefined || !(size > 0)) {
    throw new RangeError(`grid: 0 < lower < upper, 1 to ${CELLS_MAX} cells, a size above 0`)
  }
  const step = (upper - lower) / count
  const cells = Array.from({ length: count }, (_, at) => {
    const buyAt = lower + at * step
    return { buyAt, sellAt: buyAt + step, held: 0, waitUntil: 0 }
  })
  const reference = `${market.venue}:${market.symbol}`
  return { market: reference, size, stop, cells, isStopped: false, rounds: 0 }
}

export const grid = defineExecutor<GridData>({
  kind: 'grid',
  step(work) {
    const { data } = work
    const market = work.market(data.market)
    const price = market.price()
    if (data.stop !== null && price !== undefined && price <= data.stop) data.isStopped = true
    if (data.isStopped) close(work, market)
    if (data.isStopped || work.isPaused || price === undefined) return
    for (const [index, cell] of data.cells.entries()) {
      const isBusy = work.orders().some(({ role }) => cellOf(role) === index)
      if (!isBusy && work.now >= cell.waitUntil) put(work, { market, price, cell, index })
    }
  },
  traded({ data }, { role, side, base }) {
    const cell = data.cells[cellOf(role)]
    if (cell !== undefined) cell.held += side === 'buy' ? base : -base
    else sellFrom(data, base)
  },
  ended({ data, now }, { role, side, filledBase }) {
    const cell = data.cells[cellOf(role)]
    if (cell === undefined) return
    if (filledBase === 0) cell.waitUntil = now + RETRY_US
    else if (side === 'sell') data.rounds += 1
  },
})

function cellOf(role: string): number {
  return role.startsWith('cell ') ? Number(role.slice('cell '.length)) : -1
}

/** What was sold when the grid was stopped, cell by cell. */
function sellFrom({ cells }: GridData, base: number): void {
  let left = base
  for (const cell of cells) {
    const part = Math.min(cell.held, left)
    cell.held -= part
    left -= part
  }
}

type Putting = {
  readonly market: ExecutorMarket
  readonly price: number
  readonly cell: Cell
  readonly index: number
}

/** A cell above the market waits: its buy would take. */
function put(work: Work<GridData>, { market, price, cell, index }: Putting): void {
  const { market: reference, size } = work.data
  const role = `cell ${index}`
  if (isDust(market, cell.held)) {
    if (cell.buyAt >= price) return
    const missing = size - cell.held
    work.place(role, reference, { side: 'buy', size: missing, price: cell.buyAt, postOnly: true })
  } else {
    const sale = { side: 'sell', size: cell.held, price: cell.sellAt } as const
    work.place(role, reference, { ...sale, postOnly: true, slide: true })
  }
}

function close(work: Work<GridData>, market: ExecutorMarket): void {
  const orders = work.orders()
  for (const { id, role, isCancelling } of orders) {
    if (role !== 'close' && !isCancelling) work.cancel(id)
  }
  if (orders.length > 0) return
  const held = work.data.cells.reduce((sum, cell) => sum + cell.held, 0)
  if (isDust(market, held)) {
    work.finish('stopped')
    return
  }
  const how = crossing({ market, side: 'sell', slippageBps: undefined })
  if (how !== undefined) work.place('close', work.data.market, { side: 'sell', size: held, ...how })
}
