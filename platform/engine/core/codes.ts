// Codes: the numbers of the refusals that the core answers with.
//
// The catalogue is kernel/refusals.ts; a test holds the two together, name by name.

export const REQUEST_MALFORMED = 1
export const NOT_FOUND = 11
export const MARKET_UNKNOWN = 12
export const MARKET_CLOSED = 13
export const ORDER_NOTIONAL_TOO_SMALL = 17
export const ORDER_PRICE_OUT_OF_BAND = 18
export const ORDER_POST_ONLY_WOULD_TAKE = 19
export const ORDER_FOK_UNFILLABLE = 20
export const ORDER_SELF_TRADE = 21
export const ORDER_TOO_MANY_OPEN = 22
export const ORDER_FILLS_LIMIT = 23
export const ORDER_NO_LIQUIDITY = 24
export const ORDER_IMMEDIATE_REMAINDER = 25
export const ORDER_CANCELLED_BY_OWNER = 26
export const ORDER_TOO_LARGE = 27
export const FUNDS_INSUFFICIENT = 28
export const ACCOUNT_UNKNOWN = 30
export const IDEMPOTENCY_MISMATCH = 32
export const IDEMPOTENCY_TOO_OLD = 33
export const IDEMPOTENCY_IN_FUTURE = 34
export const CAPACITY_EXHAUSTED = 35
export const MARKET_HALTED = 41
export const MARKET_AUCTION = 42
export const MARKET_POST_ONLY = 43
export const MARKET_DELISTED = 44
export const MARKET_NO_COLLAR = 45
export const ORDER_EXPIRED = 46
export const ORDER_WOULD_TRIGGER = 47
export const ORDER_NO_REFERENCE = 48
export const ORDER_NOT_AMENDABLE = 49
export const ORDER_AMEND_BELOW_FILLED = 50
export const ORDER_REDUCE_ONLY = 51
export const ORDER_COLLAR = 52
export const ORDER_LINKED = 53
export const ORDER_DEAD_MAN = 54
export const ORDER_DISCONNECTED = 55
export const ORDER_TOO_MANY_TRAILING = 56
export const ACCOUNT_FROZEN = 57
export const ACCOUNT_CLOSED = 58
