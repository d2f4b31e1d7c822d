// Arbitrage: the same coins bought where they are cheap and sold where they are dear, book and
// pool. It is sized by the pool that should earn most, and the swap takes the best route there is;
// pools that differ by more than that are traded against each other (arbitrage-rounds.ts).
//
// The pool's leg goes first, whole or not at all. The book's follows as an IOC of what the pool
// filled; what is left is tried again at once, then every half second, ever further from the mid.
// One arbitrage a market at a time, the next one only on a pool seen after it, and nothing is sent
// unless it should earn more than its fees and gas.

import type { Order, Side } from '#connectors/venue.ts'
import { p } from '../params.ts'
import { lossCause, realisedOf, type Trade } from '../pricing/arbitrage-outcome.ts'
import { type Arbitrage, bestArbitrage, poolLimit } from '../pricing/best-arbitrage.ts'
import { type PricedPool, pricedBook, pricedReserves } from '../pricing/priced-pool.ts'
import { rebalance, type Shares } from '../pricing/rebalance.ts'
import { reachText } from '../steps.ts'
import { type Context, defineStrategy, type Market, type Transfer } from '../strategy.ts'
import { type Round, type RoundPair, roundDone, sendRound } from './arbitrage-rounds.ts'

type State = {
  /** By market: the arbitrage whose outcome is not known yet. */
  trades: Record<string, Trade>
  /** By asset: the transfer between book and chain under way. */
  transfers: Record<string, Transfer>
  /** ETH of the last leg on a pool; what the next one is expected to cost. */
  gasEth: number
  /** By market: the arbitrage between pools whose outcome is not known yet. */
  rounds: Record<string, Round>
}

type Params = {
  readonly minEdgeQuote: number
  readonly giveShare: number
  readonly bookSlippageBps: number
  readonly hedgeStepBps: number
  readonly hedgeMaxBps: number
}

type Pool = {
  readonly market: Market
  /** What it told last; another object each time. */
  readonly told: () => object | undefined
  readonly priced: () => PricedPool | undefined
  /** What our last order on it was sized by. */
  sized: object | undefined
  /** As long as the pool has told nothing but this, it is older than our last swap on it. */
  seen: object | undefined
}

type Pair = RoundPair & {
  readonly book: Market
  /** The first one's venue tells the wallet that all trade from. */
  readonly pools: readonly [Pool, ...Pool[]]
  /** Microseconds: nothing begins before. */
  restUntil: number
}

const [V2, V3, ALL] = ['uniswap-v2', 'uniswap-v3', 'uniswap']
const HEDGE_MS = 500
const REST_US = 1_000_000
const REBALANCE_MS = 5_000
const BPS = 10_000
const MIN_NOTIONAL = 1

export default defineStrategy({
  name: 'arbitrage',
  params: {
    markets: p.markets(['BTC-USDC']),
    ether: p.market('internal:ETH-USDC'),
    /** Of Uniswap V3, in hundredths of a basis point: the pools there are beside the pair of V2. */
    v3Fees: p.numbers(0, 1_000_000, []),
    minEdgeQuote: p.number(0, 1_000_000, 0.02),
    /** Share of the expected edge that the pool's leg may give up and still be worth doing. */
    giveShare: p.number(0, 1, 0.9),
    bookSlippageBps: p.number(0, 1_000, 10),
    hedgeStepBps: p.number(0, 1_000, 15),
    hedgeMaxBps: p.number(0, 5_000, 200),
    walletLow: p.number(0, 1, 0.1),
    walletTarget: p.number(0, 1, 0.25),
    walletHigh: p.number(0, 1, 0.5),
  },
  // Empty records have no keys.
  state: { trades: {}, transfers: {}, gasEth: 0.0003, rounds: {} } as State,
  setup(
    ctx,
    { markets, ether, v3Fees, walletLow: low, walletTarget: target, walletHigh: high, ...params },
  ) {
    const etherMarket = ctx.market(ether)
    const pairs = markets.map((symbol) =>
      pairOf(ctx, symbol, { params, ether: etherMarket, v3Fees }),
    )
    keepShares(ctx, pairs, { low, target, high })
    tellHalfDone(ctx)
  },
})

function tellHalfDone({ state, halfDone }: Context<State>): void {
  halfDone(Object.keys(state.trades).length + Object.keys(state.rounds).length > 0)
}

