// Sizes: how much, as a strategy says it: coins, money, a share of equity, or what may be lost.
//
// A size becomes base coins when an order is made, at the price of that moment. What is not a
// number above 0, or cannot be priced, is undefined and never becomes an order.

export type Size =
  /** Base coins. */
  | number
  | { readonly kind: 'quote'; readonly amount: number }
  | { readonly kind: 'equity'; readonly percent: number }
  | { readonly kind: 'risk'; readonly percent: number; readonly stop: number }

export type Pricing = {
  /** Quote coins for one base coin. */
  readonly price: number | undefined
  /** In quote coins; undefined while the venue has not told the balances. */
  readonly equity: number | undefined
}

/** So much money. */
export function quote(amount: number): Size {
  return { kind: 'quote', amount }
}

/** So much per cent of everything the bot has at the venue, at current prices. */
export function equity({ percent }: { readonly percent: number }): Size {
  return { kind: 'equity', percent }
}

/** As much as loses so much per cent of equity when the price moves by `stop` quote coins. */
export function risk(of: { readonly percent: number; readonly stop: number }): Size {
  return { kind: 'risk', ...of }
}

/** Base coins; undefined when it is none. 0 is 0. */
export function baseOf(size: Size, { price, equity: all }: Pricing): number | undefined {
  if (typeof size === 'number') return finite(size)
  if (size.kind === 'quote') return finite(size.amount / priced(price))
  const share = ((all ?? Number.NaN) * size.percent) / 100
  const base = share / priced(size.kind === 'equity' ? price : size.stop)
  return finite(Math.min(base, ((all ?? Number.NaN) * SPENDABLE) / priced(price)))
}

/** Spot has no credit, and fees must be paid: no share of equity is more than this one. */
const SPENDABLE = 0.99

function priced(price: number | undefined): number {
  return price !== undefined && price > 0 ? price : Number.NaN
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
