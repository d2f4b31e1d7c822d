// Paper venue: a live venue's data, and orders that never leave the process.
//
// It has the name of the live venue, so a strategy does not know the difference; whoever hands it
// out says that it is paper and keeps its books apart. Its account is found again after a restart.
// Only order books are traded here: prices alone have a rule of their own (exchange.ts).

import { quoteFromBook } from '../internal/book-quote.ts'
import type {
  Amendment,
  Balance,
  Fill,
  Instrument,
  MarketUpdate,
  Order,
  OrderRequest,
  PlaceAnswer,
  Trading,
  Venue,
} from '../venue.ts'
import type { LevelLots } from './live-liquidity.ts'
import { createPaperExchange, type PaperExchange, type Sides } from './paper-exchange.ts'
import type { PaperStore } from './paper-store.ts'
import { canBeSimulated, type Listed } from './scales.ts'

export type PaperChange =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'fill'; readonly fill: Fill }
  | { readonly kind: 'balances'; readonly balances: readonly Balance[] }

export type PaperVenue = Venue & {
  readonly trading: Trading
  /** What happens to the account between answers; answers how to end it. */
  watch(listener: (change: PaperChange) => void): () => void
}

export type PaperVenueOptions = {
  readonly live: Venue
  /** By asset, as decimals: what the account begins with. */
  readonly balances: Readonly<Record<string, string>>
  /** Microseconds. */
  readonly now: () => number
  /** Without it the account ends with the process. */
  readonly store?: PaperStore
  readonly log: (text: string) => void
}

type Paper = PaperVenueOptions & {
  readonly exchange: PaperExchange
  readonly instruments: readonly Instrument[]
  readonly followed: Map<string, () => void>
  readonly listeners: Map<string, Set<(update: MarketUpdate) => void>>
  readonly watchers: Set<(change: PaperChange) => void>
}

/** Orders end by themselves, and nobody tells. */
const TICK_MS = 250

/** Reads the instruments of the live venue first. */
export async function openPaperVenue(options: PaperVenueOptions): Promise<PaperVenue> {
  const { live, balances, now, store } = options
  const found = store?.found
  const all = found?.instruments ?? (await live.instruments())
  const instruments = all.filter(canBeSimulated)
  const exchange = createPaperExchange({
    ...{ instruments, balances: ofAssets(instruments, balances), startAt: now() },
    before: found?.paper,
  })
  const paper: Paper = {
    ...{ ...options, exchange, instruments, followed: new Map(), listeners: new Map() },
    watchers: new Set(),
  }
  // Open orders of a run before meet the market also when nobody listens.
  for (const { symbol } of instruments) {
    if (exchange.account.open(symbol).length > 0) follow(paper, symbol)
  }
  const tick = setInterval(() => pass(paper), TICK_MS)
  tick.unref()
  return {
    ...{ name: live.name, instruments: async () => instruments, trading: tradingOf(paper) },
    subscribe: (symbol, listener) => subscribe(paper, symbol, listener),
    quote: async (request) => {
      const market = exchange.account.listed(request.symbol)
      if (market === undefined) return { kind: 'unavailable', reason: 'market.unknown' }
      const takerFee = Number(market.instrument.takerFee)
      return quoteFromBook({ request, book: leftBook(paper, market), takerFee, now: now() })
    },
    ...(live.history === undefined ? {} : { history: live.history }),
    watch(listener) {
      paper.watchers.add(listener)
      return () => void paper.watchers.delete(listener)
    },
    async close() {
      clearInterval(tick)
      for (const end of paper.followed.values()) end()
      for (const map of [paper.followed, paper.listeners]) map.clear()
    },
  }
}

function ofAssets(
  instruments: readonly Instrument[],
  balances: Readonly<Record<string, string>>,
): Record<string, string> {
  const assets = new Set(instruments.flatMap(({ base, quote }) => [base, quote]))
  const own = Object.entries(balances).filter(([asset]) => assets.has(asset))
  return Object.fromEntries(own)
}

function subscribe(paper: Paper, symbol: string, listener: (update: MarketUpdate) => void) {
  const listeners = paper.listeners.get(symbol) ?? new Set()
  paper.listeners.set(symbol, listeners.add(listener))
  if (paper.followed.has(symbol)) {
    // Who comes later is told what stands now.
    const book = bookWithBot(paper, symbol)
    if (book !== undefined) listener(book)
  } else follow(paper, symbol)
  return () => void listeners.delete(listener)
}

function follow(paper: Paper, symbol: string): void {
  if (paper.followed.has(symbol)) return
  paper.followed.set(symbol, () => {})
  const end = paper.live.subscribe(symbol, (update) => {
    if (update.kind === 'book' || update.kind === 'trade' || update.kind === 'stale') {
      paper.exchange.passTo(paper.now())
      paper.exchange.tell(update)
    }
    tellMarket(paper, update.kind === 'book' ? withBot(paper, update) : update)
    void tellChanges(paper)
  })
  paper.followed.set(symbol, end)
}

