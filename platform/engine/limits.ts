// Limits: every bound of the engine, in one place.
//
// Each has a refusal code and a test at limit - 1, limit and limit + 1. A number changes only with
// a new engineVersion, because a journal is replayed under the limits it was written with.

/** The rules frames are replayed with; a change of behaviour takes the next number. */
export const ENGINE_VERSION = 3

export const ASSETS_MAX = 32
/** Decimals of an asset's ledger unit. */
export const ASSET_SCALE_MAX = 8
export const MARKETS_MAX = 256
/** Customers, sub-accounts and system accounts together; account ids are below it. */
export const ACCOUNTS_MAX = 65_536
export const SUB_ACCOUNTS_MAX = 64
/** Live orders of the whole exchange, those drained by ticks included. */
export const ORDERS_MAX = 1_048_576
export const OPEN_ORDERS_PER_ACCOUNT_MAX = 1_000
/** Of an account and its sub-accounts together, so that nobody takes every price of a side. */
export const OPEN_ORDERS_PER_OWNER_MAX = 4_096
/** Prices are 1 to this many ticks. */
export const PRICE_TICKS_MAX = 2_147_483_647
/** Sizes are 1 to this many lots. */
export const SIZE_LOTS_MAX = 1_000_000_000_000
/** Fills of one command; what is left of a GTC order is drained by ticks. */
export const FILLS_PER_COMMAND_MAX = 1_000
/** Remembered (account, clientOrderId) and (account, requestId) together. */
export const OUTCOMES_MAX = 1_048_576
/** How long a caller's id is remembered, by the journal's time. */
export const OUTCOME_WINDOW_US = 15 * 60 * 1_000_000
/** How far sentAt may lie ahead of the command's time. */
export const SENT_AHEAD_US = 1_000_000
/** Withdrawals that are neither settled nor failed. */
export const WITHDRAWALS_OPEN_MAX = 65_536
/** Ids of accepted withdrawals, which are never forgotten. */
export const WITHDRAWAL_IDS_MAX = 1_048_576
/** Credited (instance, transaction, log) triples that are remembered. */
export const CREDITS_MAX = 1_048_576
/** Positive balances of one asset add up to at most this. */
export const ASSET_TOTAL_MAX = Number.MAX_SAFE_INTEGER
/** A fee rate in 1e-6: at most 10 %, and a rebate at most as much. */
export const FEE_RATE_MAX = 100_000
/** Transfers of one faucet command. */
export const FAUCET_ASSETS_MAX = 8
/** Triggers that fire in one tick; the rest follow after the next customer's command. */
export const TRIGGERS_PER_COMMAND_MAX = 64
/** Trailing stops of one market: all of them follow every move of their reference. */
export const TRAILING_PER_MARKET_MAX = 256
/** Of them, armed ones of one owner, so that nobody takes all of a market's. */
export const TRAILING_PER_OWNER_MAX = 32
/** Orders that one tick cancels: of those that expired, or of a delisted market. */
export const CANCELS_PER_TICK_MAX = 1_000
/** Prices with orders on one side of a market; an auction looks at all of them in one command. */
export const LEVELS_PER_SIDE_MAX = 16_384
/** How often an auction tells what it would trade. */
export const INDICATIVE_EVERY_US = 1_000_000
/** Tiers of a fee schedule. */
export const FEE_TIERS_MAX = 16
/** Pairs of owner and quote asset whose volume is counted; the others stay in the first tier. */
export const VOLUMES_MAX = 131_072
/** Quote units of one day that count for tiers, so that 30 days stay below 2^53. */
export const DAY_NOTIONAL_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 30)
/** Dead-man timers of the whole exchange, and of one account. */
export const DEAD_MANS_MAX = 65_536
export const DEAD_MANS_PER_ACCOUNT_MAX = 64
/** A dead-man timer runs at most a day. */
export const CANCEL_AFTER_MS_MAX = 86_400_000
/** Collars and bands: at most half of the price. */
export const COLLAR_BPS_MAX = 5_000
export const BAND_BPS_MAX = 5_000
/** A trailing stop in basis points: at most half of the price. */
export const TRAIL_BPS_MAX = 5_000
/** Halts, auctions and windows of bands: at most a day. */
export const PHASE_MAX_US = 86_400_000_000
