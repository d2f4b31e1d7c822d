// Market state: what the core keeps of a market beside its book, by name.
//
// Read for images and snapshots, and written when a snapshot is restored. Rules that serve speed
// alone are left out: the core finds them anew.

import { asUnit } from '#kernel/amount.ts'
import { asMicros } from '#kernel/time.ts'
import { PHASES } from './codec/choices.ts'
import { choice } from './codec/fields.ts'
import type { FeeTier, MarketRules } from './command.ts'
import type { ImageMarket } from './image.ts'
import { MARKET_RULE, type RowField, RULE, readField, TIER, writeField } from './rows.ts'
import type { Engine } from './state.ts'

/** Every number of a market's rules and phase, with its fee schedule. */
export type MarketState = {
  readonly [F in keyof typeof MARKET_RULE | keyof typeof RULE]: number
} & {
  readonly delisted: boolean
  readonly tiers: readonly FeeTier[]
}

export function marketStateOf({ core }: Engine, market: number): MarketState {
  const { calls } = core
  const [row, rules] = [calls.marketAddress(market), calls.rulesAddress(market)]
  const count = readField(core, rules, TIER_COUNT)
  const tiers = Array.from({ length: count }, (_, at) => tierOf({ core }, market, at))
  return {
    ...readAll({ core }, row, MARKET_RULE),
    ...readAll({ core }, rules, RULE),
    delisted: calls.isDelisted(market) !== 0,
    tiers,
  }
}

/** Puts the state of a market back, which must be listed. */
export function restoreMarketState({ core }: Engine, market: number, state: MarketState): void {
  const { calls } = core
  writeAll({ core }, calls.marketAddress(market), MARKET_RULE, state)
  writeAll({ core }, calls.rulesAddress(market), RULE, state)
  for (const [at, { minNotional, makerRate, takerRate }] of state.tiers.entries()) {
    calls.setTier(market, at, minNotional, makerRate, takerRate)
  }
  calls.setTierCount(market, state.tiers.length)
  if (state.delisted) calls.restoreDelisted(market)
  calls.settleMarket(market)
}

/** What an image shows of it. */
export function imageMarketOf(engine: Engine, market: number) {
  const state = marketStateOf(engine, market)
  const { bandBps, collarBps, bandWindowUs, haltUs, auctionUs } = state
  const { sessionOpenUs, sessionCloseUs } = state
  const bounds = { minNotional: asUnit<MarketRules['minNotional']>(state.minNotional), collarBps }
  const times = { haltUs, auctionUs, sessionOpenUs, sessionCloseUs }
  const isAuction = choice(PHASES, state.phase) === 'auction'
  return {
    mark: state.mark,
    rules: { ...bounds, bandBps, bandWindowUs, ...times },
    tiers: state.tiers,
    delisted: state.delisted,
    phase: choice(PHASES, state.phase),
    endsAt: asMicros(state.endsAt),
    next: choice(PHASES, state.next),
    uncrossPrice: state.uncrossPrice,
    indicative: {
      price: isAuction ? state.toldPrice : 0,
      volume: isAuction ? state.toldVolume : 0,
    },
  } satisfies Partial<ImageMarket>
}

const TIER_COUNT: RowField = { at: 104, bytes: 4 }

type Inner = Pick<Engine, 'core'>
type Fields<F extends string> = Readonly<Record<F, RowField>>

function tierOf({ core }: Inner, market: number, at: number): FeeTier {
  const tier = readAll({ core }, core.calls.tierAddress(market, at), TIER)
  const { minNotional, makerRate, takerRate } = tier
  return {
    minNotional: asUnit(minNotional),
    makerRate: asUnit(makerRate),
    takerRate: asUnit(takerRate),
  }
}

function readAll<F extends string>({ core }: Inner, at: number, fields: Fields<F>) {
  const names = Object.keys(fields) as F[] // Object.keys forgets that the keys are names.
  const values = names.map((name) => [name, readField(core, at, fields[name])] as const)
  return Object.fromEntries(values) as Readonly<Record<F, number>> // As above.
}

function writeAll<F extends string>(
  { core }: Inner,
  at: number,
  fields: Fields<F>,
  values: Readonly<Record<NoInfer<F>, number>>,
): void {
  // As above.
  for (const name of Object.keys(fields) as F[]) writeField(core, at, fields[name], values[name])
}
