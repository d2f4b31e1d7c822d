// Genesis: the assets, markets and house money a new demo exchange begins with.
//
// All of it is ordinary commands in the journal, submitted once, when the engine is empty. The
// house holds what the faucet gives away; every coin of it lies in custody on the chain, so nothing
// is created afterwards. Listing order gives the ids: USDC 0, BTC 1, ETH 2, USD 3, GBP 4.

import { type Amount, asUnit, type FeeRate } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { type AssetId, asId, type MarketId } from '#kernel/ids.ts'
import type { Sequencer, Submission } from '#sequencer/port.ts'

export type DemoAsset = {
  readonly symbol: string
  readonly scale: number
  /** -1: it exists in the ledger only. */
  readonly chainDecimals: number
  /** Whole coins the house holds at genesis. */
  readonly house: number
  /** Whole coins a person gets from the faucet, in ledger units of the asset. */
  readonly faucet: number
}

export const ASSETS: readonly DemoAsset[] = [
  { symbol: 'USDC', scale: 6, chainDecimals: 6, house: 500_000_000, faucet: 10_000_000_000 },
  { symbol: 'BTC', scale: 8, chainDecimals: 8, house: 5_000, faucet: 25_000_000 },
  { symbol: 'ETH', scale: 8, chainDecimals: 18, house: 50_000, faucet: 400_000_000 },
  { symbol: 'USD', scale: 6, chainDecimals: -1, house: 500_000_000, faucet: 10_000_000_000 },
  { symbol: 'GBP', scale: 6, chainDecimals: -1, house: 300_000_000, faucet: 8_000_000_000 },
]

export type DemoMarket = {
  readonly symbol: string
  readonly base: string
  readonly quote: string
  readonly priceScale: number
  readonly lotUnits: number
  /** Trades against a pool on the local chain, too. */
  readonly pool: boolean
}

export const MARKETS: readonly DemoMarket[] = [
  { symbol: 'BTC-USDC', base: 'BTC', quote: 'USDC', priceScale: 1, lotUnits: 1_000, pool: true },
  { symbol: 'ETH-USDC', base: 'ETH', quote: 'USDC', priceScale: 2, lotUnits: 10_000, pool: true },
  { symbol: 'GBP-USD', base: 'GBP', quote: 'USD', priceScale: 5, lotUnits: 1_000_000, pool: false },
]

/** 2 and 5 basis points, in 1e-6. */
const MAKER_RATE = asUnit<FeeRate>(200)
const TAKER_RATE = asUnit<FeeRate>(500)
/** One USDC or USD. */
const MIN_NOTIONAL = asUnit<Amount>(1_000_000)

/** Orders without a limit trade within 5 %; 10 % in five minutes halts, and an auction reopens. */
const RULES = {
  ...{ collarBps: 500, bandBps: 1_000, bandWindowUs: 300_000_000 },
  ...{ haltUs: 5_000_000, auctionUs: 10_000_000 },
  ...{ sessionOpenUs: 0, sessionCloseUs: 0 },
}

/** What the taker pays on the book, as a ratio. */
export const TAKER_FEE = TAKER_RATE / 1_000_000

/** The id of an asset by its place in the list. */
export function assetId(symbol: string): AssetId {
  const index = ASSETS.findIndex((asset) => asset.symbol === symbol)
  assert(index >= 0, `no demo asset ${symbol}`)
  return asId<AssetId>(index)
}

/** Whole coins of an asset in its ledger unit. */
export function coins(symbol: string, whole: number): Amount {
  const scale = ASSETS.find((asset) => asset.symbol === symbol)?.scale ?? 0
  return asUnit<Amount>(Math.round(whole * 10 ** scale))
}

/** What a person gets from the faucet. */
export function faucetAmounts(): { asset: AssetId; amount: Amount }[] {
  return ASSETS.map(({ symbol, faucet }) => ({
    asset: assetId(symbol),
    amount: asUnit<Amount>(faucet),
  }))
}

/** Lists everything and issues the house money; every command must be done. */
export async function openExchange(sequencer: Sequencer): Promise<void> {
  for (const { symbol, scale, chainDecimals } of ASSETS) {
    await mustDo(sequencer, { kind: 'listAsset', symbol, scale, chainDecimals })
  }
  for (const [index, market] of MARKETS.entries()) {
    await mustDo(sequencer, listing(market))
    const rules = { ...RULES, market: asId<MarketId>(index), minNotional: MIN_NOTIONAL }
    await mustDo(sequencer, { kind: 'setMarket', ...rules })
  }
  for (const { symbol, house } of ASSETS) {
    await mustDo(sequencer, { kind: 'issue', asset: assetId(symbol), amount: coins(symbol, house) })
  }
}

function listing(market: DemoMarket): Submission {
  return {
    kind: 'listMarket',
    symbol: market.symbol,
    marketKind: 'spot',
    base: assetId(market.base),
    quote: assetId(market.quote),
    priceScale: market.priceScale,
    tickUnits: 1,
    lotUnits: market.lotUnits,
    minNotional: MIN_NOTIONAL,
    makerRate: MAKER_RATE,
    takerRate: TAKER_RATE,
  }
}

async function mustDo(sequencer: Sequencer, submission: Submission): Promise<void> {
  const reply = await sequencer.submit(submission)
  assert(reply.code === null, `genesis: ${submission.kind} was refused: ${reply.code}`)
}
