// Limits of the fleet: every bound on what people deploy and on what is kept of it (INV-17).
//
// A bot has a sub-account of its own, so the engine's SUB_ACCOUNTS_MAX bounds the bots of a user,
// too. What is beyond a bound of a body is refused by its schema.

export const BOTS_MAX = 1_000
export const BOTS_PER_USER_MAX = 60
/** Bots that were stopped and are still told of. */
export const STOPPED_KEPT_MAX = 10_000
/** Characters of a strategy's file. */
export const SOURCE_CHARS_MAX = 65_536
/** Bytes of a request that carries one: JSON may write a character with six. */
export const DEPLOY_BYTES_MAX = 524_288
export const PARAMS_MAX = 64
export const VENUES_MAX = 8
/** Strategies that come with the platform, and characters of what is said of one in a sentence. */
export const BOX_MAX = 100
export const IDEA_CHARS_MAX = 300
export const BUDGET_ASSETS_MAX = 8
export const VERSIONS_PER_BOT_MAX = 1_000
/** Lines that are kept of a bot's log, and characters of a line. */
export const LOG_LINES_MAX = 1_000
export const LOG_CHARS_MAX = 1_000
/** Until a line of a log is on disk. */
export const LOG_FLUSH_MS = 250
/** Strategies that are checked at a time, and that wait for it. */
export const CHECKS_AT_ONCE = 1
export const CHECKS_WAITING_MAX = 8
/** Texts whose types are known to hold. */
export const SOUND_MAX = 1_000

/** How often the standing of every bot is written down. */
export const SAMPLE_MS = 60_000
/** Days of which every one is kept, and in all of which one an hour is. */
export const SAMPLES_ALL_DAYS = 1
export const SAMPLES_HOURLY_DAYS = 365
/** Of one bot after a thinning; it grows by a day's until the next one. */
export const SAMPLES_MAX = (SAMPLES_ALL_DAYS * 24 + 1) * 60 + (SAMPLES_HOURLY_DAYS - 1) * 24 + 2
/** A runner that is asked and says nothing for so long is killed and begins anew. */
export const ANSWER_MS = 15_000
/** Until a runner that was started may be asked. */
export const READY_MS = 120_000
/** A runner that ended is started again after the first of these, the next time after the next. */
export const BACK_OFF_MS = [250, 1_000, 4_000, 15_000, 60_000] as const
/** A runner that lives this long begins with the first again. */
export const HEALTHY_MS = 60_000
/** So often a bot may take its runner along while it starts; then it is left out. */
export const BLAMES_MAX = 3
/** Bots that start at the same time. */
export const STARTS_AT_ONCE = 3
