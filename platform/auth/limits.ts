// Limits of auth: every bound on time, size and memory, with the reason where it is not plain.
//
// INV-17: no map of this module grows beyond its constant; what does not fit is refused or the
// oldest entry leaves, as the constant says.

import { DAY_US, MINUTE_US, SECOND_US } from '#kernel/time.ts'

export const EMAIL_MAX = 254
export const PASSWORD_MIN = 8
export const PASSWORD_MAX = 128
export const USER_AGENT_MAX = 256
export const KEY_NAME_MAX = 64

/** Each has a main account, and the engine holds as many accounts. */
export const USERS_MAX = 65_536
/** The session used longest ago is revoked to make room. */
export const SESSIONS_PER_USER_MAX = 20
export const SESSIONS_MAX = 262_144
/** As many as a user may have sub-accounts, each with a bot and its key, and as many others. */
export const KEYS_PER_USER_MAX = 128
/** Markets and networks that one key names. */
export const KEY_MARKETS_MAX = 50
export const KEY_ADDRESSES_MAX = 50
/** How long keys that are revoked or over are kept, for who asks later. */
export const KEY_KEPT_US = 90 * DAY_US
export const KEYS_MAX = 65_536

export const ACCESS_TOKEN_US = 10 * MINUTE_US
/** How long a key signs before the calendar makes another. */
export const SIGNING_KEY_US = 30 * DAY_US
/** How long a key is published before it signs, and how far clocks may differ. */
export const SIGNING_KEY_AHEAD_US = 10 * MINUTE_US
export const CLOCK_SKEW_US = MINUTE_US
export const REFRESH_TOKEN_US = 30 * DAY_US
/** The immediate predecessor of a refresh token may come again within this time. */
export const REFRESH_GRACE_US = 10 * SECOND_US
/** Verified access tokens that are remembered; the oldest leaves. */
export const TOKENS_CACHED_MAX = 16_384

export const SIGNATURE_AHEAD_MS = 1_000
/** Nonces of one key and of all keys; a request beyond either is refused. */
export const NONCES_PER_KEY_MAX = 262_144
export const NONCES_MAX = 1_048_576

/** Argon2id takes 64 MiB and 100 ms each: one at a time leaves the journal its threads. */
export const PASSWORD_HASHES_AT_ONCE = 1
export const PASSWORD_HASHES_WAITING_MAX = 64
/** Wrong passwords in a row before an e-mail has to wait, doubling from one second. */
export const LOGIN_FAILURES_FREE = 10
export const LOGIN_WAIT_MAX_US = MINUTE_US
/** E-mails whose failures are remembered; the oldest leaves. */
export const LOGIN_FAILURES_MAX = 16_384

/** A mailed code: how long it is good, how often it may be tried. */
export const CODE_US = 10 * MINUTE_US
export const CODE_TRIES_MAX = 5
/** Wrong codes of an e-mail, and wrong second factors of a user, in a day. */
export const CODE_FAILURES_PER_DAY = 10
export const FACTOR_FAILURES_PER_DAY = 10
/** Wrong passwords of an e-mail in a day: then it is locked until a mailed code or the next day. */
export const PASSWORD_FAILURES_PER_DAY = 50
/** Codes that are mailed to one address in a day; and codes that are open, of everybody. */
export const CODES_PER_DAY = 10
export const CHALLENGES_MAX = 65_536
export const ALLOWANCE_US = DAY_US
/** Letters that are being prepared behind answers that do not wait for them (INV-17). */
export const ERRANDS_MAX = 1_000
/** Codes that let in once when the authenticator is lost. */
export const RECOVERY_CODES = 10

/** How soon what the command line changed (capabilities, keys) reaches a running platform. */
export const CHANGES_POLL_MS = 5_000
export const PURGE_EVERY_MS = 3_600_000
