// No extra: what an order is that says nothing beyond the common fields.

import type { OrderExtra } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asMicros } from '#kernel/time.ts'

export const NO_EXTRA: OrderExtra = {
  triggerPrice: asUnit(0),
  triggerBy: 'last',
  stopPrice: asUnit(0),
  takeProfitPrice: asUnit(0),
  displaySize: asUnit(0),
  trail: 0,
  trailIn: 'ticks',
  expireAt: asMicros(0),
  reduceOnly: false,
  slide: false,
  feeIn: 'quote',
  session: 0,
  key: 0,
}
