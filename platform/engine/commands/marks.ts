// Marks: the price of a market that an outside source says, for triggers that follow it.

import type { RefusalCode } from '#kernel/refusals.ts'
import type { SetMark } from '../command.ts'
import { emitPayload } from '../emit.ts'
import { PRICE_TICKS_MAX } from '../limits.ts'
import type { Engine } from '../state.ts'

export function setMark(engine: Engine, { market, price }: SetMark): RefusalCode | null {
  const { calls } = engine.core
  if (engine.markets[market] === undefined) return 'market.unknown'
  if (calls.isDelisted(market)) return 'market.delisted'
  if (price < 1 || price > PRICE_TICKS_MAX) return 'order.price_out_of_band'
  if (calls.markOf(market) === price) return null
  calls.setMark(market, price)
  emitPayload(engine, { kind: 'markSet', market, price })
  return null
}
