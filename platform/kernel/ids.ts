// Ids: who and what, as branded integers and short strict texts.
//
// Integers are dense where they index arrays (assets, markets, accounts) and sequential below 2^53
// elsewhere. Ids of callers are stored verbatim and compared byte for byte.

type Branded<Name extends string> = number & { readonly __id: Name }

export type AssetId = Branded<'asset'>
export type MarketId = Branded<'market'>
export type AccountId = Branded<'account'>
/** The id of an order or a withdrawal is the seq of the command that made it. */
export type OrderId = Branded<'order'>

/** The id of a bracket's exit is its entry's and this: no command has so high a number. */
export const EXIT_ID_FIRST = 2 ** 52

/** What a caller may use as clientOrderId or requestId. */
export const CALLER_ID = /^[A-Za-z0-9._:-]{1,36}$/

/** Symbols of assets and markets: ASCII capitals, digits and dashes. */
export const SYMBOL = /^[A-Z0-9-]{1,20}$/

/** Marks an integer as an id; for codecs and tables, where the value is known to be one. */
export function asId<T extends Branded<string>>(value: number): T {
  return value as T // The only cast: a brand has no run-time form.
}
