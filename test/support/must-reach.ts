// Must reach: what an audit of the engine has to meet, or it has shown nothing.
//
// Every refusal code that the engine answers with, every reason it cancels for, every type with
// every time in force it can have, and the stories that take several commands. Names are those of
// reached.ts, codes whatever command they refused.

import type { RefusalCode } from '#kernel/refusals.ts'

const CODES: readonly RefusalCode[] = [
  'account.closed',
  'account.frozen',
  'account.limit',
  'account.not_empty',
  'account.unknown',
  'asset.unknown',
  'capacity.exhausted',
  'funds.insufficient',
  'idempotency.in_future',
  'idempotency.mismatch',
  'idempotency.too_old',
  'market.auction',
  'market.closed',
  'market.delisted',
  'market.halted',
  'market.invalid',
  'market.no_collar',
  'market.post_only',
  'market.unknown',
  'not_found',
  'order.amend_below_filled',
  'order.expired',
  'order.fills_limit',
  'order.fok_unfillable',
  'order.no_reference',
  'order.not_amendable',
  'order.notional_too_small',
  'order.post_only_would_take',
  'order.price_out_of_band',
  'order.reduce_only',
  'order.too_large',
  'order.too_many_open',
  'order.too_many_trailing',
  'order.would_trigger',
  'request.malformed',
]
const REASONS: readonly RefusalCode[] = [
  'capacity.exhausted',
  'market.delisted',
  'market.halted',
  'market.post_only',
  'order.cancelled_by_owner',
  'order.collar',
  'order.dead_man',
  'order.disconnected',
  'order.expired',
  'order.fills_limit',
  'order.immediate_remainder',
  'order.linked',
  'order.no_liquidity',
  'order.self_trade',
]
const EVENTS = [
  ...['accountClosed', 'accountFrozen', 'amended', 'deadManFired', 'deadManSet', 'deposited'],
  ...['exitOpened', 'feesSet', 'fill', 'indicative', 'markSet', 'marketChanged'],
  ...['marketDelisted', 'phaseChanged', 'prevented', 'reduced', 'refreshed', 'rested'],
  ...['transferred', 'triggered', 'uncrossed', 'withdrawalFailed', 'withdrawalSettled'],
  'withdrawalSigned',
]
const STORIES = [
  'a bracket limit',
  'a bracket market',
  'a cascade',
  'a fee in base',
  'a fill in an auction',
  'a rebate',
  'a reopening',
  'amend keeps its place',
  'amend leaves its place',
  'amend of a trigger',
  'amended while it waits',
  'an iceberg',
  'an iceberg goes behind',
  'an iceberg shows more',
  'an oco triggered',
  'closed by session',
  'continuous by session',
  'halted by band',
  'place: duplicate',
]
const SELF_TRADES = ['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement']
const WAITING = ['limit', 'stop', 'stop-limit', 'take-profit', 'take-profit-limit', 'oco']
const SHAPES = [
  ...pairs([...WAITING, 'trailing-stop'], ['GTC', 'GTD', 'DAY']),
  ...pairs(['limit', 'market'], ['IOC', 'FOK']),
]

/** What only a world that was filled before reaches. */
const BY_CROWDS = [
  'account.limit',
  'cancelled: order.fills_limit',
  'order.fills_limit',
  'order.too_many_open',
  'order.too_many_trailing',
]
/** Needs 16,384 prices of a side, or the post-only phase just when a tick takes an order in. */
export const SELDOM_REACHED: readonly string[] = [
  'cancelled: capacity.exhausted',
  'cancelled: market.post_only',
]

export const MUST_REACH: readonly string[] = [
  ...CODES,
  ...REASONS.map((reason) => `cancelled: ${reason}`),
  ...EVENTS.map((kind) => `event ${kind}`),
  ...SELF_TRADES.map((choice) => `prevented: ${choice}`),
  ...SHAPES,
  ...STORIES,
].filter((name) => !SELDOM_REACHED.includes(name))

/** What small and huge worlds reach without a crowd. */
export const MUST_REACH_ALONE = MUST_REACH.filter((name) => !BY_CROWDS.includes(name))

/** How often everything was met; refusals by their code, whatever was refused. */
export function countsOf(seen: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map(seen)
  for (const [name, count] of seen) {
    const [, code] = /^(?!cancelled|prevented)[a-zA-Z]+: (?!done|duplicate)(.+)$/.exec(name) ?? []
    if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + count)
  }
  return counts
}

function pairs(types: readonly string[], times: readonly string[]): string[] {
  return types.flatMap((type) => times.map((time) => `${type} ${time}`))
}
