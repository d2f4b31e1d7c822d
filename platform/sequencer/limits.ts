// Limits of the sequencer: every queue and pause, with the reason where it is not plain.
//
// INV-17: what does not fit is refused with capacity.exhausted at once and nothing happened.

/** Commands without an answer; about a quarter of a second at full speed. */
export const SUBMIT_QUEUE_MAX = 16_384
/** Up to here a commit blocks: 0.1 ms sooner than by the thread pool, and nobody else waits. */
export const COMMIT_NOW_MAX = 2
/** Recent commits whose times status() knows. */
export const COMMIT_TIMES_KEPT = 1_024
/** Bytes of events that one step of the event digest covers. */
export const EVENT_DIGEST_BYTES = 64 * 1024
/** Commands from one snapshot to the next: about a second of replay. */
export const SNAPSHOT_EVERY = 1_000_000
/** Cells of a new batch; it grows by doubling. */
export const BATCH_CELLS_FIRST = 256
/** Cells of a new parcel; it grows by doubling. */
export const PARCEL_CELLS_FIRST = 256
/** Rows of answers of a new batch; they grow by doubling. */
export const ANSWERS_FIRST = 64
/**
 * Commands that go to the sequencer's thread before this turn is over, so that both work. With
 * half of it commits are smaller, and the thread has a tenth more to do.
 */
export const PARCEL_COMMANDS = 256
/** Questions of customers that wait for an answer; one more is not asked. */
export const QUESTIONS_MAX = 1_024
/** Emptied parcels that go back with a release, to be filled again; more are let go of. */
export const EMPTIED_MAX = 8
/** Events written again at a start, at once. */
export const REPAIR_BYTES = 256 * 1024
/** Cells of events that replay collects before it hands them on. */
export const REPLAY_EVENT_CELLS = 4_096
/** The longest a timer sleeps before it looks again what is due. */
export const TICK_SLEEP_MAX_MS = 60_000
