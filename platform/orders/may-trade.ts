// May trade: the markets that an API key is held to.
//
// A key may be held to some markets: it changes nothing that does not name one of them. Everybody
// else may trade all of them.

import type { Principal } from '#platform/auth/port.ts'

export function mayTrade({ marketsOnly }: Principal, market: string | undefined): boolean {
  return marketsOnly === undefined || (market !== undefined && marketsOnly.has(market))
}
