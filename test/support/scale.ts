// Scale: how large numbers are, so that the same intents run in several worlds.

export type Scale = {
  readonly lot: number
  readonly tick: number
  readonly funds: number
  /** What stands before the first intent: a crowd fills everything that has a limit. */
  readonly crowd: boolean
}

export const SMALL: Scale = { lot: 1, tick: 1, funds: 30_000, crowd: false }
/** Notionals of up to 10^14 and balances of 10^15: sums stay below 2^53, products do not. */
export const HUGE: Scale = { lot: 25_000_003, tick: 4_999, funds: 1e15, crowd: false }
export const CROWDED: Scale = { lot: 1, tick: 1, funds: 3_000_000, crowd: true }
