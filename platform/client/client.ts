// The client: every route of the API as a typed function.
//
// Requests that change money or orders get an id and a sentAt here when the caller gives none, and
// are asked again with both unchanged when the outcome was 'unknown'. Types come from the schemas
// next to the routes.

import { accountCalls } from './account-calls.ts'
import { ANONYMOUS, type Authorization } from './authorization.ts'
import { botCalls } from './bot-calls.ts'
import { type Call, createCall, type Query } from './call.ts'
import type { Outcome } from './outcome.ts'
import { type Send, sendByFetch } from './send.ts'
import type {
  Account,
  AmendBody,
  Asset,
  Balance,
  BatchAnswer,
  BatchItem,
  Book,
  Bot,
  CancelAfter,
  Candle,
  Deposit,
  DepositAddress,
  Faucet,
  Fees,
  Fill,
  Health,
  HistoryPage,
  Interval,
  LedgerEntry,
  Market,
  Order,
  Page,
  PlaceBody,
  Placed,
  PnlRow,
  PreventedMatch,
  Ticker,
  Trade,
  Transfer,
  TransferBody,
  Withdrawal,
  WithdrawalBody,
} from './shapes.ts'

export type ClientOptions = {
  /** Such as http://127.0.0.1:3000; '' in a page served by the platform itself. */
  readonly baseUrl: string
  readonly authorization?: Authorization
  readonly send?: Send
  /** Of one attempt; then the outcome is 'unknown'. */
  readonly timeoutMs?: number
  /** How often an 'unknown' outcome is asked again. */
  readonly retries?: number
  /** Microseconds since 1970. */
  readonly now?: () => number
}

export type PageQuery = { readonly after?: string; readonly limit?: number }
export type OrdersQuery = PageQuery & {
  readonly account?: number
  readonly market?: string
  readonly status?: Order['status']
}
export type HistoryQuery = PageQuery & {
  readonly account?: number
  readonly market?: string
  readonly asset?: string
}
export type CandlesQuery = {
  readonly interval: Interval
  readonly from?: number
  readonly to?: number
  readonly limit?: number
}
type Caller = { readonly requestId?: string; readonly sentAt?: number }
type OfAccount = { readonly account?: number }

export type Client = ReturnType<typeof createClient>

/** A client of the platform at `baseUrl`. */
export function createClient(options: ClientOptions) {
  const call = createCall({
    baseUrl: options.baseUrl,
    send: options.send ?? sendByFetch(),
    authorization: options.authorization ?? ANONYMOUS,
    timeoutMs: options.timeoutMs ?? 5_000,
  })
  const retries = options.retries ?? 2
  const now = options.now ?? (() => Date.now() * 1_000)
  return {
    ...publicCalls(call),
    ...orderCalls(call, { retries, now }),
    ...portfolioCalls(call, { retries, now }),
    ...walletCalls(call, { retries, now }),
    ...accountCalls(call),
    ...botCalls(call, { retries }),
    ...operatorCalls(call, { retries }),
  }
}

type Stamping = { readonly retries: number; readonly now: () => number }

function publicCalls(call: Call) {
  const get = <T>(path: string, query?: Query): Promise<Outcome<T>> =>
    call<T>({ method: 'GET', path, ...(query === undefined ? {} : { query }) })
  const ofMarket = (market: string, rest = '') => `/v1/markets/${encodeURIComponent(market)}${rest}`
  return {
    health: () => get<Health>('/v1/health'),
    assets: () => get<Page<Asset>>('/v1/assets'),
    markets: () => get<Page<Market>>('/v1/markets'),
    market: (market: string) => get<Market>(ofMarket(market)),
    book: (market: string, query: { depth?: number } = {}) =>
      get<Book>(ofMarket(market, '/book'), query),
    trades: (market: string, query: PageQuery = {}) =>
      get<Page<Trade>>(ofMarket(market, '/trades'), query),
    ticker: (market: string) => get<Ticker>(ofMarket(market, '/ticker')),
    candles: (market: string, query: CandlesQuery) =>
      get<Page<Candle>>(ofMarket(market, '/candles'), query),
    bots: () => get<Page<Bot>>('/v1/bots'),
    pauseBot: (id: string) =>
      call<{ bot: Bot }>({ method: 'POST', path: `/v1/bots/${encodeURIComponent(id)}/pause` }),
    resumeBot: (id: string) =>
      call<{ bot: Bot }>({ method: 'POST', path: `/v1/bots/${encodeURIComponent(id)}/resume` }),
  }
}

