// Market news: which rows of a list of markets say something new.
//
// Phase, prices and pools change all the time and are followed elsewhere; a row is news when its
// terms differ. What is not news stays the very same object, so nothing is drawn again for it.

import type { Market } from '#client/shapes.ts'

/** The newer list; the known one itself when it says nothing new. */
export function withNews(known: readonly Market[], fresh: readonly Market[]): readonly Market[] {
  const rows = fresh.map((row) => {
    const before = known.find(({ symbol }) => symbol === row.symbol)
    return before !== undefined && termsOf(before) === termsOf(row) ? before : row
  })
  const isSame = rows.length === known.length && rows.every((row, nth) => row === known[nth])
  return isSame ? known : rows
}

function termsOf(market: Market): string {
  const { phase: _phase, phaseEndsAt: _ends, markPrice: _mark, ...rest } = market
  const { indicative: _indicative, pools: _pools, ...terms } = rest
  return JSON.stringify(terms)
}
