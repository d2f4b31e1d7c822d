// Orders' port: the shapes that other modules answer with, and order entry for the stream.
//
// What the stream says of orders is what REST says: same bodies, same answers, same statuses.

import { type Static, Type } from 'typebox'
import type { Principal } from '#platform/auth/port.ts'
import {
  AccountNumber,
  CallerId,
  closed,
  Decimal,
  DecimalInput,
  DecimalOrNull,
  Instant,
  oneOf,
  RefusalBody,
  SymbolParam,
  WholeNumber,
} from '#platform/http/port.ts'
import { GROUP_MAX, type SubmitLimits } from '#sequencer/port.ts'
import {
  AMEND_MESSAGES,
  BATCH_EXAMPLE,
  CANCEL_MESSAGES,
  ORDER_EXAMPLES,
  PLACE_MESSAGES,
} from './examples.ts'
import type { Outcome } from './outcome.ts'

export const Side = oneOf(['buy', 'sell'])

/** null when an order was placed without one. */
export const ClientOrderId = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: 36,
})

export const Fill = closed({
  id: WholeNumber,
  orderId: WholeNumber,
  clientOrderId: ClientOrderId,
  account: AccountNumber,
  market: Type.String({ maxLength: 20 }),
  side: Side,
  price: Decimal,
  size: Decimal,
  fee: Decimal,
  feeAsset: Type.String({ maxLength: 20 }),
  liquidity: oneOf(['maker', 'taker']),
  at: Instant,
})
export type Fill = Static<typeof Fill>

export const OrderType = oneOf([
  'limit',
  'market',
  'stop',
  'stop-limit',
  'take-profit',
  'take-profit-limit',
  'trailing-stop',
  'oco',
])
export const TimeInForce = oneOf(['GTC', 'IOC', 'FOK', 'GTD', 'DAY'])
/** The price that a trigger looks at: of the last trade, or the market's mark price. */
const TriggerBy = oneOf(['last', 'mark'])
const FeeIn = oneOf(['quote', 'received'])
export const SelfTrade = oneOf(['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement'])
export const OrderStatus = oneOf(['open', 'partially_filled', 'filled', 'cancelled', 'expired'])

export const PlaceBody = closed(
  {
    clientOrderId: Type.Optional(CallerId),
    sentAt: Type.Optional(Instant),
    account: Type.Optional(AccountNumber),
    market: SymbolParam,
    side: Side,
    type: OrderType,
    size: Type.Optional(DecimalInput),
    quoteAmount: Type.Optional(DecimalInput),
    price: Type.Optional(DecimalInput),
    timeInForce: Type.Optional(TimeInForce),
    /** When a GTD order ends. */
    expireAt: Type.Optional(Instant),
    postOnly: Type.Optional(Type.Boolean()),
    /** A post-only order that would take moves one tick behind the best price instead. */
    slide: Type.Optional(Type.Boolean()),
    reduceOnly: Type.Optional(Type.Boolean()),
    selfTrade: Type.Optional(SelfTrade),
    /** A buyer's fee out of what he receives; sellers pay in quote. */
    feeIn: Type.Optional(FeeIn),
    triggerPrice: Type.Optional(DecimalInput),
    triggerBy: Type.Optional(TriggerBy),
    /** The limit of the stop of an oco or a bracket; without it the stop is a market order. */
    stopPrice: Type.Optional(DecimalInput),
    /** Makes a limit or market order the entry of a bracket. */
    takeProfitPrice: Type.Optional(DecimalInput),
    /** What an iceberg shows. */
    displaySize: Type.Optional(DecimalInput),
    /** How far a trailing stop follows: a price difference, or hundredths of a per cent. */
    trail: Type.Optional(DecimalInput),
    trailBps: Type.Optional(WholeNumber),
    /** The end of its connection and the dead-man timer of its key leave it where it is. */
    stays: Type.Optional(Type.Boolean()),
  },
  { examples: Object.values(ORDER_EXAMPLES) },
)
export type PlaceBody = Static<typeof PlaceBody>

/** By op: messages of the stream, for the OpenAPI text; a test sends them. */
export const MESSAGE_EXAMPLES = {
  place: PLACE_MESSAGES,
  amend: AMEND_MESSAGES,
  cancel: CANCEL_MESSAGES,
}

/** What of an open order is changed; the rest stays. */
export const AMENDABLE = {
  price: Type.Optional(DecimalInput),
  /** The new ordered size, what is done already included. */
  size: Type.Optional(DecimalInput),
  triggerPrice: Type.Optional(DecimalInput),
}
/** An order by its id, or by the one that its owner gave it. */
const NAMED = {
  id: Type.Optional(WholeNumber),
  clientOrderId: Type.Optional(CallerId),
  account: Type.Optional(AccountNumber),
}
export const CancelItem = closed(NAMED)
export type CancelItem = Static<typeof CancelItem>
export const AmendItem = closed({ ...NAMED, ...AMENDABLE })
export type AmendItem = Static<typeof AmendItem>

