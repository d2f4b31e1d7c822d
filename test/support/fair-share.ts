// Fair share: what a group of accounts may have gained by its fills, to a millionth of a unit.
//
// Everything is valued at one price. A fill with somebody outside gives its edge, the difference of
// its price to that one, which is what the other one agreed to; then each fill costs the exact fee
// of its amount at the rate its order was accepted with. Rounding is against the customer, so what
// a group has more than that is a profit from rounding: there must be none, whatever it does. And
// of what it pays too much, each order owes less than one unit for each of its two roles.

import type { Event, Fill } from '#engine/event.ts'

const RATE_ONE = 1_000_000n

export type Scales = { readonly quotePerTickLot: number; readonly lotUnits: number }
type Rates = { readonly makerRate: number; readonly takerRate: number }
/** Accepted orders by their ids; kept over all that one exchange does. */
export type RatesOf = Map<number, Rates>
type Role = 'maker' | 'taker'

export function createRates(): RatesOf {
  return new Map()
}

/** Remembers the rates of what was accepted; an exit has its entry's. */
export function learnRates(rates: RatesOf, event: Event): void {
  if (event.kind === 'accepted') rates.set(event.seq, event)
  if (event.kind === 'exitOpened') {
    rates.set(event.orderId, rates.get(event.entryOrderId) ?? NO_RATES)
  }
}

const NO_RATES = { makerRate: 0, takerRate: 0 }

/** What a unit is worth at a price: quote and base in quote units x lotUnits, so they are whole. */
export function worthAt(price: number, { quotePerTickLot, lotUnits }: Scales) {
  return { quote: BigInt(lotUnits), base: BigInt(price) * BigInt(quotePerTickLot) }
}

export function createFairShare(
  group: ReadonlySet<number>,
  { price, scales, rates }: { price: number; scales: Scales; rates: RatesOf },
) {
  const worth = worthAt(price, scales)
  const told = { edge: 0n, fees: 0n, rebates: 0n, most: 0n, isCut: false, fills: 0 }
  const roles = new Set<string>()
  /** Sums of amount x rate are worth x 1e6. */
  const pay = (fill: Fill, role: Role) => {
    const of = roleOf(fill, role, rates)
    const base = BigInt(fill.size) * BigInt(scales.lotUnits)
    const notional = BigInt(fill.price) * BigInt(fill.size) * BigInt(scales.quotePerTickLot)
    const unit = of.inBase ? worth.base : worth.quote
    const exact = (of.inBase ? base : notional) * BigInt(of.rate)
    told.fees += exact * unit
    if (of.rate < 0 || of.carries) told.isCut = true
    if (of.carries && !roles.has(`${of.orderId} carries`)) {
      told.fees -= RATE_ONE * unit
      roles.add(`${of.orderId} carries`)
    }
    const key = `${of.orderId} ${fill.auction ? 'maker' : role}`
    if (!roles.has(key)) told.most += RATE_ONE * unit
    roles.add(key)
    const isGiven = role === 'maker' && of.fee < 0 && !group.has(fill.takerAccount)
    if (isGiven) told.rebates += least(BigInt(-of.fee), -floorOf(exact)) * unit * RATE_ONE
  }
  const trade = (fill: Fill, buys: boolean) => {
    const better = BigInt(buys ? price - fill.price : fill.price - price)
    told.edge += better * BigInt(fill.size) * BigInt(scales.quotePerTickLot) * worth.quote
  }
  return {
    read(fill: Fill): void {
      const [makes, takes] = [group.has(fill.makerAccount), group.has(fill.takerAccount)]
      if (makes || takes) told.fills += 1
      if (makes) pay(fill, 'maker')
      if (takes) pay(fill, 'taker')
      if (makes === takes) return
      trade(fill, (fill.takerSide === 'buy') === takes)
    },
    /** What others gave by their prices, in worth. */
    edge: () => told.edge,
    fills: () => told.fills,
    /** More than the exact share, in worth x 1e6: 0 or less. */
    excess: (gained: bigint) => (gained - told.edge) * RATE_ONE + told.fees,
    /** More than prices and rebates of others, each to the unit, in worth x 1e6: 0 or less. */
    profit: (gained: bigint) => (gained - told.edge) * RATE_ONE - told.rebates,
    /** The excess is above this; null where a rebate may have been cut off. */
    least: () => (told.isCut ? null : -told.most),
  }
}

/**
 * Auctions have no taker: both pay as makers, and a rebate is none. But amounts of an auction count
 * for later rebates (docs/rules/fees.md): less than a unit of an order is carried over by that.
 */
function roleOf(fill: Fill, as: Role, rates: RatesOf) {
  const isMaker = as === 'maker'
  const orderId = isMaker ? fill.makerOrderId : fill.takerOrderId
  const { makerRate, takerRate } = rates.get(orderId) ?? NO_RATES
  const inBase = isMaker ? fill.makerFeeInBase : fill.takerFeeInBase
  const fee = isMaker ? fill.makerFee : fill.takerFee
  const rate = isMaker || fill.auction ? makerRate : takerRate
  const carries = fill.auction && rate < 0
  return { orderId, inBase, fee, carries, rate: carries ? 0 : rate }
}

/** A millionth of a product, down: of what is negative away from zero. */
function floorOf(product: bigint): bigint {
  const quotient = product / RATE_ONE
  return product < 0n && quotient * RATE_ONE !== product ? quotient - 1n : quotient
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
