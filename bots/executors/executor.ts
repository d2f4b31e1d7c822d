// Executor: something that takes time and looks after itself: a target, a TWAP, a grid.
//
// Its data is plain, is saved with the strategy's state, and is all it remembers. `step` is called
// whenever something may have changed and after every restart; it looks at the data, at its orders
// and at the market, and asks for what is missing. So it must be able to run twice in a row without
// harm: it never acts on an event, only on what is. What its orders trade is told exactly once,
// also over a crash, and its orders are known to be what they are before it steps again.

import type { Order, Side } from '#connectors/venue.ts'
import type { Market, NewOrder, OrderChange } from '../market.ts'

export type ExecutorMarket = Pick<
  Market,
  'venue' | 'symbol' | 'instrument' | 'book' | 'price' | 'position' | 'sizeOf'
>

/** An order of the bot that the venue has not called final. */
export type OwnOrder = {
  readonly id: string
  /** What it is to its executor; '' for orders of the strategy itself. */
  readonly role: string
  readonly side: Side
  /** Base coins, as asked for last; 0 for orders by quote amount. */
  readonly size: number
  readonly price: number | undefined
  readonly filledBase: number
  readonly filledQuote: number
  readonly placedAt: number
  readonly isCancelling: boolean
  /** An amend of it was refused: it will not be changed in place. */
  readonly isFixed: boolean
}

export type EndedOrder = OwnOrder & Pick<Order, 'state' | 'code'>

/** What an order traded since it was told last. */
export type Traded = {
  readonly role: string
  readonly side: Side
  readonly base: number
  readonly quote: number
}

export type Work<D> = {
  /** Changed at will; saved with the state. */
  readonly data: D
  /** Microseconds. */
  readonly now: number
  /**
   * Nothing new may begin; what is half done may be finished with orders that do not rest, and what
   * is held may be protected.
   */
  readonly isPaused: boolean
  market(reference: string): ExecutorMarket
  /** Its own, not final. */
  orders(role?: string): readonly OwnOrder[]
  /** Those of the bot in this market that are not its own. */
  others(reference: string): readonly OwnOrder[]
  /** Another executor is bringing the position here to a size. */
  isMoved(reference: string): boolean
  place(role: string, reference: string, order: NewOrder): void
  amend(id: string, change: OrderChange): void
  cancel(id: string): void
  /** Takes its orders back; it is over when the venue has called the last one final. */
  finish(outcome: string): void
}

export type Executor<D extends object = object> = {
  readonly kind: string
  step(work: Work<D>): void
  traded?(work: Work<D>, traded: Traded): void
  ended?(work: Work<D>, order: EndedOrder): void
}

/** An executor among others: its data is only ever what it made itself. */
export function defineExecutor<D extends object>(executor: Executor<D>): Executor {
  return executor as unknown as Executor // The host keeps data and executor together by kind.
}
