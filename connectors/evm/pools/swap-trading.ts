// Trading on pools: an order is one swap that is filled, failed or refused, and never rests.
//
// How an order becomes a swap is its plan: one pool, or the best route. What a caller's id became
// is told by the chain through the nonce queue, also after a restart; only the list of fills is
// this process's own. A pool's fee is inside its price, so a fill's fee is zero and its gas stands
// apart. An arbitrage is told as a sale of nothing that its profit comes in from.

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
import type { SwapRefusal } from './amounts.ts'
import type { AssetPair } from './market.ts'
import type { RoundRequest, SwapFailure, SwapOutcome, Swapper, SwapRequest } from './swap.ts'

export type NoSwap = { readonly refused: SwapRefusal | SwapFailure | 'pool.unknown' | 'chain_away' }

/** A swap, or an arbitrage, but for what every order has. */
export type Plan =
  | Omit<SwapRequest, 'id' | 'deadlineSeconds'>
  | Omit<RoundRequest, 'id' | 'deadlineSeconds'>

export type SwapTradingDeps<M extends AssetPair> = {
  readonly account: string
  readonly markets: readonly M[]
  readonly plan: (request: OrderRequest, market: M) => Promise<Plan | NoSwap>
  /** Tells orders of this venue from those of others of the same account. */
  readonly idPrefix?: string
  readonly swapper: Swapper
  readonly heads: Heads
  readonly readBalances: BalanceReader
  /** The asset that gas is paid in, as fills name it. */
  readonly nativeAsset: string
}

type Placed = {
  readonly market: AssetPair
  readonly side: Side
  readonly isRound: boolean
  readonly id: string
}

const FILLS_MAX = 10_000
const DEADLINE_SECONDS = 60

const KINDS = [
  { side: 'buy', isRound: false },
  { side: 'sell', isRound: false },
  { side: 'sell', isRound: true },
] as const

export function createSwapTrading<M extends AssetPair>(deps: SwapTradingDeps<M>): Trading {
  const { markets, swapper, idPrefix = '' } = deps
  const known = rememberedSwaps(deps)
  const swapId = ({ market, side, isRound, id }: Placed) =>
    `${idPrefix}${market.market}/${isRound ? 'round' : side}/${id}`

  async function place(request: OrderRequest): Promise<PlaceAnswer> {
    const market = markets.find(({ market: symbol }) => symbol === request.symbol)
    if (market === undefined) return { kind: 'refused', code: 'market.unknown' }
    const { side, minProfit, clientOrderId, deadlineSeconds = DEADLINE_SECONDS } = request
    const placed = { market, side, isRound: minProfit !== undefined, id: clientOrderId }
    const id = swapId(placed)
    const before = await swapper.outcome(id)
    if (before.kind !== 'absent' && before.kind !== 'unknown') return known.resolve(placed, before)
    const plan = await deps.plan(request, market)
    if ('refused' in plan) {
      if (before.kind === 'unknown') return known.resolve(placed, before)
      return { kind: 'refused', code: plan.refused }
    }
    known.open.set(placed.id, placed)
    return known.resolve(placed, await swapper.swap({ ...plan, id, deadlineSeconds }))
  }

  /** The id alone is asked for, so every market and kind it may have had is tried. */
  async function find(clientOrderId: string): Promise<Answer<Order | undefined>> {
    for (const market of markets) {
      for (const kind of KINDS) {
        const placed = { market, ...kind, id: clientOrderId }
        const outcome = await swapper.outcome(swapId(placed))
        if (outcome.kind === 'absent') continue
        const answer = known.resolve(placed, outcome)
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
      for (const placed of [...known.open.values()]) {
        const outcome = await swapper.outcome(swapId(placed))
        if (outcome.kind !== 'absent') known.resolve(placed, outcome)
      }
      const open = [...known.open.values()].filter(({ market }) => market.market === symbol)
      return { kind: 'ok', value: open.map(openOrder) }
    },
    fills: async (after) => ({ kind: 'ok', value: known.fillsAfter(after) }),
    balances: () => readOwnBalances(deps),
  }
}

type Remembering = Pick<SwapTradingDeps<AssetPair>, 'heads' | 'nativeAsset'>

/** The fills of this process, and the orders whose outcome is not known yet. */
function rememberedSwaps({ heads, nativeAsset }: Remembering) {
  const fills: Fill[] = []
  const open = new Map<string, Placed>()
  return {
    open,
    /** Writes down what became of a swap. */
    resolve(placed: Placed, outcome: SwapOutcome): PlaceAnswer {
      if (outcome.kind === 'unknown') return { kind: 'unknown', reason: outcome.hash }
      open.delete(placed.id)
      if (outcome.kind === 'refused') {
        return { kind: 'refused', code: outcome.code, detail: outcome.detail }
      }
      const order = toOrder(placed, outcome)
      if (outcome.kind === 'failed') return { kind: 'accepted', order, fills: [] }
      const fill = toFill(placed, outcome, nativeAsset, heads.current()?.timestamp ?? 0)
      keep(fills, fill)
      return { kind: 'accepted', order, fills: [fill] }
    },
    fillsAfter(after: string | undefined): readonly Fill[] {
      return fills.slice(fills.findIndex(({ fillId }) => fillId === after) + 1)
    },
  }
}

/** The same fill is kept once. */
function keep(fills: Fill[], fill: Fill): void {
  if (!fills.some(({ fillId }) => fillId === fill.fillId)) fills.push(fill)
  if (fills.length > FILLS_MAX) fills.shift()
}

/** The head that a mirror has followed; undefined while the chain is away. */
export async function newest(heads: Heads): Promise<Head | undefined> {
  try {
    return await heads.refresh()
  } catch (error) {
    if (error instanceof ChainUnavailable) return undefined
    throw error
  }
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

function filledAmounts({ market, side, isRound }: Placed, { amountIn, amountOut }: Swapped) {
  const sold = isRound ? [0n, amountOut - amountIn] : [amountIn, amountOut]
  const [base = 0n, quote = 0n] = side === 'buy' ? [amountOut, amountIn] : sold
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

type OwnBalancesDeps = Omit<SwapTradingDeps<AssetPair>, 'plan'>

/** Nothing is held on chain: a swap takes what it needs or nothing. */
async function readOwnBalances(deps: OwnBalancesDeps): Promise<Answer<readonly Balance[]>> {
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
