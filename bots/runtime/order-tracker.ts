// Order tracker: every order a bot has sent, until the venue calls it final.
//
// INV-18: a lost answer is not a failure. An unknown order stays tracked and is asked for by its
// own id until the venue says what it is; an order nobody answered for is never forgotten and
// never sent under another id. After a restart the venue is asked which orders are open; they are
// cancelled before the bot hears its first event. Each fill is told once, whichever way it arrives
// first.

import type { Fill, Order, OrderRequest, Trading } from '#connectors/venue.ts'

export type TrackedOrder = {
  readonly venue: string
  readonly request: OrderRequest
  /** The newest the venue has said; undefined while nothing was answered. */
  order: Order | undefined
  isUnknown: boolean
}

export type OrderTracker = {
  /** Sends the order; what becomes of it is told to the listeners. */
  place(venue: string, request: OrderRequest): void
  cancel(venue: string, clientOrderId: string): void
  cancelAll(venue: string, symbol: string): void
  /** Asks what became of an order of an earlier run. */
  recover(venue: string, symbol: string, clientOrderId: string): void
  /** What the venue says by itself. */
  heardOrder(venue: string, order: Order): void
  heardFill(venue: string, fill: Fill): void
  /** Messages were missed: asks for the fills since and for every order that is not final. */
  missed(venue: string): Promise<void>
  /** The last fill told, by venue. */
  lastFills(): Readonly<Record<string, string>>
  /** Cancels what is open at the venue, ours or not of this run; answers when nothing is. */
  reconcile(venue: string, symbols: readonly string[]): Promise<void>
  /** Orders that are not final. */
  open(): readonly TrackedOrder[]
  /** Stops asking; what is unknown is asked for again by the next run. */
  close(): void
}

export type OrderTrackerDeps = {
  readonly trading: (venue: string) => Trading | undefined
  readonly onOrder: (venue: string, order: Order) => void
  readonly onFill: (venue: string, fill: Fill) => void
  readonly log: (text: string) => void
  readonly sleep: (ms: number) => Promise<unknown>
  readonly nowMs: () => number
  /** Of an earlier run. */
  readonly lastFills: Readonly<Record<string, string>>
}

type Run = OrderTrackerDeps & {
  readonly tracked: Map<string, TrackedOrder>
  /** Fills told already; the oldest leave. */
  readonly told: Set<string>
  readonly last: Map<string, string>
  isClosed: boolean
}

const FILLS_REMEMBERED = 5_000
const ASK_FIRST_MS = 100
const ASK_MAX_MS = 2_000
/** Longer than a request can be on its way: who is not there by then never will be. */
const ABSENT_AFTER_MS = 12_000

export function createOrderTracker(deps: OrderTrackerDeps): OrderTracker {
  const run: Run = {
    ...deps,
    tracked: new Map(),
    told: new Set(),
    last: new Map(),
    isClosed: false,
  }
  for (const [venue, fillId] of Object.entries(deps.lastFills)) run.last.set(venue, fillId)
  const { tracked } = run
  return {
    place(venue, request) {
      const entry = { venue, request, order: undefined, isUnknown: false }
      tracked.set(keyOf(venue, request.clientOrderId), entry)
      void send(run, entry)
    },
    cancel: (venue, id) => void cancelUntilKnown(run, venue, id),
    cancelAll(venue, symbol) {
      for (const { venue: where, request } of tracked.values()) {
        const isMeant = where === venue && request.symbol === symbol
        if (isMeant) void cancelUntilKnown(run, venue, request.clientOrderId)
      }
    },
    recover: (venue, symbol, id) => void recover(run, venue, { symbol, id }),
    heardOrder: (venue, order) => take(run, venue, order),
    heardFill: (venue, fill) => tellFill(run, venue, fill),
    missed: (venue) => catchUp(run, venue),
    lastFills: () => Object.fromEntries(run.last),
    reconcile: (venue, symbols) => reconcile(run, venue, symbols),
    open: () => [...tracked.values()],
    close() {
      run.isClosed = true
    },
  }
}

async function send(run: Run, entry: TrackedOrder): Promise<void> {
  const { venue, request } = entry
  const answer = await run.trading(venue)?.place(request)
  if (answer === undefined) take(run, venue, refusedOrder(request, 'venue.read_only'))
  else if (answer.kind === 'accepted') {
    for (const fill of answer.fills) tellFill(run, venue, fill)
    take(run, venue, answer.order)
  } else if (answer.kind === 'refused') take(run, venue, refusedOrder(request, answer.code))
  else {
    run.log(`${request.clientOrderId} is unknown: ${answer.reason}`)
    entry.isUnknown = true
    await ask(run, entry)
  }
}

