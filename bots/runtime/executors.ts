// Executors: runs everything that looks after itself, and tells what became of it.
//
// An executor is its kind and its plain data in the saved record. It steps after every event once
// all orders of the run before are known, and ends when its last order is final. Of one tag only
// one runs at a time: starting it again answers the one that runs, so that a set-up may start it at
// every start.

import { arbitrage, arbitrageData } from '../executors/arbitrage.ts'
import { barrierData, barriers } from '../executors/barriers.ts'
import { dca, dcaData } from '../executors/dca.ts'
import type { Executor, Work } from '../executors/executor.ts'
import { grid, gridData } from '../executors/grid.ts'
import { iceberg, icebergData } from '../executors/iceberg.ts'
import { move, moveData } from '../executors/move.ts'
import type {
  Bracket,
  Dca,
  Grid,
  Iceberg,
  Move,
  Protection,
  TripleBarrier,
  Twap,
  Vwap,
} from '../executors/plans.ts'
import { protect, protectData } from '../executors/protect.ts'
import { twap, twapData, vwapData } from '../executors/twap.ts'
import type { ExecutorHandle, Position } from '../market.ts'
import type { EndedExecutor } from '../strategy.ts'
import { type Desk, type Executors, type MarketExecutors, type MarketView, say } from './desk.ts'
import type { KeptExecutor, KeptOrder } from './kept.ts'
import { amendOrder } from './own-amends.ts'
import { cancelOrder, ownOrder, placeOrder } from './own-orders.ts'
import { positionFigures } from './positions.ts'

const KINDS: Readonly<Record<string, Executor>> = Object.fromEntries(
  [move, protect, twap, iceberg, barriers, dca, grid, arbitrage].map((one) => [one.kind, one]),
)

type Running = {
  readonly desk: Desk
  readonly handlers: ((ended: EndedExecutor) => void)[]
}

export function createExecutors(desk: Desk): Executors {
  const running: Running = { desk, handlers: [] }
  const { executors } = desk.kept
  return {
    ofMarket: (view, reference) => ofMarket(running, view, reference),
    arbitrage(legs) {
      const known = taggedAs(desk, legs.tag)
      const data = known === undefined ? arbitrageData(legs) : undefined
      if (known !== undefined) return handleOf(known)
      return data === undefined ? undefined : start(running, arbitrage, { data, tag: legs.tag })
    },
    positionIn: (view) => positionIn(running, view),
    running: () =>
      Object.values(executors).map(({ id, kind, tag, filledBase, filledQuote }) => {
        return { id, kind, tag, filledBase, filledQuote }
      }),
    onEnded: (handler) => void running.handlers.push(handler),
    traded(order, traded) {
      const one = executors[order.executor]
      if (one === undefined) return
      one.filledBase += traded.base
      one.filledQuote += traded.quote
      KINDS[one.kind]?.traded?.(workOf(running, one), traded)
    },
    ended(order, ended) {
      const one = executors[order.executor]
      if (one !== undefined) KINDS[one.kind]?.ended?.(workOf(running, one), ended)
    },
    step: () => step(running),
  }
}

/** The executor of a tag that is not ending. */
function taggedAs({ kept }: Desk, tag: string | undefined): KeptExecutor | undefined {
  if (tag === undefined) return undefined
  return Object.values(kept.executors).find((one) => one.tag === tag && one.outcome === null)
}

function step(running: Running): void {
  const { desk, handlers } = running
  if (desk.recovering.size > 0 || !desk.isReady) return
  for (const one of Object.values(desk.kept.executors)) {
    const kind = KINDS[one.kind]
    if (one.outcome === null) kind?.step(workOf(running, one))
    if (one.outcome === null) continue
    const orders = ordersOf(desk, one)
    for (const { venue, id, isCancelling } of orders) {
      if (!isCancelling) cancelOrder(desk, venue, id)
    }
    if (orders.length > 0) continue
    delete desk.kept.executors[one.id]
    const { id, tag, outcome, filledBase, filledQuote } = one
    for (const handler of handlers) {
      handler({ id, kind: one.kind, tag, outcome, filledBase, filledQuote })
    }
  }
}

function ordersOf({ kept }: Desk, { id }: KeptExecutor): KeptOrder[] {
  return Object.values(kept.orders).filter(({ executor }) => executor === id)
}

