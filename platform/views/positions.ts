// Positions: what an account made of a market, at average cost, in exact integers.
//
// A fill in the direction of the position adds to its cost; one against it takes out a part of the
// cost in proportion, rounded down for longs and shorts alike, and realises the difference. Closed
// whole, nothing of the cost is left, so realised + unrealised never loses a unit (INV-14).

import { mulDivDown } from '#kernel/amount.ts'
import type { FillRow } from './fill-row.ts'
import type { PositionRow } from './history-rows.ts'

/** The position after one side of a fill; `perLot` is its notional a lot, exact. */
export function positionAfter(row: PositionRow, fill: FillRow): PositionRow {
  const signed = fill.side === 'buy' ? fill.size : -fill.size
  const [inBase, inQuote] = fill.feeInBase ? [fill.fee, 0] : [0, fill.fee]
  const fees = { fees: row.fees + inQuote, feesInBase: row.feesInBase + inBase }
  const against = row.position !== 0 && row.position > 0 !== signed > 0
  if (!against) {
    return { ...row, position: row.position + signed, cost: row.cost + fill.notional, ...fees }
  }
  const perLot = fill.notional / fill.size
  const closed = Math.min(fill.size, Math.abs(row.position))
  const costClosed = mulDivDown(row.cost, closed, Math.abs(row.position))
  const gained = closed * perLot - costClosed
  const opened = (fill.size - closed) * perLot
  return {
    ...row,
    position: row.position + signed,
    cost: row.cost - costClosed + opened,
    realised: row.realised + (row.position > 0 ? gained : -gained),
    ...fees,
  }
}

/** An account that never traded the market. */
export function noPosition(fill: Pick<FillRow, 'account' | 'market'>): PositionRow {
  const { account, market } = fill
  return { account, market, position: 0, cost: 0, realised: 0, fees: 0, feesInBase: 0 }
}
