// Limits of orders beyond the engine's.

/**
 * Events that the projector may be behind. Past it new orders get capacity.exhausted while cancels
 * pass: finished orders stay in memory until the database has them.
 */
export const PROJECTOR_BACKLOG_MAX = 4_000_000