/** Asks until the venue knows; then the order is what the venue says. */
async function ask(run: Run, { venue, request }: TrackedOrder): Promise<void> {
  const { clientOrderId: id } = request
  const order = await find(run, venue, id, ABSENT_AFTER_MS)
  if (run.isClosed) return
  const entry = run.tracked.get(keyOf(venue, id))
  if (entry !== undefined) entry.isUnknown = false
  take(run, venue, order ?? refusedOrder(request, 'not_found'))
}

/** What became of an order; undefined when the venue does not know it even after a while. */
async function find(run: Run, venue: string, id: string, absentAfterMs: number) {
  const sinceMs = run.nowMs()
  const trading = run.trading(venue)
  for (let pause = ASK_FIRST_MS; ; pause = Math.min(pause * 2, ASK_MAX_MS)) {
    const answer = await trading?.order(id)
    if (answer === undefined || run.isClosed) return undefined
    const isLate = run.nowMs() - sinceMs >= absentAfterMs
    if (answer.kind === 'ok' && (answer.value !== undefined || isLate)) return answer.value
    await run.sleep(pause)
  }
}

async function recover(run: Run, venue: string, what: { symbol: string; id: string }) {
  const { symbol, id } = what
  const order = await find(run, venue, id, 0)
  if (run.isClosed) return
  const request = { clientOrderId: id, symbol, side: 'buy' as const }
  run.onOrder(venue, order ?? refusedOrder(request, 'not_found'))
}

async function catchUp(run: Run, venue: string): Promise<void> {
  const last = run.last.get(venue)
  const answer = last === undefined ? undefined : await run.trading(venue)?.fills(last)
  if (answer?.kind === 'ok') for (const fill of answer.value) tellFill(run, venue, fill)
  for (const entry of [...run.tracked.values()]) {
    if (entry.venue === venue && entry.order !== undefined) await ask(run, entry)
  }
}

async function cancelUntilKnown(run: Run, venue: string, id: string): Promise<void> {
  for (let pause = ASK_FIRST_MS; ; pause = Math.min(pause * 2, ASK_MAX_MS)) {
    const answer = await run.trading(venue)?.cancel(id)
    if (answer === undefined) return
    if (answer.kind === 'done') return take(run, venue, answer.order)
    const isOver = answer.kind === 'refused' && answer.code !== 'rate.limited'
    if (isOver || run.isClosed) return
    await run.sleep(pause)
  }
}

async function reconcile(run: Run, venue: string, symbols: readonly string[]): Promise<void> {
  const trading = run.trading(venue)
  if (trading === undefined) return
  for (const symbol of symbols) {
    for (let pause = ASK_FIRST_MS; ; pause = Math.min(pause * 2, ASK_MAX_MS)) {
      const answer = await trading.orders(symbol)
      if (run.isClosed || (answer.kind === 'ok' && answer.value.length === 0)) break
      for (const { clientOrderId } of answer.kind === 'ok' ? answer.value : []) {
        run.log(`cancelling ${clientOrderId} of an earlier run`)
        const cancelled = await trading.cancel(clientOrderId)
        if (cancelled.kind === 'done') take(run, venue, cancelled.order)
      }
      await run.sleep(pause)
    }
  }
}

/** Takes the venue's word; it never goes back: final stays final, filled never shrinks. */
function take(run: Run, venue: string, order: Order): void {
  const key = keyOf(venue, order.clientOrderId)
  const entry = run.tracked.get(key)
  if (entry === undefined) return // Final already.
  const before = entry.order
  if (before !== undefined && Number(order.filledBase) < Number(before.filledBase)) return
  entry.order = order
  if (order.state !== 'open') run.tracked.delete(key)
  run.onOrder(venue, order)
}

function tellFill(run: Run, venue: string, fill: Fill): void {
  const key = `${venue} ${fill.fillId} ${fill.side}`
  if (run.told.has(key)) return
  run.told.add(key)
  run.last.set(venue, fill.fillId)
  const [oldest] = run.told
  if (run.told.size > FILLS_REMEMBERED && oldest !== undefined) run.told.delete(oldest)
  run.onFill(venue, fill)
}

type Named = Pick<OrderRequest, 'clientOrderId' | 'symbol' | 'side'>

function refusedOrder({ clientOrderId, symbol, side }: Named, code: string): Order {
  const nothing = { venueOrderId: undefined, filledBase: '0', filledQuote: '0' }
  return { clientOrderId, symbol, side, state: 'refused', code, ...nothing }
}

function keyOf(venue: string, id: string): string {
  return `${venue} ${id}`
}
