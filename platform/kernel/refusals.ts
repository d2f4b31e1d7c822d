// Refusals: the one catalogue of stable codes, with HTTP status and text for people.
//
// A code never changes its meaning and a number never moves: both stand in journals. New codes are
// added at the end with the next number. Tests and programs compare codes, never text.

type Refusal = { readonly number: number; readonly status: number; readonly text: string }

export const REFUSALS = {
  'request.malformed': { number: 1, status: 400, text: 'The request is malformed.' },
  'request.too_large': { number: 2, status: 413, text: 'The request body is too large.' },
  'request.unsupported_type': { number: 3, status: 415, text: 'Send JSON: application/json.' },
  'auth.required': { number: 4, status: 401, text: 'Sign in or send an API key.' },
  'auth.invalid': { number: 5, status: 401, text: 'The credentials are not valid.' },
  'auth.expired': { number: 6, status: 401, text: 'The credentials have expired.' },
  'auth.replayed': { number: 7, status: 401, text: 'This signed request was already used.' },
  'auth.forbidden': { number: 8, status: 403, text: 'Your credentials do not allow this.' },
  'auth.email_taken': { number: 9, status: 409, text: 'This e-mail cannot be registered.' },
  'rate.limited': { number: 10, status: 429, text: 'Too many requests; wait and try again.' },
  not_found: { number: 11, status: 404, text: 'There is no such thing, or it is not yours.' },
  'market.unknown': { number: 12, status: 422, text: 'There is no such market.' },
  'market.closed': { number: 13, status: 422, text: 'The market is closed.' },
  'market.invalid': { number: 14, status: 422, text: 'The scales of the market do not fit.' },
  'order.price_off_tick': { number: 15, status: 422, text: 'The price is not on the tick.' },
  'order.size_off_lot': { number: 16, status: 422, text: 'The size is not on the lot.' },
  'order.notional_too_small': { number: 17, status: 422, text: 'The order is below the minimum.' },
  'order.price_out_of_band': { number: 18, status: 422, text: 'The price is out of bounds.' },
  'order.post_only_would_take': { number: 19, status: 422, text: 'Post-only would have taken.' },
  'order.fok_unfillable': { number: 20, status: 422, text: 'It cannot be filled whole.' },
  'order.self_trade': { number: 21, status: 422, text: 'It met an order of the same owner.' },
  'order.too_many_open': { number: 22, status: 422, text: 'Too many open orders.' },
  'order.fills_limit': { number: 23, status: 422, text: 'It needs more fills than allowed.' },
  'order.no_liquidity': { number: 24, status: 422, text: 'Nothing is left to trade with.' },
  'order.immediate_remainder': {
    number: 25,
    status: 422,
    text: 'The rest could not fill at once.',
  },
  'order.cancelled_by_owner': { number: 26, status: 422, text: 'The owner cancelled it.' },
  'order.too_large': { number: 27, status: 422, text: 'The size or value is too large.' },
  'funds.insufficient': { number: 28, status: 422, text: 'The available balance is too small.' },
  'asset.unknown': { number: 29, status: 422, text: 'There is no such asset.' },
  'account.unknown': { number: 30, status: 422, text: 'There is no such account.' },
  'account.limit': { number: 31, status: 422, text: 'Too many accounts.' },
  'idempotency.mismatch': { number: 32, status: 409, text: 'This id was used for another body.' },
  'idempotency.too_old': { number: 33, status: 409, text: 'sentAt is older than the window.' },
  'idempotency.in_future': { number: 34, status: 400, text: 'sentAt is more than 1 s ahead.' },
  'capacity.exhausted': {
    number: 35,
    status: 503,
    text: 'The exchange is full; nothing happened.',
  },
  'withdrawal.address_invalid': { number: 36, status: 422, text: 'The address is not valid.' },
  'withdrawal.below_minimum': { number: 37, status: 422, text: 'The amount is below the minimum.' },
  'withdrawal.failed': { number: 38, status: 422, text: 'The chain refused the transfer.' },
  unknown: { number: 39, status: 504, text: 'It may have happened: ask by your id.' },
  internal: { number: 40, status: 500, text: 'Something went wrong on our side.' },
  'market.halted': { number: 41, status: 422, text: 'The market is halted.' },
  'market.auction': { number: 42, status: 422, text: 'The auction takes limit orders that wait.' },
  'market.post_only': { number: 43, status: 422, text: 'The market takes post-only orders now.' },
  'market.delisted': { number: 44, status: 422, text: 'The market is not traded any more.' },
  'market.no_collar': { number: 45, status: 422, text: 'Without a collar it needs a limit price.' },
  'order.expired': { number: 46, status: 422, text: 'Its time is over.' },
  'order.would_trigger': { number: 47, status: 422, text: 'It would trigger at once.' },
  'order.no_reference': { number: 48, status: 422, text: 'There is no price to follow yet.' },
  'order.not_amendable': { number: 49, status: 422, text: 'This order cannot be changed now.' },
  'order.amend_below_filled': { number: 50, status: 422, text: 'More than that is done already.' },
  'order.reduce_only': { number: 51, status: 422, text: 'There is nothing to reduce.' },
  'order.collar': { number: 52, status: 422, text: 'The rest was beyond the collar.' },
  'order.linked': { number: 53, status: 422, text: 'The other order of its bracket ended it.' },
  'order.dead_man': { number: 54, status: 422, text: 'Its dead-man timer went off.' },
  'order.disconnected': { number: 55, status: 422, text: 'Its connection was lost.' },
  'order.too_many_trailing': { number: 56, status: 422, text: 'Too many trailing stops.' },
  'account.frozen': { number: 57, status: 422, text: 'The account is frozen.' },
  'account.closed': { number: 58, status: 422, text: 'The account is closed.' },
  'account.not_empty': { number: 59, status: 422, text: 'It still has orders or money.' },
  // Identity.
  'auth.code_invalid': { number: 60, status: 401, text: 'The code is wrong, used or over.' },
  'auth.factor_present': { number: 61, status: 409, text: 'There is a second factor already.' },
  'admin.same_person': { number: 62, status: 409, text: 'Another person has to decide it.' },
  'admin.decided': { number: 63, status: 409, text: 'It was decided already, or is over.' },
  // The fleet.
  'bot.strategy_invalid': { number: 64, status: 422, text: 'The strategy cannot run as it is.' },
  'bot.venue_unknown': { number: 65, status: 422, text: 'There is no such venue for bots.' },
  'bot.limit': { number: 66, status: 422, text: 'Too many bots.' },
  'bot.stopped': { number: 67, status: 409, text: 'The bot was stopped for good.' },
} as const satisfies Record<string, Refusal>

export type RefusalCode = keyof typeof REFUSALS

// Object.keys forgets that the keys are codes.
const BY_NUMBER: ReadonlyMap<number, RefusalCode> = new Map(
  // Object.keys forgets the keys.
  (Object.keys(REFUSALS) as RefusalCode[]).map((code) => [REFUSALS[code].number, code]),
)

/** The number that stands for a code in journals and event cells. */
export function refusalNumber(code: RefusalCode): number {
  return REFUSALS[code].number
}

/** The code of a number read from a journal; undefined when a newer version wrote it. */
export function refusalOf(number: number): RefusalCode | undefined {
  return BY_NUMBER.get(number)
}