/** One command of a batch: exactly one of the three. */
export const BatchItem = closed(
  {
    place: Type.Optional(PlaceBody),
    amend: Type.Optional(AmendItem),
    cancel: Type.Optional(CancelItem),
  },
  { minProperties: 1, maxProperties: 1 },
)
export type BatchItem = Static<typeof BatchItem>
/** Only when they are not at their default. */
const TERMS = {
  triggerPrice: Type.Optional(Decimal),
  triggerBy: Type.Optional(TriggerBy),
  stopPrice: Type.Optional(Decimal),
  takeProfitPrice: Type.Optional(Decimal),
  displaySize: Type.Optional(Decimal),
  trail: Type.Optional(Decimal),
  trailBps: Type.Optional(WholeNumber),
  expireAt: Type.Optional(Instant),
  reduceOnly: Type.Optional(Type.Boolean()),
  slide: Type.Optional(Type.Boolean()),
  feeIn: Type.Optional(FeeIn),
  currentTrigger: Type.Optional(
    Type.String({
      ...Decimal,
      description: 'In answers to GET: where the trigger of a waiting trailing stop stands now',
    }),
  ),
  /** When its trigger was met; until then it waits. */
  triggeredAt: Type.Optional(Instant),
  /** Of a bracket's exit, and of its entry: the exit is there once something was bought. */
  entryOrderId: Type.Optional(WholeNumber),
  exitOrderId: Type.Optional(WholeNumber),
}

/** price is null for market orders; size and remaining are null for orders by quote amount. */
export const Order = closed({
  id: WholeNumber,
  clientOrderId: ClientOrderId,
  account: AccountNumber,
  market: Type.String({ maxLength: 20 }),
  side: Side,
  type: OrderType,
  timeInForce: TimeInForce,
  price: DecimalOrNull,
  size: DecimalOrNull,
  quoteAmount: Type.Optional(Decimal),
  filled: Decimal,
  remaining: DecimalOrNull,
  quoteFilled: Decimal,
  averagePrice: DecimalOrNull,
  fee: Decimal,
  feeAsset: Type.String({ maxLength: 20 }),
  status: OrderStatus,
  reason: Type.Optional(Type.String({ maxLength: 64 })),
  ...TERMS,
  createdAt: Instant,
  updatedAt: Instant,
})
export type Order = Static<typeof Order>

/** What is told of a command that was done: the order as REST tells it, or its id alone. */
export const Answers = oneOf(['full', 'ack'])
export type Answers = Static<typeof Answers>

export const BatchBody = closed(
  {
    orders: Type.Array(BatchItem, { minItems: 1, maxItems: GROUP_MAX }),
    answers: Type.Optional(Answers),
  },
  { examples: [BATCH_EXAMPLE, { ...BATCH_EXAMPLE, answers: 'ack' }] },
)

export type BatchBody = Static<typeof BatchBody>

/** On a batch that was held against its schema when it was read: no JSON text can say so. */
const CHECKED = Symbol('checked')

export function checkedBatch(batch: BatchBody): BatchBody {
  return Object.assign(batch, { [CHECKED]: true })
}

export function isCheckedBatch(value: unknown): boolean {
  return typeof value === 'object' && value !== null && CHECKED in value
}

/** What became of one command of a batch or a stream message: its status as over REST. */
export const EntryResult = closed({
  status: Type.Integer({ minimum: 200, maximum: 599 }),
  /** Of the order, in place of it where only an acknowledgement was asked for. */
  id: Type.Optional(WholeNumber),
  order: Type.Optional(Order),
  fills: Type.Optional(Type.Array(Fill, { maxItems: 1_000 })),
  code: Type.Optional(Type.String({ maxLength: 64 })),
  message: Type.Optional(Type.String({ maxLength: 300 })),
  details: RefusalBody.properties.details,
})
export type EntryResult = Static<typeof EntryResult>
/** How commands come in: until when they may be sequenced, over what, and what is asked back. */
export type Arrival = SubmitLimits & {
  /** The connection that orders placed over it shall not outlive; 0 for none. */
  readonly session?: number
  /** Of `run` alone; full unless given. */
  readonly answers?: Answers | undefined
}

export type OrderEntry = {
  /**
   * Up to GROUP_MAX commands as one group; each has its own result, an EntryResult of the JSON
   * array that is answered. A key that is held to some markets is refused every command of another.
   */
  run(principal: Principal, items: readonly BatchItem[], arrival?: Arrival): Promise<string>
  /** The same for a request that is about one order alone. */
  runOne(principal: Principal, item: BatchItem, arrival?: Arrival): Promise<Outcome>
  /** A connection is gone: what the account placed over it is cancelled. */
  disconnected(account: number, session: number): Promise<void>
}
