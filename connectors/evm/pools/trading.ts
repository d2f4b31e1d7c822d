// Trading on pools: an order is one swap that is filled, failed or refused, and never rests.
//
// An order needs a limit price: a pool without a bound gives any price. The executor takes an
// exact input, so an order that names its output pays what the pool asks for it in the newest
// state, and gets at least what the limit allows for that. What a caller's id became is told by
// the chain through the nonce queue, also after a restart; only the list of fills is this
// process's own. A pool's fee is inside its price, so a fill's fee is zero and its gas stands
// apart.

import type {
  Answer,
  Balance,
  Fill,
  Order,
  OrderRequest,
  PlaceAnswer,
  Side,
  Trading,
  Unknown,
} from '../../venue.ts'
import { type BalanceReader, NATIVE } from '../balances.ts'
import { formatChainAmount } from '../chain-amount.ts'
import type { Token } from '../deployment.ts'
import type { Head, Heads } from '../heads.ts'
import { ChainUnavailable } from '../provider.ts'
import { leastOut, type SwapRefusal, swapAmounts, swapRefusal } from './amounts.ts'
import { type PoolMarket, wayOf } from './market.ts'
import type { PoolMirror } from './mirror.ts'
import { quotePool } from './quoting.ts'
import type { SwapFailure, SwapOutcome, Swapper, SwapRequest } from './swap.ts'

export type PoolTradingDeps = {
  readonly account: string
  readonly markets: readonly PoolMarket[]
  readonly mirror: PoolMirror
  readonly swapper: Swapper
  readonly heads: Heads
  readonly readBalances: BalanceReader
  /** The asset that gas is paid in, as fills name it. */
  readonly nativeAsset: string
}

type Placed = { readonly market: PoolMarket; readonly side: Side; readonly id: string }

const FILLS_MAX = 10_000
const DEADLINE_SECONDS = 60

export function createPoolTrading(deps: PoolTradingDeps): Trading {
  const { markets, swapper, heads } = deps
  const fills: Fill[] = []
  const unresolved = new Map<string, Placed>()

  async function place(request: OrderRequest): Promise<PlaceAnswer> {
    const market = markets.find(({ market: symbol }) => symbol === request.symbol)
    if (market === undefined) return { kind: 'refused', code: 'market.unknown' }
    const placed = { market, side: request.side, id: request.clientOrderId }
    const known = await swapper.outcome(swapId(placed))
    if (known.kind !== 'absent' && known.kind !== 'unknown') return resolve(placed, known)
    const swap = await toSwap(request, market, deps)
    if ('refused' in swap) {
      if (known.kind === 'unknown') return resolve(placed, known)
      return { kind: 'refused', code: swap.refused }
    }
    unresolved.set(placed.id, placed)
    return resolve(placed, await swapper.swap(swap))
  }

  /** Writes down what became of a swap. */
  function resolve(placed: Placed, outcome: SwapOutcome): PlaceAnswer {
    if (outcome.kind === 'unknown') return { kind: 'unknown', reason: outcome.hash }
    unresolved.delete(placed.id)
    if (outcome.kind === 'refused') {
      return { kind: 'refused', code: outcome.code, detail: outcome.detail }
    }
    const order = toOrder(placed, outcome)
    if (outcome.kind === 'failed') return { kind: 'accepted', order, fills: [] }
    const fill = toFill(placed, outcome, deps.nativeAsset, heads.current()?.timestamp ?? 0)
    keep(fills, fill)
    return { kind: 'accepted', order, fills: [fill] }
  }

  /** The id alone is asked for, so every market and side it may have had is tried. */
  async function find(clientOrderId: string): Promise<Answer<Order | undefined>> {
    for (const market of markets) {
      for (const side of ['buy', 'sell'] as const) {
        const placed = { market, side, id: clientOrderId }
        const outcome = await swapper.outcome(swapId(placed))
        if (outcome.kind === 'absent') continue
        const answer = resolve(placed, outcome)
        if (answer.kind === 'accepted') return { kind: 'ok', value: answer.order }
        if (answer.kind === 'unknown') return answer
        return { kind: 'ok', value: refusedOrder(placed, answer.code) }
      }
    }
    return { kind: 'ok', value: undefined }
  }

  return {
    place,
    async cancel(clientOrderId) {
      const answer = await find(clientOrderId)
      if (answer.kind === 'unknown') return answer
      if (answer.value === undefined) return { kind: 'refused', code: 'not_found' }
      return { kind: 'done', order: answer.value }
    },
    order: find,
    async orders(symbol) {
      for (const placed of [...unresolved.values()]) {
        const outcome = await swapper.outcome(swapId(placed))
        if (outcome.kind !== 'absent') resolve(placed, outcome)
      }
      const open = [...unresolved.values()].filter(({ market }) => market.market === symbol)
      return { kind: 'ok', value: open.map(openOrder) }
    },
    async fills(after) {
      const from = fills.findIndex(({ fillId }) => fillId === after) + 1
      return { kind: 'ok', value: fills.slice(from) }
    },
    balances: () => readOwnBalances(deps),
  }
}

/** The same fill is kept once. */
function keep(fills: Fill[], fill: Fill): void {
  if (!fills.some(({ fillId }) => fillId === fill.fillId)) fills.push(fill)
  if (fills.length > FILLS_MAX) fills.shift()
}