type Deps = {
  readonly params: Params
  readonly ether: Market
  readonly v3Fees: readonly number[]
}

function pairOf(ctx: Context<State>, symbol: string, deps: Deps): Pair {
  const book = ctx.market(`internal:${symbol}`)
  const pools = [
    pairPool(ctx.market(`${V2}:${symbol}`)),
    ...deps.v3Fees.map((fee) => bookPool(ctx.market(`${V3}:${symbol}-${fee}`))),
  ] as const
  const routed = ctx.market(`${ALL}:${symbol}`)
  const nothing = { gasEth: undefined, roundSeen: undefined, restUntil: 0 }
  const pair: Pair = { book, pools, routed, ...nothing }
  const look = () => seek(ctx, pair, deps)
  book.onBook(look)
  for (const { market } of pools) {
    market.onPool(look)
    if (market.venue === V3) market.onBook(look)
  }
  // A leg of an earlier release stands on a single pool.
  for (const market of [routed, ...pools.map((pool) => pool.market)]) {
    market.onFill(({ clientOrderId: id, gas }) => {
      const { trades, rounds } = ctx.state
      const isOurs = trades[symbol]?.poolId === id || rounds[symbol]?.id === id
      if (isOurs && gas !== undefined) pair.gasEth = Number(gas.amount)
    })
    market.onOrder((order) => poolLegDone(ctx, pair, deps, order))
  }
  routed.onBook(look)
  routed.onOrder((order) => {
    const gasQuote = gasIn(deps.ether, pair.gasEth ?? ctx.state.gasEth) ?? 0
    if (roundDone(ctx, pair, { order, gasQuote })) tellHalfDone(ctx)
  })
  book.onOrder((order) => bookLegDone(ctx, pair, deps, order))
  ctx.every(HEDGE_MS, () => {
    const trade = ctx.state.trades[symbol]
    if (trade !== undefined && trade.phase === 'hedge') sendBookLeg(pair, trade, deps)
  })
  resume(ctx.state, pair)
  return pair
}

/** After a restart: asks what became of the leg that was under way. */
function resume({ trades, rounds }: State, pair: Pair): void {
  const { book, routed } = pair
  const [trade, round] = [trades[book.symbol], rounds[book.symbol]]
  if (round !== undefined) routed.recover(round.id)
  if (trade === undefined) return
  if (trade.phase === 'pool') legMarket(pair, trade).recover(trade.poolId)
  else if (trade.phase === 'book') book.recover(trade.bookId)
}

/** A pair tells its reserves. */
function pairPool(market: Market): Pool {
  const priced = () => {
    const snapshot = market.pool()
    return snapshot === undefined ? undefined : pricedReserves(snapshot)
  }
  return { market, told: () => market.pool(), priced, sized: undefined, seen: undefined }
}

/** A pool of V3 is told as a book. */
function bookPool(market: Market): Pool {
  const { takerFee, lot } = market.instrument
  const terms = { takerFee: Number(takerFee), baseDecimals: lot.split('.')[1]?.length ?? 0 }
  const priced = () => {
    const book = market.book()
    return book === undefined ? undefined : pricedBook(book, terms)
  }
  return { market, told: () => market.book(), priced, sized: undefined, seen: undefined }
}

function poolOf({ pools }: Pair, { pool: name }: Trade): Pool {
  const [first] = pools
  return pools.find(({ market }) => nameOf(market) === name) ?? first
}

/** Where the pool's leg was sent. */
function legMarket(pair: Pair, trade: Trade): Market {
  return trade.isRouted === true ? pair.routed : poolOf(pair, trade).market
}

function nameOf({ venue, symbol }: Market): string {
  return `${venue}:${symbol}`
}

