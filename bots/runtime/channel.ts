// Channel: what a runner and a strategy process say to each other.
//
// The runner sends one event at a time, numbered without gaps; the strategy answers each with its
// actions and, when it changed, its state. What comes from a strategy is checked here before the
// runner acts on it: a strategy is trusted with nothing.

import type {
  Amendment,
  Balance,
  Fill,
  History,
  Instrument,
  MarketUpdate,
  Order,
  OrderRequest,
  OrderTerms,
  Quote,
  QuoteRequest,
} from '#connectors/venue.ts'
import type { Transfer, TransferResult } from '../strategy.ts'

export type VenueInstruments = {
  readonly venue: string
  readonly instruments: readonly Instrument[]
}

export type Start = {
  readonly kind: 'start'
  readonly strategy: string
  readonly params: Readonly<Record<string, unknown>>
  readonly saved: object | undefined
  readonly venues: readonly VenueInstruments[]
  /** Begins every id; different at each start. */
  readonly idPrefix: string
  readonly seed: number
  readonly no: number
  readonly at: number
}

export type StrategyEvent =
  | { readonly kind: 'update'; readonly venue: string; readonly update: MarketUpdate }
  | {
      readonly kind: 'order'
      readonly venue: string
      readonly order: Order
      /** It answers an amend, too; with a code when that was refused. */
      readonly amend?: AmendOutcome
    }
  | { readonly kind: 'fill'; readonly venue: string; readonly fill: Fill }
  | { readonly kind: 'balances'; readonly venue: string; readonly balances: readonly Balance[] }
  | { readonly kind: 'timer'; readonly timer: number }
  | { readonly kind: 'transfer'; readonly result: TransferResult }
  /** Bars of a market that were asked for; empty when the venue has none. */
  | {
      readonly kind: 'history'
      readonly venue: string
      readonly symbol: string
      /** Of the bars that were asked for. */
      readonly wantedUs: number
      readonly history: History
    }
  | { readonly kind: 'quote'; readonly no: number; readonly quote: Quote }
  /** Everything that was asked for at the start is there. */
  | { readonly kind: 'ready' }
  /** Orders are taken back; nothing more comes but what becomes of them. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'pause' | 'resume' }

export type AmendOutcome = { readonly code?: string }

export type EventMessage = {
  readonly kind: 'event'
  readonly no: number
  /** When it was handed over. */
  readonly at: number
  /** When the runner got it; what a venue or a chain says of its own time is in the event. */
  readonly receivedAt?: number
  readonly event: StrategyEvent
}

/** Asks what a strategy can be told; answered with a report, and nothing of it is set up. */
export type DescribeMessage = { readonly kind: 'describe'; readonly strategy: string }

export type ToStrategy = Start | EventMessage

export type Action =
  | { readonly kind: 'subscribe'; readonly venue: string; readonly symbol: string }
  | {
      readonly kind: 'place'
      readonly venue: string
      readonly request: OrderRequest
      readonly saved: boolean
    }
  | {
      readonly kind: 'amend'
      readonly venue: string
      readonly id: string
      readonly amendment: Amendment
    }
  | { readonly kind: 'cancel'; readonly venue: string; readonly id: string }
  | {
      readonly kind: 'recover'
      readonly venue: string
      readonly symbol: string
      readonly id: string
    }
  | { readonly kind: 'cancelAll'; readonly venue: string; readonly symbol: string }
  | { readonly kind: 'timer'; readonly timer: number; readonly everyMs: number }
  | {
      readonly kind: 'history'
      readonly venue: string
      readonly symbol: string
      readonly lengthUs: number
      readonly count: number
    }
  | {
      readonly kind: 'quote'
      readonly no: number
      readonly venue: string
      readonly request: QuoteRequest
    }
  /** One point of a chart of the strategy's own. */
  | {
      readonly kind: 'plot'
      readonly chart: string
      readonly at: number
      readonly values: Readonly<Record<string, number>>
    }
  /** For people, with the time at which it was made. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'transfer'; readonly transfer: Transfer }
  | { readonly kind: 'halfDone'; readonly is: boolean }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'report'; readonly figures: Readonly<Record<string, unknown>> }

export type Handled = {
  readonly kind: 'handled'
  readonly no: number
  readonly actions: readonly Action[]
  /** The whole state, when it changed. */
  readonly state?: object
}

const ACTIONS_MAX = 1_000
const TEXT_MAX = 1_000

