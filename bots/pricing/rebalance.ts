// Rebalance: when coins should move between the platform and the wallet on chain, and how many.
//
// Nothing moves inside the band, so that transfers are rare; beyond it, as much as brings the
// wallet back to its target share. Amounts are cut to six digits, which every asset has.

export type Shares = { readonly low: number; readonly target: number; readonly high: number }

export type RebalanceInput = {
  readonly wallet: number
  readonly book: number
  /** Of the wallet in both together. */
  readonly shares: Shares
}

export type Move = { readonly way: 'withdraw' | 'deposit'; readonly amount: string }

const DIGITS = 6

/** Undefined when the wallet is inside the band, or when nothing is known. */
export function rebalance({ wallet, book, shares }: RebalanceInput): Move | undefined {
  const sum = wallet + book
  if (!(sum > 0)) return undefined
  const share = wallet / sum
  if (share >= shares.low && share <= shares.high) return undefined
  const lacking = shares.target * sum - wallet
  const units = Math.floor(Math.abs(lacking) * 10 ** DIGITS)
  if (units === 0) return undefined
  return {
    way: lacking > 0 ? 'withdraw' : 'deposit',
    amount: (units / 10 ** DIGITS).toFixed(DIGITS),
  }
}