function seek(ctx: Context<State>, pair: Pair, { params, ether }: Deps): void {
  const { book, routed } = pair
  const { trades, rounds } = ctx.state
  if (ctx.isPaused() || trades[book.symbol] !== undefined) return
  if (rounds[book.symbol] !== undefined || ctx.now() < pair.restUntil) return
  const gasQuote = gasIn(ether, ctx.state.gasEth)
  if (gasQuote === undefined) return
  const best = findBest(pair, gasQuote)
  const least = Math.max(params.minEdgeQuote, best?.found.edge ?? 0)
  if (sendRound(ctx, pair, { least, gasQuote, floor: params.minEdgeQuote })) {
    tellHalfDone(ctx)
    return
  }
  if (best === undefined || best.found.edge <= params.minEdgeQuote) return
  const { pool, priced, found } = best
  const price = poolLimit(found, priced, found.edge * params.giveShare)
  const { side, base: size } = found
  const poolId = routed.place({ side, size, price, timeInForce: 'FOK', saved: true })
  pool.sized = pool.told()
  pair.gasEth = undefined
  ctx.state.trades[book.symbol] = {
    ...{ side, base: size, poolId, bookId: '', phase: 'pool', attempts: 0 },
    ...{ pool: nameOf(pool.market), isRouted: true },
    expected: { ...quotesOf(found), gas: gasQuote, edge: found.edge, bookPrice: found.bookPrice },
    ...{ poolQuote: 0, poolBase: 0, bookBase: 0, bookQuote: 0, gasQuote, txHash: null },
  }
  tellHalfDone(ctx)
}

/** The arbitrage is over, whatever came of it. */
function close(ctx: Context<State>, { book }: Pair): void {
  delete ctx.state.trades[book.symbol]
  tellHalfDone(ctx)
}

function quotesOf({ poolQuote, bookQuote }: Arbitrage) {
  return { poolQuote, bookQuote }
}

function gasIn(ether: Market, gasEth: number): number | undefined {
  const ask = Number(ether.book()?.asks[0]?.price)
  return ask > 0 ? gasEth * ask : undefined
}

type Found = { readonly pool: Pool; readonly priced: PricedPool; readonly found: Arbitrage }

/** The pool that should earn most, of those that have told something since our last swap there. */
function findBest(pair: Pair, gasQuote: number): Found | undefined {
  let best: Found | undefined
  for (const pool of pair.pools) {
    const priced = pool.told() === pool.seen ? undefined : pool.priced()
    const found = priced === undefined ? undefined : find(pair, priced, gasQuote)
    if (priced === undefined || found === undefined) continue
    if (best === undefined || found.edge > best.found.edge) best = { pool, priced, found }
  }
  return best
}

function find({ book, pools: [{ market: wallet }] }: Pair, pool: PricedPool, gasQuote: number) {
  const now = book.book()
  const [bid, ask] = [Number(now?.bids[0]?.price), Number(now?.asks[0]?.price)]
  if (now === undefined || !(bid > 0) || !(ask > 0)) return undefined
  const { base, quote, takerFee, lot } = book.instrument
  // A little is left for price limits that are worse than the expected price.
  const afford = (market: Market) => (market.balance(quote) * 0.97) / ask
  return bestArbitrage({
    ...{ pool, bids: now.bids, asks: now.asks, gasQuote, lot },
    takerFee: Number(takerFee),
    baseMax: {
      buy: Math.min(afford(wallet), book.balance(base)),
      sell: Math.min(wallet.balance(base), afford(book)),
    },
  })
}

/** The venue's word on the pool's leg: then the book's leg leaves, or it was nothing. */
function poolLegDone(ctx: Context<State>, pair: Pair, deps: Deps, order: Order): void {
  const trade = ctx.state.trades[pair.book.symbol]
  if (trade === undefined || trade.poolId !== order.clientOrderId) return
  if (order.state === 'open') return
  if (order.state === 'filled') {
    leave(poolOf(pair, trade))
    if (pair.gasEth !== undefined) ctx.state.gasEth = pair.gasEth
    trade.gasQuote = gasIn(deps.ether, ctx.state.gasEth) ?? trade.gasQuote
    trade.poolBase = Number(order.filledBase)
    trade.poolQuote = Number(order.filledQuote)
    trade.txHash = order.venueOrderId ?? null
    sendBookLeg(pair, trade, deps)
    return
  }
  close(ctx, pair)
  ctx.log(`${pair.book.symbol}: the pool's leg came to nothing: ${order.code ?? order.state}`)
  // A pool that has moved is seen in a later block; whatever else it is will pass.
  if (order.code === 'swap.slippage') leave(poolOf(pair, trade))
  else pair.restUntil = ctx.now() + REST_US
  if (isOurOwn(order.code)) return
  const { edge: expectedEdgeQuote } = trade.expected
  const figures = { market: pair.book.symbol, expectedEdgeQuote, cause: causeOf(order) }
  ctx.report({ ...figures, realisedQuote: null, txHash: order.venueOrderId ?? null })
}

/** What the swap was sized by is from before it; after a restart the pool has been read anew. */
function leave(pool: Pool): void {
  pool.seen = pool.sized ?? pool.seen
}