/** The fields of each kind of action, and what each must be. */
const ACTION_FIELDS: Readonly<Record<Action['kind'], Readonly<Record<string, Check>>>> = {
  subscribe: { venue: isText, symbol: isText },
  place: { venue: isText, request: isRequest, saved: isBoolean },
  amend: { venue: isText, id: isText, amendment: isAmendment },
  cancel: { venue: isText, id: isText },
  recover: { venue: isText, symbol: isText, id: isText },
  cancelAll: { venue: isText, symbol: isText },
  timer: { timer: isWhole, everyMs: (value) => isWhole(value) && Number(value) >= 10 },
  history: { venue: isText, symbol: isText, lengthUs: isWhole, count: isWhole },
  quote: { no: isWhole, venue: isText, request: isQuoteRequest },
  plot: { chart: isText, at: isWhole, values: isNumbers },
  note: { text: isText },
  transfer: { transfer: isTransfer },
  halfDone: { is: isBoolean },
  log: { text: isText },
  report: { figures: isRecord },
}

type Check = (value: unknown) => boolean

/** A strategy's answer, or undefined when it is not one. */
export function readHandled(message: unknown): Handled | undefined {
  if (!isRecord(message) || message.kind !== 'handled' || !isShallow(message)) return undefined
  const { no, actions, state } = message
  if (!isWhole(no) || !Array.isArray(actions) || actions.length > ACTIONS_MAX) return undefined
  if (!actions.every(isAction) || (state !== undefined && !isRecord(state))) return undefined
  const answer = { kind: 'handled' as const, no: Number(no), actions }
  return state === undefined ? answer : { ...answer, state }
}

function isAction(value: unknown): value is Action {
  if (!isRecord(value) || typeof value.kind !== 'string') return false
  if (!Object.hasOwn(ACTION_FIELDS, value.kind)) return false
  // hasOwn has just said that it is one of the kinds.
  const checks = Object.entries(ACTION_FIELDS[value.kind as Action['kind']])
  return checks.every(([field, check]) => check(value[field]))
}

function isRequest(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value.quantity)) return false
  const { clientOrderId, sentAt, symbol, side, quantity, limitPrice, timeInForce } = value
  return (
    Object.keys(value).every((field) => REQUEST_FIELDS.has(field)) &&
    [clientOrderId, symbol, quantity.amount].every(isText) &&
    isWhole(sentAt) &&
    isSide(side) &&
    (quantity.in === 'base' || quantity.in === 'quote') &&
    (limitPrice === undefined || isText(limitPrice)) &&
    TIMES.has(timeInForce) &&
    Object.entries(TERM_CHECKS).every(([term, check]) => {
      return value[term] === undefined || check(value[term])
    })
  )
}

const TIMES: ReadonlySet<unknown> = new Set(['GTC', 'IOC', 'FOK', 'GTD', 'DAY'])
const TYPES: ReadonlySet<unknown> = new Set([
  ...['stop', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop', 'oco'],
])
const SELF_TRADES: ReadonlySet<unknown> = new Set([
  ...['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement'],
])

/** What makes an order more than a limit or market order. */
const TERM_CHECKS: Readonly<Record<keyof OrderTerms | 'postOnly', Check>> = {
  type: (value) => TYPES.has(value),
  triggerPrice: isText,
  triggerBy: (value) => value === 'last' || value === 'mark',
  ...{ stopPrice: isText, takeProfitPrice: isText, displaySize: isText, trail: isText },
  ...{ trailBps: isWhole, expireAt: isWhole },
  ...{ reduceOnly: isBoolean, slide: isBoolean, postOnly: isBoolean },
  selfTrade: (value) => SELF_TRADES.has(value),
  feeIn: (value) => value === 'quote' || value === 'received',
  minProfit: isText,
}

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  ...['clientOrderId', 'sentAt', 'symbol', 'side', 'quantity', 'limitPrice', 'timeInForce'],
  ...Object.keys(TERM_CHECKS),
])

const AMENDABLE: ReadonlySet<string> = new Set(['size', 'limitPrice', 'triggerPrice'])

function isAmendment(value: unknown): boolean {
  if (!isRecord(value)) return false
  const given = Object.entries(value)
  return given.length > 0 && given.every(([field, one]) => AMENDABLE.has(field) && isText(one))
}

const DEPTH_MAX = 64

/** What is deeper could not be written down again. */
function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth < DEPTH_MAX && Object.values(value).every((one) => isShallow(one, depth + 1))
}

function isQuoteRequest(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value.quantity)) return false
  const { symbol, side, quantity } = value
  const isQuantity = quantity.in === 'base' || quantity.in === 'quote'
  return isText(symbol) && isSide(side) && isQuantity && isText(quantity.amount)
}

function isNumbers(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(Number.isFinite)
}

function isSide(value: unknown): boolean {
  return value === 'buy' || value === 'sell'
}

function isTransfer(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { id, sentAt, way, asset, amount } = value
  return (
    [id, asset, amount].every(isText) &&
    isWhole(sentAt) &&
    (way === 'withdraw' || way === 'deposit')
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= TEXT_MAX
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}
