// Order tracker: every order a bot has sent, until the strategy has handled its end.
//
// INV-18: a lost answer is not a failure. An order is tracked, and saved, before it leaves, and
// stays until the venue has said what it is: it is asked for by its own id, and sent again under
// that id while it is young, which a venue answers as the first time. So after any crash what is
// out is known before the strategy hears its first event, nothing is lost and nothing doubled.
// Nothing an order said is taken back: final stays final, filled never shrinks. An amend is saved
// and asked for in the same way.

import type { Amendment, Fill, Order, OrderRequest, Trading } from '#connectors/venue.ts'
import type { AmendOutcome } from './channel.ts'
import { createOrderAmending, type OrderAmending } from './order-amending.ts'
import { absent, createOrderAsking, type OrderAsking } from './order-asking.ts'
import type { SavedOrder } from './saved-bot.ts'
import { isOld, isOver, savedOrder, type TrackedOrder, trackedOrder } from './tracked-order.ts'

export type OrderTracker = {
  /** Counts as open from now on; saved before it is sent. */
  track(venue: string, request: OrderRequest): TrackedOrder
  /** What becomes of it is told to the listeners. */
  send(entry: TrackedOrder): void
  /** Both at once. */
  place(venue: string, request: OrderRequest): void
  /** The order, while it is not over. */
  openOf(venue: string, clientOrderId: string): TrackedOrder | undefined
  /** Counts from now on; saved before it is sent. */
  trackAmend(entry: TrackedOrder, amendment: Amendment): void
  sendAmend(entry: TrackedOrder): void
  /** Saved at once; answers how to tell the listeners. */
  refuseAmend(entry: TrackedOrder, code: string): () => void
  /** An order that is under way is cancelled when the venue knows it. */
  cancel(venue: string, clientOrderId: string): void
  cancelAll(venue: string, symbol: string): void
  /** Tells what became of an order of an earlier run. */
  recover(venue: string, symbol: string, clientOrderId: string): void
  /** What the venue says by itself, in its own order. */
  heardOrder(venue: string, order: Order): void
  heardFill(venue: string, fill: Fill): void
  /** Messages were missed: asks for the fills since and for every order that is not final. */
  missed(venue: string): Promise<void>
  /**
   * Answers when the venue has said what every order is. What ends with its connection and is still
   * there is cancelled, and so is what is ours by its id and in no record.
   */
  reconcile(venue: string, strays: Strays): Promise<void>
  /** The strategy has handled the end of an order, or that an amend was refused. */
  settled(order: Order, outcome?: AmendOutcome): void
  /** Orders that are not final. */
  open(): readonly TrackedOrder[]
  /** Also those whose end was not handled. */
  saved(): readonly SavedOrder[]
  /** Stops asking; what is unknown is asked for again by the next run. */
  close(): void
}

export type Strays = {
  readonly symbols: readonly string[]
  /** By an order's id. */
  readonly isOurs: (clientOrderId: string) => boolean
}

export type OrderTrackerDeps = {
  readonly trading: (venue: string) => Trading | undefined
  /** With the outcome of an amend that it answers. */
  readonly onOrder: (venue: string, order: Order, outcome?: AmendOutcome) => void
  readonly onFill: (venue: string, fill: Fill, isInOrder: boolean) => void
  /** After it every fill is new; undefined when there was none since the bot began. */
  readonly lastFill: (venue: string) => string | undefined
  /** Microseconds of the bot's first start. */
  readonly since: number
  /** Of an earlier run. */
  readonly saved: readonly SavedOrder[]
  readonly log: (text: string) => void
  readonly sleep: (ms: number) => Promise<unknown>
  readonly nowMs: () => number
}

type Run = OrderTrackerDeps & {
  readonly tracked: Map<string, TrackedOrder>
  readonly asking: OrderAsking
  readonly amending: OrderAmending
  readonly over: { isClosed: boolean }
}

export function createOrderTracker(deps: OrderTrackerDeps): OrderTracker {
  const over = { isClosed: false }
  const asking = createOrderAsking({ ...deps, isClosed: () => over.isClosed })
  const amending = createOrderAmending({
    ...{ ...deps, asking },
    take: ({ venue }, order, outcome) => take(run, venue, order, outcome),
  })
  const run: Run = { ...deps, tracked: new Map(), asking, amending, over }
  for (const saved of deps.saved) track(run, saved)
  const { tracked } = run
  return {
    track: (venue, request) => track(run, { venue, request }),
    send: (entry) => send(run, entry),
    place: (venue, request) => send(run, track(run, { venue, request })),
    ...amends(run),
    cancel: (venue, id) => void cancel(run, venue, id),
    cancelAll(venue, symbol) {
      for (const entry of open(run)) {
        const isMeant = entry.venue === venue && entry.request.symbol === symbol && isSent(entry)
        if (isMeant) void cancel(run, venue, entry.request.clientOrderId)
      }
    },
    recover: (venue, symbol, id) => void recover(run, venue, { symbol, id }),
    heardOrder: (venue, order) => take(run, venue, order),
    heardFill: (venue, fill) => deps.onFill(venue, fill, true),
    missed: (venue) => catchUp(run, venue),
    reconcile: (venue, strays) => reconcile(run, venue, strays),
    settled(order, outcome) {
      for (const [key, entry] of tracked) {
        if (entry.request.clientOrderId !== order.clientOrderId) continue
        if (outcome?.code !== undefined) entry.refusedAmend = undefined
        if (order.state !== 'open') tracked.delete(key)
      }
    },
    open: () => open(run),
    saved: () => [...tracked.values()].map(savedOrder),
    close() {
      over.isClosed = true
    },
  }
}