/** Refused by our own gate or never sent: nothing was done that could have cost anything. */
function isOurOwn(code: string | undefined): boolean {
  return code === undefined || code.startsWith('gate.') || code === 'not_found'
}

function causeOf({ code }: Order): 'pool moved' | 'leg failed' {
  return code === 'swap.slippage' ? 'pool moved' : 'leg failed'
}

/** What is left of the book's leg, each time further from the price it was sized at. */
function sendBookLeg({ book }: Pair, trade: Trade, { params }: Deps): void {
  const { instrument } = book
  const side: Side = trade.side === 'buy' ? 'sell' : 'buy'
  const { bookSlippageBps, hedgeStepBps, hedgeMaxBps } = params
  const bps = Math.min(bookSlippageBps + trade.attempts * hedgeStepBps, hedgeMaxBps)
  const from = trade.attempts === 0 ? trade.expected.bookPrice : touchOf(book, side)
  const price = reachText(
    (from ?? trade.expected.bookPrice) * (1 + ((side === 'buy' ? 1 : -1) * bps) / BPS),
    ...([instrument.tick, side] as const),
  )
  if (price === undefined) return
  const size = trade.poolBase - trade.bookBase
  trade.phase = 'book'
  trade.attempts += 1
  trade.bookId = book.place({ side, size, price, timeInForce: 'IOC', saved: true })
}

function touchOf(book: Market, side: Side): number | undefined {
  const now = book.book()
  const price = Number((side === 'buy' ? now?.asks : now?.bids)?.[0]?.price)
  return price > 0 ? price : undefined
}

function bookLegDone(ctx: Context<State>, pair: Pair, deps: Deps, order: Order): void {
  const { book } = pair
  const trade = ctx.state.trades[book.symbol]
  if (trade === undefined || trade.bookId !== order.clientOrderId) return
  if (order.state === 'open') return
  const fee = Number(book.instrument.takerFee) * (trade.side === 'buy' ? -1 : 1)
  trade.bookBase += Number(order.filledBase)
  trade.bookQuote += Number(order.filledQuote) * (1 + fee)
  const left = trade.poolBase - trade.bookBase
  const price = trade.expected.bookPrice
  if (left * price >= MIN_NOTIONAL && left >= Number(book.instrument.lot)) {
    ctx.log(`${book.symbol}: ${left} of the book's leg left: ${order.code ?? order.state}`)
    // Once more at once; after that the timer paces it.
    if (trade.attempts === 1 && order.state !== 'refused') sendBookLeg(pair, trade, deps)
    else trade.phase = 'hedge'
    return
  }
  close(ctx, pair)
  const realisedQuote = realisedOf(trade, price)
  const { edge: expectedEdgeQuote } = trade.expected
  const cause = realisedQuote < 0 ? lossCause(trade, price) : null
  const { txHash } = trade
  ctx.report({ market: book.symbol, expectedEdgeQuote, realisedQuote, cause, txHash })
}

/** Moves coins when the wallet on chain holds too small or too large a share of an asset. */
function keepShares(ctx: Context<State>, pairs: readonly Pair[], shares: Shares): void {
  const { transfers, trades } = ctx.state
  ctx.onTransfer(({ id, kind, code }) => {
    const known = Object.values(transfers).find((one) => one.id === id)
    if (known === undefined) return
    // What is unknown is asked for again with the same id.
    if (kind !== 'unknown') delete transfers[known.asset]
    ctx.log(`${known.way} of ${known.amount} ${known.asset}: ${code ?? kind}`)
  })
  ctx.every(REBALANCE_MS, () => {
    for (const transfer of Object.values(transfers)) ctx.transfer(transfer)
    const isBusy = Object.keys(trades).length + Object.keys(ctx.state.rounds).length > 0
    if (ctx.isPaused() || isBusy) return
    for (const { book, pools } of pairs) {
      const wallet = pools[0].market
      const { base, quote } = book.instrument
      for (const asset of [base, quote]) {
        if (transfers[asset] !== undefined) continue
        const move = rebalance({ wallet: wallet.balance(asset), book: book.balance(asset), shares })
        if (move === undefined) continue
        const transfer = { ...move, id: ctx.newId(), sentAt: ctx.now(), asset }
        transfers[asset] = transfer
        ctx.transfer(transfer)
      }
    }
  })
}
