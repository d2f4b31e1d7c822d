// Order stay: how long an order of a bot may rest when the bot is not there.
//
// What protects a position always stays: that is what it is for. What executors place, and what a
// strategy asks to be saved, is found again after a restart and stays over one, until the dead-man
// timer says that the bot is gone. Other resting orders are quotes, which only the process that
// made them can look after: they end with its connection.

import type { OrderRequest, Stays } from '#connectors/venue.ts'

const WAITING: ReadonlySet<OrderRequest['type']> = new Set([
  ...(['stop', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop', 'oco'] as const),
])

/** Everything but what is over at once. */
export function canRest({ timeInForce }: OrderRequest): boolean {
  return timeInForce !== 'IOC' && timeInForce !== 'FOK'
}

export function stayOf(request: OrderRequest, isSaved: boolean): Stays {
  const { type, reduceOnly } = request
  if (canRest(request) && (WAITING.has(type) || reduceOnly === true)) return 'always'
  return isSaved || !canRest(request) ? 'alive' : 'connected'
}