function track({ tracked }: Run, saved: SavedOrder): TrackedOrder {
  const entry = trackedOrder(saved)
  tracked.set(keyOf(saved.venue, saved.request.clientOrderId), entry)
  return entry
}

function amends({ tracked, amending, nowMs }: Run) {
  return {
    openOf(venue, id) {
      const entry = tracked.get(keyOf(venue, id))
      return entry === undefined || isOver(entry) ? undefined : entry
    },
    trackAmend(entry, amendment) {
      entry.amend = { amendment, askedMs: nowMs() }
    },
    sendAmend: (entry) => amending.send(entry),
    refuseAmend(entry, code) {
      entry.refusedAmend = code
      return () => amending.tellRefused(entry)
    },
  } satisfies Partial<OrderTracker>
}

function open({ tracked }: Run): TrackedOrder[] {
  return [...tracked.values()].filter((entry) => !isOver(entry))
}

function isSent({ order, answered }: TrackedOrder): boolean {
  return order !== undefined || answered !== undefined
}

function send(run: Run, entry: TrackedOrder): void {
  entry.answered = sendUntilKnown(run, entry).finally(() => {
    entry.answered = undefined
  })
}

async function sendUntilKnown(run: Run, entry: TrackedOrder): Promise<void> {
  const { venue, request } = entry
  const answer = await run.trading(venue)?.place(request)
  if (answer === undefined) take(run, venue, absent(request, 'venue.read_only'))
  else if (answer.kind === 'accepted') {
    for (const fill of answer.fills) run.onFill(venue, fill, false)
    take(run, venue, answer.order)
  } else if (answer.kind === 'refused') take(run, venue, absent(request, answer.code))
  else {
    run.log(`${request.clientOrderId} is unknown: ${answer.reason}`)
    await learn(run, entry)
  }
}

/** Asks until the venue knows; then the order is what the venue says. */
async function learn(run: Run, entry: TrackedOrder): Promise<void> {
  const { venue, request } = entry
  entry.isUnknown = true
  const learnt = await run.asking.learn(venue, request)
  if (learnt === undefined) return
  entry.isUnknown = false
  for (const fill of learnt.fills) run.onFill(venue, fill, false)
  take(run, venue, learnt.order)
}

async function recover(run: Run, venue: string, what: { symbol: string; id: string }) {
  const { symbol, id } = what
  const entry = run.tracked.get(keyOf(venue, id))
  if (entry !== undefined) {
    // What nobody has answered yet is told when it is known.
    await entry.amend?.answered
    const { order, refusedAmend: code } = entry
    if (order !== undefined) run.onOrder(venue, order, code === undefined ? undefined : { code })
    return
  }
  const order = await run.asking.find(venue, id)
  if (run.over.isClosed) return
  run.onOrder(venue, order ?? absent({ clientOrderId: id, symbol, side: 'buy' }, 'not_found'))
}

async function catchUp(run: Run, venue: string): Promise<void> {
  const last = run.lastFill(venue)
  for (const fill of await run.asking.fills(venue, last)) {
    if (last !== undefined || fill.at >= run.since) run.onFill(venue, fill, true)
  }
  for (const entry of open(run)) {
    if (entry.venue === venue && entry.order !== undefined) await learn(run, entry)
  }
}

async function cancel(run: Run, venue: string, id: string): Promise<void> {
  const entry = run.tracked.get(keyOf(venue, id))
  if (entry?.isCancelling === true) return
  if (entry !== undefined) entry.isCancelling = true
  await entry?.answered
  const isEnded = entry !== undefined && isOver(entry)
  const order = isEnded ? undefined : await run.asking.cancel(venue, id)
  if (entry !== undefined) entry.isCancelling = false
  if (order !== undefined) take(run, venue, order)
}

async function reconcile(run: Run, venue: string, strays: Strays): Promise<void> {
  if (run.trading(venue) === undefined) return
  const entries = open(run).filter((entry) => entry.venue === venue)
  const settle = async (entry: TrackedOrder) => {
    await (entry.answered ?? learn(run, entry))
    await run.amending.settled(entry)
    const { request, order } = entry
    const isLeft = order?.state === 'open' && request.stays === 'connected'
    if (isLeft) await cancel(run, venue, request.clientOrderId)
  }
  await Promise.all([
    ...entries.map(settle),
    ...strays.symbols.map((symbol) => cancelStrays(run, { venue, symbol, ...strays })),
  ])
}

type Stray = Pick<Strays, 'isOurs'> & { readonly venue: string; readonly symbol: string }

async function cancelStrays(run: Run, { venue, symbol, isOurs }: Stray): Promise<void> {
  for (const { clientOrderId: id } of await run.asking.orders(venue, symbol)) {
    if (!isOurs(id) || run.tracked.has(keyOf(venue, id))) continue
    run.log(`cancelling ${id} of an earlier run`)
    await run.asking.cancel(venue, id)
  }
}

function take(run: Run, venue: string, order: Order, outcome?: AmendOutcome): void {
  const entry = run.tracked.get(keyOf(venue, order.clientOrderId))
  if (entry === undefined) return
  const isNew = outcome?.code === undefined && !isOld(entry.order, order)
  // What became of an amend is told in any case, but not of an order that is over.
  if (!isNew && (outcome === undefined || isOver(entry))) return
  if (isNew) entry.order = order
  run.onOrder(venue, entry.order ?? order, outcome)
}

function keyOf(venue: string, id: string): string {
  return `${venue} ${id}`
}
