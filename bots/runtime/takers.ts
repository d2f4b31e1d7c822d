// Takers: seeded random people who take from the book, small and often.
//
// The same seed gives the same wishes. A taker leans to the side that brings its coins back to even
// shares, so it never runs dry; it holds nothing in the book, so it never meets itself. What it
// does not get is not tried again.

import type { Balance, Instrument, MarketUpdate, Side, Trading, Venue } from '#connectors/venue.ts'
import type { Book } from '../market.ts'
import { createUniform } from '../random.ts'
import { reachText, sizeText } from '../steps.ts'

export type TakerOptions = {
  /** With trading. */
  readonly venue: Venue
  readonly markets: readonly string[]
  readonly seed: number
  /** Names the orders; unique for every start. */
  readonly idPrefix: string
  /** Microseconds. */
  readonly now: () => number
  readonly everyMs?: number
}

export type Taker = { stop(): Promise<void> }

const EVERY_MS = 1_000
const SMALLEST_QUOTE = 50
const LARGEST_QUOTE = 2_000
/** How far beyond the touch an order may reach. */
const REACH = 0.002
const BALANCES_EVERY = 20

type Run = TakerOptions & {
  readonly trading: Trading
  readonly uniform: () => number
  readonly books: Map<string, Book>
  readonly instruments: readonly Instrument[]
  readonly held: Map<string, number>
  orders: number
  isStopped: boolean
  timer: NodeJS.Timeout | undefined
  last: Promise<unknown>
}

export async function startTaker(options: TakerOptions): Promise<Taker> {
  const { venue, seed, markets } = options
  const { trading } = venue
  if (trading === undefined) throw new Error(`${venue.name} has no trading`)
  const run: Run = {
    ...options,
    ...{ trading, uniform: createUniform(seed), books: new Map(), held: new Map() },
    instruments: (await venue.instruments()).filter(({ symbol }) => markets.includes(symbol)),
    ...{ orders: 0, isStopped: false, timer: undefined, last: Promise.resolve() },
  }
  const ends = markets.map((symbol) => venue.subscribe(symbol, (update) => look(run, update)))
  schedule(run)
  return {
    async stop() {
      run.isStopped = true
      clearTimeout(run.timer)
      for (const end of ends) end()
      await run.last
    },
  }
}

function look({ books }: Run, update: MarketUpdate): void {
  if (update.kind === 'book') books.set(update.symbol, update)
  else if (update.kind === 'stale') books.delete(update.symbol)
}

/** Between half and one and a half times the pause, by chance. */
function schedule(run: Run): void {
  if (run.isStopped) return
  const pause = (run.everyMs ?? EVERY_MS) * (0.5 + run.uniform())
  run.timer = setTimeout(() => {
    run.last = takeOnce(run).finally(() => schedule(run))
  }, pause)
}

async function takeOnce(run: Run): Promise<void> {
  if (run.orders % BALANCES_EVERY === 0) await readBalances(run)
  run.orders += 1
  const instrument = run.instruments[Math.floor(run.uniform() * run.instruments.length)]
  // Drawn before anything can be missing, so that the numbers after them stay the same.
  const [leaning, share] = [run.uniform(), run.uniform()]
  const book = run.books.get(instrument?.symbol ?? '')
  if (instrument === undefined || book === undefined) return
  const wish = wishOf(run, { instrument, book, leaning, share })
  if (wish === undefined) return
  const { symbol } = instrument
  await run.trading.place({
    clientOrderId: `${run.idPrefix}${run.orders.toString(36)}`,
    ...{ sentAt: run.now(), symbol, timeInForce: 'IOC', side: wish.side },
    ...{ quantity: { in: 'base', amount: wish.size }, limitPrice: wish.price },
  })
}

type Draw = {
  readonly instrument: Instrument
  readonly book: Book
  readonly leaning: number
  readonly share: number
}

function wishOf(run: Run, { instrument, book, leaning, share }: Draw) {
  const [bid, ask] = [Number(book.bids[0]?.price), Number(book.asks[0]?.price)]
  if (!(bid > 0) || !(ask > 0)) return undefined
  const { base, quote, lot, tick } = instrument
  const side: Side = leaning < buyShare(run, { base, quote, mid: (bid + ask) / 2 }) ? 'buy' : 'sell'
  const touch = side === 'buy' ? ask : bid
  const notional = SMALLEST_QUOTE * (LARGEST_QUOTE / SMALLEST_QUOTE) ** share
  const size = sizeText(notional / touch, lot)
  const price = reachText(touch * (side === 'buy' ? 1 + REACH : 1 - REACH), tick, side)
  return size === undefined || price === undefined ? undefined : { side, size, price }
}

/** One half when both sides are worth the same; near 1 when there is only quote. */
function buyShare(run: Run, { base, quote, mid }: { base: string; quote: string; mid: number }) {
  const [bases, quotes] = [(run.held.get(base) ?? 0) * mid, run.held.get(quote) ?? 0]
  return bases + quotes > 0 ? quotes / (bases + quotes) : 0.5
}

async function readBalances(run: Run): Promise<void> {
  const answer = await run.trading.balances()
  if (answer.kind !== 'ok') return
  for (const { asset, available } of answer.value satisfies readonly Balance[]) {
    run.held.set(asset, Number(available))
  }
}
