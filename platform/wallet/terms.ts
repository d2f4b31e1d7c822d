// Terms: what a withdrawal costs and how small it may be, per asset.
//
// Text in whole coins, so that it reads like the price list it is; parsed with the asset's scale.
// An asset that is not in the list cannot be withdrawn.

export type WithdrawalTerms = { readonly fee: string; readonly minimum: string }

export const WITHDRAWAL_TERMS: Readonly<Record<string, WithdrawalTerms>> = {
  USDC: { fee: '0.5', minimum: '1' },
  BTC: { fee: '0.00002', minimum: '0.0001' },
  ETH: { fee: '0.0005', minimum: '0.001' },
}

/** Rows of chain records that are kept; a reset needs the newest one. */
export const RECORDS_KEPT = 1_000
/** Payouts that are signed and not yet settled, at most; the others wait in the ledger. */
export const PAYOUTS_IN_FLIGHT_MAX = 32