function workOf(running: Running, one: KeptExecutor): Work<object> {
  const { desk } = running
  const viewOf = (reference: string) => {
    const view = desk.views.get(reference)
    if (view === undefined) throw new Error(`${one.kind} needs ${reference}: name it in setup`)
    return view
  }
  return {
    data: one.data,
    now: desk.turn.now,
    isPaused: desk.turn.isPaused,
    market: (reference) => viewOf(reference).market,
    orders: (role) =>
      ordersOf(desk, one)
        .filter((order) => role === undefined || order.role === role)
        .map(ownOrder),
    others: (reference) =>
      Object.values(desk.kept.orders)
        .filter((order) => order.executor !== one.id && isIn(order, reference))
        .map(ownOrder),
    isMoved: (reference) =>
      inMarket(desk, reference).some((other) => other.id !== one.id && other.kind === move.kind),
    place: (role, reference, order) => {
      placeOrder(desk, viewOf(reference), order, { executor: one.id, role })
    },
    amend(id, change) {
      const { venue = '', symbol = '' } = desk.kept.orders[id] ?? {}
      amendOrder(desk, viewOf(`${venue}:${symbol}`), { id, change })
    },
    cancel(id) {
      const order = desk.kept.orders[id]
      if (order !== undefined) cancelOrder(desk, order.venue, id)
    },
    finish(outcome) {
      one.outcome ??= outcome
    },
  }
}

function isIn({ venue, symbol }: KeptOrder, reference: string): boolean {
  return `${venue}:${symbol}` === reference
}

function inMarket({ kept }: Desk, reference: string): KeptExecutor[] {
  return Object.values(kept.executors).filter(({ data }) => {
    return 'market' in data && data.market === reference
  })
}

type Starting = { readonly data: object; readonly tag: string | undefined }

function start(running: Running, { kind }: Executor, { data, tag }: Starting): ExecutorHandle {
  const { kept, turn } = running.desk
  kept.executorCount += 1
  const id = `${kind}-${kept.executorCount}`
  const one: KeptExecutor = {
    ...{ id, kind, tag: tag ?? id, startedAt: turn.now, data },
    ...{ filledBase: 0, filledQuote: 0, outcome: null },
  }
  kept.executors[id] = one
  return handleOf(one)
}

/** Nothing new begins in a bot that is paused: who wonders why finds it in the log. */
function waiting(desk: Desk, handle: ExecutorHandle): ExecutorHandle {
  if (desk.turn.isPaused) {
    say(desk, { kind: 'log', text: `${handle.id} waits until the bot is resumed` })
  }
  return handle
}

function handleOf(one: KeptExecutor): ExecutorHandle {
  return {
    id: one.id,
    cancel() {
      one.outcome ??= 'cancelled'
    },
  }
}

/** The executors of these kinds in a market make room. */
function replace({ desk }: Running, reference: string, kinds: readonly string[] | 'all'): void {
  for (const one of inMarket(desk, reference)) {
    if (kinds === 'all' || kinds.includes(one.kind)) one.outcome ??= 'replaced'
  }
}

function positionIn(running: Running, { market }: MarketView): Position {
  const reference = `${market.venue}:${market.symbol}`
  return {
    ...positionFigures(running.desk.kept, reference),
    protect(protection: Protection) {
      const data = protectData(market, protection)
      replace(running, reference, [protect.kind])
      return start(running, protect, { data, tag: undefined })
    },
  }
}

function ofMarket(running: Running, view: () => MarketView, reference: string): MarketExecutors {
  const { desk } = running
  const begin = (executor: Executor, tag: string | undefined, data: () => object) => {
    const known = taggedAs(desk, tag)
    if (known !== undefined) return handleOf(known)
    return waiting(desk, start(running, executor, { data: data(), tag }))
  }
  const moving = (target: number, how: Move | undefined, isClosing: boolean) => {
    replace(running, reference, isClosing ? 'all' : [move.kind])
    const data = moveData({ market: reference, target, isClosing, now: desk.turn.now }, how)
    const handle = start(running, move, { data, tag: how?.tag })
    return isClosing ? handle : waiting(desk, handle)
  }
  const at = () => ({ market: view().market, now: desk.turn.now })
  return {
    target(size, how) {
      const base = view().market.sizeOf(size)
      if (base === undefined) throw new RangeError('target: the size cannot be priced yet')
      return moving(base, how, false)
    },
    flatten: (how) => moving(0, how, true),
    twap: (order: Twap) => begin(twap, order.tag, () => twapData(at(), order)),
    vwap: (order: Vwap) => begin(twap, order.tag, () => vwapData(at(), order)),
    iceberg: (order: Iceberg) => begin(iceberg, order.tag, () => icebergData(view().market, order)),
    bracket: (order: Bracket) => begin(barriers, order.tag, () => barrierData(at(), order)),
    tripleBarrier: (order: TripleBarrier) =>
      begin(barriers, order.tag, () => barrierData(at(), order)),
    dca: (plan: Dca) => begin(dca, plan.tag, () => dcaData(view().market, desk.turn.now, plan)),
    grid: (plan: Grid) => begin(grid, plan.tag, () => gridData(view().market, plan)),
  }
}