function orderCalls(call: Call, { retries, now }: Stamping) {
  const byClientId = (id: string) => `/v1/orders/by-client-id/${encodeURIComponent(id)}`
  return {
    /** Fills in clientOrderId and sentAt; every attempt repeats both. */
    place: (order: PlaceBody) => {
      const { place: body } = stamped(order, now)
      return call<Placed>({ method: 'POST', path: '/v1/orders', body, retries })
    },
    order: (id: number) => call<{ order: Order }>({ method: 'GET', path: `/v1/orders/${id}` }),
    orderByClientId: (id: string, query: OfAccount = {}) =>
      call<{ order: Order }>({ method: 'GET', path: byClientId(id), query }),
    orders: (query: OrdersQuery = {}) =>
      call<HistoryPage<Order>>({ method: 'GET', path: '/v1/orders', query }),
    cancel: (id: number) =>
      call<{ order: Order }>({ method: 'DELETE', path: `/v1/orders/${id}`, retries }),
    cancelByClientId: (id: string, query: OfAccount = {}) =>
      call<{ order: Order }>({ method: 'DELETE', path: byClientId(id), query, retries }),
    /** Every place of it gets clientOrderId and sentAt when it has none, so a retry is safe. */
    batch: (items: readonly BatchItem[]) => {
      const orders = items.map((item) =>
        item.place === undefined ? item : stamped(item.place, now),
      )
      return call<BatchAnswer>({
        method: 'POST',
        path: '/v1/orders/batch',
        body: { orders },
        retries,
      })
    },
    /** Asked again it changes nothing more, so it is. */
    amend: (id: number, body: AmendBody) =>
      call<Placed>({ method: 'PATCH', path: `/v1/orders/${id}`, body, retries }),
    amendByClientId: (id: string, body: AmendBody, query: OfAccount = {}) =>
      call<Placed>({ method: 'PATCH', path: byClientId(id), body, query, retries }),
    /** Unless asked again within so long, the orders of this API key are cancelled; 0 ends it. */
    cancelAfter: (body: OfAccount & { readonly cancelAfterMs: number }) =>
      call<CancelAfter>({ method: 'POST', path: '/v1/orders/cancel-after', body, retries }),
    cancelAll: (query: OfAccount & { market?: string; side?: 'buy' | 'sell' } = {}) =>
      call<{ cancelled: number }>({ method: 'DELETE', path: '/v1/orders', query, retries }),
  }
}

function portfolioCalls(call: Call, { retries, now }: Stamping) {
  const get = <T>(path: string, query: Query) => call<T>({ method: 'GET', path, query })
  const post = <T>(path: string, body: Caller) =>
    call<T>({ method: 'POST', path, body: { ...body, ...requested(body, now) }, retries })
  return {
    accounts: () => get<Page<Account>>('/v1/accounts', {}),
    openAccount: (body: Caller & { readonly name: string }) =>
      post<{ account: Account }>('/v1/accounts', body),
    /** An empty sub-account, for ever. */
    closeAccount: (account: number, body: Caller = {}) =>
      post<{ account: Account }>(`/v1/accounts/${account}/close`, body),
    transfer: (body: Caller & Omit<TransferBody, 'requestId' | 'sentAt'>) =>
      post<{ transfer: Transfer }>('/v1/transfers', body),
    faucet: (body: Caller = {}) => post<Faucet>('/v1/faucet', body),
    balances: (query: OfAccount = {}) => get<HistoryPage<Balance>>('/v1/balances', query),
    fees: (query: OfAccount & { readonly market?: string } = {}) =>
      get<HistoryPage<Fees>>('/v1/fees', query),
    fills: (query: HistoryQuery = {}) => get<HistoryPage<Fill>>('/v1/fills', query),
    preventedMatches: (query: HistoryQuery = {}) =>
      get<HistoryPage<PreventedMatch>>('/v1/prevented-matches', query),
    ledger: (query: HistoryQuery = {}) => get<HistoryPage<LedgerEntry>>('/v1/ledger', query),
    pnl: (query: OfAccount = {}) => get<HistoryPage<PnlRow>>('/v1/pnl', query),
  }
}

function walletCalls(call: Call, { retries, now }: Stamping) {
  const withdrawals = '/v1/withdrawals'
  return {
    depositAddresses: (query: OfAccount = {}) =>
      call<Page<DepositAddress>>({ method: 'GET', path: '/v1/deposit-addresses', query }),
    createDepositAddress: (body: OfAccount & { readonly asset: string }) =>
      call<{ depositAddress: DepositAddress }>({
        ...{ method: 'POST', path: '/v1/deposit-addresses', body, retries },
      }),
    deposits: (query: PageQuery & OfAccount = {}) =>
      call<HistoryPage<Deposit>>({ method: 'GET', path: '/v1/deposits', query }),
    withdraw: (request: Caller & Omit<WithdrawalBody, 'requestId' | 'sentAt'>) => {
      const body = { ...request, ...requested(request, now) }
      return call<{ withdrawal: Withdrawal }>({ method: 'POST', path: withdrawals, body, retries })
    },
    withdrawals: (query: PageQuery & OfAccount = {}) =>
      call<HistoryPage<Withdrawal>>({ method: 'GET', path: withdrawals, query }),
    withdrawal: (id: number) =>
      call<{ withdrawal: Withdrawal }>({ method: 'GET', path: `${withdrawals}/${id}` }),
  }
}

/** For who has the capability `operator`; asking again changes nothing. */
function operatorCalls(call: Call, { retries }: Pick<Stamping, 'retries'>) {
  return {
    /** Told by a feed of prices again and again. */
    setMark: (market: string, price: string) =>
      call<{ readonly seq: number }>({
        ...{ method: 'PUT', path: `/v1/operator/markets/${encodeURIComponent(market)}/mark` },
        ...{ body: { price }, retries },
      }),
  }
}

/** A place that can be asked again. */
function stamped(order: PlaceBody, now: () => number): { readonly place: PlaceBody } {
  const { clientOrderId = newId(), sentAt = now() } = order
  return { place: { ...order, clientOrderId, sentAt } }
}

function requested({ requestId, sentAt }: Caller, now: () => number) {
  return { requestId: requestId ?? newId(), sentAt: sentAt ?? now() }
}

function newId(): string {
  return globalThis.crypto.randomUUID()
}