function tellMarket(paper: Paper, update: MarketUpdate): void {
  for (const listener of paper.listeners.get(update.symbol) ?? []) listener(update)
}

type BookUpdate = Extract<MarketUpdate, { kind: 'book' }>

/** A live picture less what the bot has used of it, with the bot's own orders. */
function withBot({ exchange }: Paper, update: BookUpdate): BookUpdate {
  const market = exchange.account.listed(update.symbol)
  const shown = market === undefined ? undefined : exchange.shown(update.symbol)
  if (market === undefined || shown === undefined) return update
  return { ...update, ...textsOf(market, shown) }
}

function bookWithBot(paper: Paper, symbol: string): BookUpdate | undefined {
  const market = paper.exchange.account.listed(symbol)
  const shown = paper.exchange.shown(symbol)
  if (market === undefined || shown === undefined) return undefined
  return { kind: 'book', symbol, ...textsOf(market, shown), at: paper.now() }
}

function pass(paper: Paper): void {
  paper.exchange.passTo(paper.now())
  void tellChanges(paper)
}

/** What happened is saved before anybody hears of it. */
async function tellChanges(paper: Paper): Promise<void> {
  const changes = paper.exchange.account.changes()
  if (changes.length === 0) return
  await save(paper)
  for (const change of changes) {
    const told: PaperChange =
      change.kind === 'balance' ? { kind: 'balances', balances: [withoutKind(change)] } : change
    tellWatchers(paper, told)
  }
}

function tellWatchers({ watchers }: Paper, change: PaperChange): void {
  for (const watcher of watchers) watcher(change)
}

/** The bot's own orders changed the book that it sees. */
function tellBook(paper: Paper, symbol: string): void {
  const book = bookWithBot(paper, symbol)
  if (book !== undefined) tellMarket(paper, book)
}

function withoutKind({ asset, available, held }: Balance): Balance {
  return { asset, available, held }
}

/** A disk that refuses costs the memory of play money and nothing else. */
async function save({ store, instruments, exchange, log }: Paper): Promise<void> {
  try {
    await store?.save(() => ({ form: 1, instruments, paper: exchange.saved() }))
  } catch (error) {
    log(`the paper account is not saved: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function leftBook({ exchange }: Paper, market: Listed) {
  const left = exchange.left(market.instrument.symbol)
  return left === undefined ? undefined : textsOf(market, left)
}

function textsOf({ priceText, sizeText }: Listed, { bids, asks }: Sides) {
  const textOf = ({ ticks, lots }: LevelLots) => ({ price: priceText(ticks), size: sizeText(lots) })
  return { bids: bids.map(textOf), asks: asks.map(textOf) }
}

function tradingOf(paper: Paper): Trading {
  const { account } = paper.exchange
  return {
    place: (request) => place(paper, request),
    amend: (id, amendment) => amend(paper, id, amendment),
    async cancel(id) {
      paper.exchange.passTo(paper.now())
      const order = account.cancel(id)
      if (order === undefined) return { kind: 'refused', code: 'not_found' }
      await tellChanges(paper)
      tellBook(paper, order.symbol)
      return { kind: 'done', order }
    },
    order: async (id) => ({ kind: 'ok', value: account.order(id) }),
    orders: async (symbol) => ({ kind: 'ok', value: account.open(symbol) }),
    async fills(after) {
      const at = account.fills.findIndex(({ fillId }) => fillId === after)
      return { kind: 'ok', value: account.fills.slice(at + 1) }
    },
    async balances() {
      const value = [...account.balances].map(([asset, money]) => ({ asset, ...money }))
      return { kind: 'ok', value }
    },
  }
}

async function place(paper: Paper, request: OrderRequest): Promise<PlaceAnswer> {
  const { account } = paper.exchange
  const { clientOrderId: id, symbol } = request
  const known = account.order(id)
  if (known !== undefined) {
    const fills = account.fills.filter(({ clientOrderId }) => clientOrderId === id)
    return { kind: 'accepted', order: known, fills }
  }
  if (account.listed(symbol) === undefined) return { kind: 'refused', code: 'market.unknown' }
  follow(paper, symbol)
  paper.exchange.passTo(paper.now())
  return told(paper, symbol, paper.exchange.place(request))
}

async function amend(paper: Paper, id: string, amendment: Amendment): Promise<PlaceAnswer> {
  const { symbol = '' } = paper.exchange.account.order(id) ?? {}
  paper.exchange.passTo(paper.now())
  return told(paper, symbol, paper.exchange.amend(id, amendment))
}

/** Saved before it is answered. */
async function told(paper: Paper, symbol: string, answer: PlaceAnswer): Promise<PlaceAnswer> {
  await Promise.all([tellChanges(paper), save(paper)])
  if (answer.kind === 'accepted') {
    for (const fill of answer.fills) tellWatchers(paper, { kind: 'fill', fill })
    tellWatchers(paper, { kind: 'order', order: answer.order })
  }
  tellBook(paper, symbol)
  return answer
}
