// Risk gate: the limits of a bot, checked by the runner before an order leaves it.
//
// It stands outside the strategy, which cannot switch it off. A refusal has a code and is an order
// event like any other. An order that brings the position nearer to zero passes the position limit;
// without a price nothing can be judged, so nothing passes.

import type { Side } from '#connectors/venue.ts'
import type { LossLimits } from './risk-watch.ts'

export type RiskLimits = {
  readonly ordersPerSecond: number
  readonly orderNotional: number
  /** Of all orders that are not final, this one included. */
  readonly openNotional: number
  /** Bought less sold since the bot began, as it would be after this order and the open ones. */
  readonly position: number
  /** How much worse than the reference an order may be priced, in basis points. */
  readonly priceBps: number
  /** Since a venue last told something of the market. */
  readonly dataAgeMs: number
}

export type GateCode =
  | 'gate.order_rate'
  | 'gate.order_notional'
  | 'gate.open_notional'
  | 'gate.position'
  | 'gate.no_price'
  | 'gate.paused'
  | 'gate.client_id'
  | 'gate.price_distance'
  | 'gate.stale_data'
  | 'gate.halted'

export type GateOrder = {
  readonly side: Side
  readonly base: number
  /** Quote coins for one base coin; undefined when nobody knows. */
  readonly price: number | undefined
}

export type Exposure = {
  /** Of the orders that are not final, in quote coins. */
  readonly openNotional: number
  /** Base coins that open orders of this market and side may still trade. */
  readonly openSameSide: number
  /** Base coins of this market: bought less sold. */
  readonly position: number
  /** Quote coins for one base coin; undefined when nobody knows, or for an order that waits. */
  readonly reference: number | undefined
  readonly dataAgeMs: number
}

export type RiskGate = {
  /** Undefined when the order may go. Every call counts as an order. */
  check(order: GateOrder, exposure: Exposure): GateCode | undefined
}

type Limits = RiskLimits & LossLimits

/** By strategy; in USDC. */
const RISK_LIMITS: Readonly<Record<string, Limits>> = {
  'market-making': {
    ...{ priceBps: 1_000, dataAgeMs: 300_000 },
    ...{ dailyLoss: 250_000, drawdown: 250_000, flatten: false },
    ...{ ordersPerSecond: 60, orderNotional: 30_000 },
    ...{ openNotional: 1_000_000, position: 1_500_000 },
  },
  arbitrage: {
    ...{ priceBps: 2_000, dataAgeMs: 300_000 },
    ...{ dailyLoss: 50_000, drawdown: 50_000, flatten: false },
    ...{ ordersPerSecond: 20, orderNotional: 100_000 },
    ...{ openNotional: 300_000, position: 150_000 },
  },
}

/** Of a strategy that is not ours. */
const OTHERS: Limits = {
  ...{ ordersPerSecond: 10, orderNotional: 10_000, openNotional: 50_000, position: 50_000 },
  ...{ priceBps: 500, dataAgeMs: 300_000, dailyLoss: 2_500, drawdown: 5_000, flatten: true },
}

export function limitsOf(strategy: string): Limits {
  return Object.hasOwn(RISK_LIMITS, strategy) ? (RISK_LIMITS[strategy] ?? OTHERS) : OTHERS
}

const SECOND_MS = 1_000

export function createRiskGate(limits: RiskLimits, nowMs: () => number): RiskGate {
  const sent: number[] = []
  return {
    check({ side, base, price }, exposure) {
      const { openNotional, openSameSide, position } = exposure
      const now = nowMs()
      while ((sent[0] ?? now) <= now - SECOND_MS) sent.shift()
      if (sent.length >= limits.ordersPerSecond) return 'gate.order_rate'
      if (price === undefined || !(price > 0) || !(base > 0)) return 'gate.no_price'
      const notional = base * price
      if (notional > limits.orderNotional) return 'gate.order_notional'
      if (openNotional + notional > limits.openNotional) return 'gate.open_notional'
      const sign = side === 'buy' ? 1 : -1
      const after = Math.abs(position + sign * (openSameSide + base))
      const isSmaller = after <= Math.abs(position)
      if (!isSmaller && after * price > limits.position) return 'gate.position'
      if (!isSmaller && exposure.dataAgeMs > limits.dataAgeMs) return 'gate.stale_data'
      if (isFar({ price, sign }, exposure, limits)) return 'gate.price_distance'
      sent.push(now)
      return undefined
    },
  }
}

/** Only the worse side counts: a price that is too good to trade harms nobody. */
function isFar(
  { price, sign }: { readonly price: number; readonly sign: number },
  { reference }: Exposure,
  { priceBps }: RiskLimits,
): boolean {
  if (reference === undefined) return false
  return sign * (price - reference) * 10_000 > reference * priceBps
}
