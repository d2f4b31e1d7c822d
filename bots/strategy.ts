// The API a strategy author sees: a definition, and the context its handlers live in.
//
// Handlers are synchronous and run one at a time; whatever takes time comes back as an event. Time
// and chance come from the context, so the same events give the same actions. `ctx.state` is plain
// data and is saved together with the number of the last event handled.

import type {
  Fill,
  Instrument,
  Level,
  Order,
  PoolSnapshot,
  Quantity,
  Side,
} from '#connectors/venue.ts'
import { type ParamsOf, type ParamTable, readParams } from './params.ts'

export type Book = { readonly bids: readonly Level[]; readonly asks: readonly Level[] }

export type NewOrder = {
  readonly side: Side
  /** Base coins: a number is rounded down to the lot, a text is sent as it is. */
  readonly size: number | string
  /** A number is rounded to the passive side of the tick; without it a market order. */
  readonly price?: number | string
  /** GTC when nothing is said. */
  readonly timeInForce?: 'GTC' | 'IOC' | 'FOK'
  readonly postOnly?: boolean
  /** The state is saved before the order leaves. */
  readonly saved?: boolean
}

/** An order that the venue has not called final yet. */
export type OpenOrder = {
  readonly clientOrderId: string
  readonly side: Side
  readonly quantity: Quantity
  readonly price: string | undefined
  readonly order: Order | undefined
}

export type Market = {
  readonly venue: string
  readonly symbol: string
  readonly instrument: Instrument
  /** What is known now; undefined while the venue has told nothing or it is stale. */
  book(): Book | undefined
  pool(): PoolSnapshot | undefined
  price(): number | undefined
  /** Available and held together; 0 when the venue has told nothing. */
  balance(asset: string): number
  orders(): readonly OpenOrder[]
  /** Answers the order's id; what became of it comes as an order event. */
  place(order: NewOrder): string
  cancel(clientOrderId: string): void
  cancelAll(): void
  /** Asks what became of an order of an earlier run; the answer comes as an order event. */
  recover(clientOrderId: string): void
  onBook(handler: (book: Book) => void): void
  onPool(handler: (pool: PoolSnapshot) => void): void
  onPrice(handler: (price: number) => void): void
  /** What was told does not hold any more. */
  onStale(handler: () => void): void
  onFill(handler: (fill: Fill) => void): void
  onOrder(handler: (order: Order) => void): void
}

export type Transfer = {
  readonly id: string
  /** Microseconds, of the first request. */
  readonly sentAt: number
  /** 'withdraw': from the platform to the bot's address on chain; 'deposit': back. */
  readonly way: 'withdraw' | 'deposit'
  readonly asset: string
  readonly amount: string
}

export type TransferResult = {
  readonly id: string
  readonly kind: 'done' | 'refused' | 'unknown'
  readonly code?: string
}

export type Context<S extends object> = {
  readonly state: S
  /** Microseconds, the time of the event being handled. */
  now(): number
  /** In [0, 1); repeatable. */
  random(): number
  log(text: string): void
  /** 'internal:ETH-USDC'; events of it arrive from then on. */
  market(reference: string): Market
  every(ms: number, handler: () => void): void
  /** True between pause and resume: nothing new may begin. */
  isPaused(): boolean
  /** While something is half done, a stop waits a few seconds for it. */
  halfDone(is: boolean): void
  onPause(handler: () => void): void
  /** Asked again with the same id it is the same transfer. */
  transfer(transfer: Transfer): void
  onTransfer(handler: (result: TransferResult) => void): void
  /** A unique id for a transfer. */
  newId(): string
  /** Figures for people and measurements; never decides anything. */
  report(figures: Readonly<Record<string, unknown>>): void
}

export type Beginning = {
  readonly params: Readonly<Record<string, unknown>>
  /** As saved; undefined at the first start. */
  readonly saved: object | undefined
  readonly context: <S extends object>(state: S) => Context<S>
}

export type Strategy = {
  readonly name: string
  readonly params: ParamTable
  /** Runs the set-up; answers the state object that handlers change. */
  begin(beginning: Beginning): object
}

export type Definition<P extends ParamTable, S extends object> = {
  readonly name: string
  readonly params: P
  /** The state at the first start: plain data. */
  readonly state: S
  readonly setup: (ctx: Context<S>, params: ParamsOf<P>) => void
}

/** A strategy; fields that a saved state lacks take their first value. */
export function defineStrategy<P extends ParamTable, S extends object>(
  definition: Definition<P, S>,
): Strategy {
  const { name, params, setup } = definition
  return {
    name,
    params,
    begin({ params: given, saved, context }) {
      const state: S = Object.assign(structuredClone(definition.state), saved)
      setup(context(state), readParams(params, given))
      return state
    },
  }
}
