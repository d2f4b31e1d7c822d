// The first message to a strategy process of a test: market making on one market.

import type { Start } from '#bots/runtime/channel.ts'
import { BTC_USDC } from './fake-venue.ts'

export const START: Start = {
  ...{ kind: 'start', strategy: 'market-making', params: {}, saved: undefined },
  venues: [
    { venue: 'internal', instruments: [BTC_USDC] },
    { venue: 'reference', instruments: [BTC_USDC] },
  ],
  ...{ idPrefix: 'run-', seed: 1, no: 0, at: 1 },
}
