// Image: the engine's state as plain rows.

import { asMicros } from '#kernel/time.ts'
import type { EngineImage } from './image.ts'
import type { Engine } from './state.ts'

export function imageOf(_engine: Engine): EngineImage {
  return {
    seq: 0,
    time: asMicros(0),
    eventNo: 0,
    chainInstance: '',
    assets: [],
    markets: [],
    accounts: [],
    balances: [],
    orders: [],
    withdrawals: [],
  }
}