type BoundedInput = Pick<SwapRequest, 'amountIn' | 'minOut'>
type NoSwap = { readonly refused: SwapRefusal | SwapFailure | 'pool.unknown' | 'chain_away' }

async function toSwap(
  request: OrderRequest,
  market: PoolMarket,
  deps: PoolTradingDeps,
): Promise<SwapRequest | NoSwap> {
  const { baseToken, quoteToken } = market
  const refused = swapRefusal(request)
  if (refused !== undefined) return { refused }
  const amounts = await boundedInput(request, market, deps)
  if ('refused' in amounts) return amounts
  const buys = request.side === 'buy'
  return {
    id: swapId({ market, side: request.side, id: request.clientOrderId }),
    tokenIn: buys ? quoteToken.address : baseToken.address,
    tokenOut: buys ? baseToken.address : quoteToken.address,
    pools: [market.address],
    ...amounts,
    deadlineSeconds: request.deadlineSeconds ?? DEADLINE_SECONDS,
  }
}

/** Exact input and least output; an output that is named is turned into what it costs now. */
async function boundedInput(
  { side, quantity, limitPrice = '' }: OrderRequest,
  market: PoolMarket,
  { mirror, heads }: PoolTradingDeps,
): Promise<BoundedInput | NoSwap> {
  const decimals = { base: market.baseToken.decimals, quote: market.quoteToken.decimals }
  const amounts = swapAmounts({ side, quantity, limitPrice }, decimals)
  if (amounts === undefined) return { refused: 'request.malformed' }
  if (amounts.kind === 'exact-in') return amounts
  if ((await newest(heads)) === undefined) return { refused: 'chain_away' }
  const state = mirror.get(market.market)?.state
  if (state === undefined) return { refused: 'pool.unknown' }
  const wanted = { way: wayOf(market, side), exact: 'out', amount: amounts.amountOut } as const
  const quoted = quotePool(state, wanted)
  if (quoted === undefined || quoted.amountIn > amounts.maxIn) return { refused: 'swap.slippage' }
  const { amountIn } = quoted
  return { amountIn, minOut: leastOut(amountIn, { side, limitPrice }, decimals) }
}

/** The head that the mirror has followed; undefined while the chain is away. */
async function newest(heads: Heads): Promise<Head | undefined> {
  try {
    return await heads.refresh()
  } catch (error) {
    if (error instanceof ChainUnavailable) return undefined
    throw error
  }
}

function swapId({ market, side, id }: Placed): string {
  return `${market.market}/${side}/${id}`
}

function toOrder(placed: Placed, outcome: Exclude<SwapOutcome, { kind: 'unknown' | 'refused' }>) {
  if (outcome.kind === 'failed') {
    return { ...openOrder(placed), state: 'failed' as const, code: outcome.code }
  }
  const { base, quote } = filledAmounts(placed, outcome)
  const filled = { filledBase: base, filledQuote: quote, venueOrderId: outcome.hash }
  return { ...openOrder(placed), state: 'filled' as const, ...filled }
}

function toFill(placed: Placed, swapped: Swapped, nativeAsset: string, timestamp: number): Fill {
  return {
    fillId: swapped.hash,
    clientOrderId: placed.id,
    symbol: placed.market.market,
    side: placed.side,
    ...filledAmounts(placed, swapped),
    fee: { asset: placed.market.quote, amount: '0' },
    gas: { asset: nativeAsset, amount: formatChainAmount(swapped.gasWei, 18) },
    liquidity: 'taker',
    at: timestamp * 1_000_000,
  }
}

type Swapped = Extract<SwapOutcome, { kind: 'swapped' }>

function filledAmounts({ market, side }: Placed, { amountIn, amountOut }: Swapped) {
  const [base, quote] = side === 'buy' ? [amountOut, amountIn] : [amountIn, amountOut]
  return {
    base: formatChainAmount(base, market.baseToken.decimals),
    quote: formatChainAmount(quote, market.quoteToken.decimals),
  }
}

function openOrder({ market, side, id }: Placed): Order {
  return {
    clientOrderId: id,
    venueOrderId: undefined,
    symbol: market.market,
    side,
    state: 'open',
    filledBase: '0',
    filledQuote: '0',
  }
}

function refusedOrder(placed: Placed, code: string): Order {
  return { ...openOrder(placed), state: 'refused', code }
}

/** Nothing is held on chain: a swap takes what it needs or nothing. */
async function readOwnBalances(deps: PoolTradingDeps): Promise<Answer<readonly Balance[]>> {
  const tokens = new Map<string, Token>()
  for (const market of deps.markets) {
    tokens.set(market.base, market.baseToken).set(market.quote, market.quoteToken)
  }
  tokens.set(`native:${deps.nativeAsset}`, { symbol: 'native', address: NATIVE, decimals: 18 })
  const rows = [...tokens]
  const queries = rows.map(([, token]) => ({ token: token.address, holder: deps.account }))
  try {
    const head = await deps.heads.refresh()
    const units = await deps.readBalances(queries, head.hash)
    const value = rows.map(([asset, { decimals }], at) => {
      return { asset, available: formatChainAmount(units[at] ?? 0n, decimals), held: '0' }
    })
    return { kind: 'ok', value }
  } catch (error) {
    if (error instanceof ChainUnavailable) return away(error)
    throw error
  }
}

function away(error: Error): Unknown {
  return { kind: 'unknown', reason: error.message }
}
