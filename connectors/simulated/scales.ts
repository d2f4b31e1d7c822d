// Scales: a venue's instruments as assets and markets of the engine.
//
// Decimals of tick and lot give the scales: base assets count in lots, quote assets so that a tick
// times a lot is a whole number. What does not fit eight decimals cannot be simulated and is said.

import type { ListMarket } from '#engine/command.ts'
import { asUnit, formatDecimal, parseDecimal } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { asId } from '#kernel/ids.ts'
import type { Instrument } from '../venue.ts'

export type Asset = {
  readonly symbol: string
  readonly scale: number
  /** Throws for what is no decimal of its scale. */
  unitsOf(text: string): number
  textOf(units: number): string
}

export type Listed = {
  readonly market: number
  readonly instrument: Instrument
  readonly base: Asset
  readonly quote: Asset
  /** Quote units of one tick times one lot. */
  readonly quotePerTickLot: number
  readonly minNotional: number
  readonly listing: ListMarket
  /** Undefined for a price off the tick, or no decimal. */
  ticksOf(price: string): number | undefined
  lotsOf(size: string): number | undefined
  /** Undefined for what is no amount of the quote asset. */
  quoteUnits(amount: string): number | undefined
  priceText(ticks: number): string
  sizeText(lots: number): string
}

const SCALE_MAX = 8
const RATE_SCALE = 6

export function scalesOf(instruments: readonly Instrument[]) {
  const scales = new Map<string, number>()
  const atLeast = (symbol: string, scale: number) =>
    scales.set(symbol, Math.max(scales.get(symbol) ?? 0, scale))
  for (const { symbol, base, quote, tick, lot, minNotional = '0' } of instruments) {
    const [ofTick, ofLot] = [decimalsOf(tick), decimalsOf(lot)]
    assert(ofTick + ofLot <= SCALE_MAX, `${symbol} has too many decimals to be simulated`)
    atLeast(base, ofLot)
    // The venue writes its least notional with all decimals of the asset.
    atLeast(quote, Math.max(ofTick + ofLot, decimalsOf(minNotional)))
  }
  const assets = [...scales].map(([symbol, scale]) => assetOf(symbol, scale))
  const markets = instruments.map((instrument, market) => listed(assets, instrument, market))
  return { assets, markets }
}

/** An order book whose steps fit the engine. */
export function canBeSimulated({ kind, tick, lot }: Instrument): boolean {
  const isStep = Number(tick) > 0 && Number(lot) > 0
  return kind === 'order-book' && isStep && decimalsOf(tick) + decimalsOf(lot) <= SCALE_MAX
}

function decimalsOf(step: string): number {
  return step.split('.')[1]?.length ?? 0
}

function assetOf(symbol: string, scale: number): Asset {
  return {
    ...{ symbol, scale },
    unitsOf(text) {
      const parsed = parseDecimal(text, scale)
      assert(parsed.ok, `${text} is no amount of ${symbol}`)
      return parsed.units
    },
    textOf: (units) => formatDecimal(units, scale),
  }
}

function listed(assets: readonly Asset[], instrument: Instrument, market: number): Listed {
  const { symbol, tick, lot } = instrument
  const [base, quote] = [instrument.base, instrument.quote].map((name) => {
    const index = assets.findIndex((asset) => asset.symbol === name)
    return { index, asset: assets[index] }
  })
  assert(base?.asset !== undefined && quote?.asset !== undefined, `assets of ${symbol}`)
  const priceScale = decimalsOf(tick)
  const tickUnits = unitsIn(tick, priceScale)
  const lotUnits = base.asset.unitsOf(lot)
  const quotePerTickLot =
    tickUnits * lotUnits * 10 ** (quote.asset.scale - priceScale - base.asset.scale)
  const minNotional = quote.asset.unitsOf(instrument.minNotional ?? '0')
  const lotScale = decimalsOf(lot)
  const quoteScale = quote.asset.scale
  return {
    ...{ market, instrument, base: base.asset, quote: quote.asset, quotePerTickLot, minNotional },
    listing: {
      ...{ kind: 'listMarket', symbol, marketKind: 'spot', priceScale, tickUnits, lotUnits },
      ...{ base: asId(base.index), quote: asId(quote.index), minNotional: asUnit(minNotional) },
      makerRate: asUnit(rateOf(instrument.makerFee)),
      takerRate: asUnit(rateOf(instrument.takerFee)),
    },
    ticksOf: (price) => stepsOf(price, priceScale, tickUnits),
    lotsOf: (size) => stepsOf(size, lotScale, unitsIn(lot, lotScale)),
    quoteUnits: (amount) => stepsOf(amount, quoteScale, 1),
    priceText: (ticks) => formatDecimal(ticks * tickUnits, priceScale),
    sizeText: (lots) => formatDecimal(lots * unitsIn(lot, lotScale), lotScale),
  }
}

function unitsIn(step: string, scale: number): number {
  const parsed = parseDecimal(step, scale)
  assert(parsed.ok && parsed.units > 0, `${step} is a step above 0`)
  return parsed.units
}

function stepsOf(text: string, scale: number, step: number): number | undefined {
  const parsed = parseDecimal(text, scale)
  return parsed.ok && parsed.units % step === 0 ? parsed.units / step : undefined
}

/** Hundredths of a basis point. */
function rateOf(fee: string): number {
  return Math.round(Number(fee) * 10 ** RATE_SCALE)
}
