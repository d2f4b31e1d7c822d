// Order shapes: which fields an order of each kind must and may have, one row a kind.
//
// What a field means and how they fit together is the engine's to say (docs/rules/orders.md); here
// is only what a body can be refused for before it is a command (and in order-prices.ts, for prices
// in the wrong order). Iceberg and bracket are rows of their own because a field more makes them.

import type { PlaceBody } from './port.ts'

/** What orders of any kind may have; the other fields are told apart here. */
type Anywhere =
  | 'clientOrderId'
  | 'sentAt'
  | 'account'
  | 'market'
  | 'side'
  | 'type'
  | 'timeInForce'
  | 'expireAt'
  | 'selfTrade'
  | 'feeIn'
  | 'triggerBy'
  | 'reduceOnly'
  | 'stays'
type Field = Exclude<keyof PlaceBody, Anywhere>
type Time = NonNullable<PlaceBody['timeInForce']>

type Shape = {
  /** Every one of them. */
  readonly needs: readonly Field[]
  /** Exactly one of them. */
  readonly oneOf?: readonly Field[]
  readonly may?: readonly Field[]
  readonly times: readonly Time[]
}

const FIELD_BITS: { readonly [F in Field]: number } = {
  ...{ price: 1, size: 2, quoteAmount: 4, triggerPrice: 8, stopPrice: 16, takeProfitPrice: 32 },
  ...{ displaySize: 64, trail: 128, trailBps: 256, postOnly: 512, slide: 1_024 },
}

const RESTS: readonly Time[] = ['GTC', 'GTD', 'DAY']
const AT_ONCE: readonly Time[] = ['IOC', 'FOK']
const MAKER: readonly Field[] = ['postOnly', 'slide']

const SHAPES = {
  limit: shape({
    needs: ['price', 'size'],
    may: [...MAKER, 'displaySize'],
    times: [...RESTS, ...AT_ONCE],
  }),
  market: shape({ needs: [], oneOf: ['size', 'quoteAmount'], times: AT_ONCE }),
  stop: shape({ needs: ['size', 'triggerPrice'], times: RESTS }),
  'stop-limit': shape({ needs: ['size', 'triggerPrice', 'price'], times: RESTS }),
  'take-profit': shape({ needs: ['size', 'triggerPrice'], times: RESTS }),
  'take-profit-limit': shape({ needs: ['size', 'triggerPrice', 'price'], times: RESTS }),
  'trailing-stop': shape({ needs: ['size'], oneOf: ['trail', 'trailBps'], times: RESTS }),
  oco: shape({
    needs: ['price', 'size', 'triggerPrice'],
    may: [...MAKER, 'stopPrice'],
    times: RESTS,
  }),
} as const satisfies Record<PlaceBody['type'], unknown>

const BRACKETS = {
  limit: shape({
    needs: ['price', 'size', 'takeProfitPrice', 'triggerPrice'],
    may: [...MAKER, 'displaySize', 'stopPrice'],
    times: [...RESTS, ...AT_ONCE],
  }),
  market: shape({
    needs: ['size', 'takeProfitPrice', 'triggerPrice'],
    may: ['stopPrice'],
    times: AT_ONCE,
  }),
} as const

type KnownShape = ReturnType<typeof shape>

/** What is wrong with the shape of an order; undefined when nothing is. */
export function wrongShape(body: PlaceBody): string | undefined {
  const { needs, oneOf, fields, times } = shapeOf(body)
  const given = givenIn(body)
  if ((given & needs) !== needs) return `${body.type}: needs ${namesOf(needs & ~given).join(', ')}`
  if ((given & ~fields) !== 0) return `${body.type}: has no ${namesOf(given & ~fields).join(', ')}`
  if (oneOf !== 0 && !isOneBit(given & oneOf)) {
    return `${body.type}: either ${namesOf(oneOf).join(' or ')}`
  }
  return wrongTime(body, times)
}

// Field by field: a name that is not known where it is read costs ten times as much.
function givenIn(body: PlaceBody): number {
  let given = 0
  if (body.price !== undefined) given |= FIELD_BITS.price
  if (body.size !== undefined) given |= FIELD_BITS.size
  if (body.quoteAmount !== undefined) given |= FIELD_BITS.quoteAmount
  if (body.triggerPrice !== undefined) given |= FIELD_BITS.triggerPrice
  if (body.stopPrice !== undefined) given |= FIELD_BITS.stopPrice
  if (body.takeProfitPrice !== undefined) given |= FIELD_BITS.takeProfitPrice
  if (body.displaySize !== undefined) given |= FIELD_BITS.displaySize
  if (body.trail !== undefined) given |= FIELD_BITS.trail
  if (body.trailBps !== undefined) given |= FIELD_BITS.trailBps
  if (body.postOnly !== undefined) given |= FIELD_BITS.postOnly
  if (body.slide !== undefined) given |= FIELD_BITS.slide
  return given
}

function isOneBit(bits: number): boolean {
  return bits !== 0 && (bits & (bits - 1)) === 0
}

function namesOf(bits: number): readonly string[] {
  return Object.entries(FIELD_BITS).flatMap(([field, bit]) => ((bits & bit) === 0 ? [] : [field]))
}

/** The time in force of an order that names none. */
export function timeInForceOf({ timeInForce, type }: PlaceBody): Time {
  return timeInForce ?? (type === 'market' ? 'IOC' : 'GTC')
}

function wrongTime(body: PlaceBody, times: readonly Time[]): string | undefined {
  const time = timeInForceOf(body)
  if (!times.includes(time)) return `${body.type}: is ${times.join(', ')}`
  if ((body.expireAt !== undefined) !== (time === 'GTD')) return 'expireAt goes with GTD'
  const waits = RESTS.includes(time)
  if (body.postOnly === true && !waits) return `postOnly goes with ${RESTS.join(', ')}`
  if (body.slide === true && body.postOnly !== true) return 'slide goes with postOnly'
  return body.displaySize !== undefined && !waits
    ? 'displaySize goes with orders that rest'
    : undefined
}

function shapeOf({ type, takeProfitPrice }: PlaceBody): KnownShape {
  const isBracket = takeProfitPrice !== undefined && (type === 'limit' || type === 'market')
  return isBracket ? BRACKETS[type] : SHAPES[type]
}

function shape({ needs: all, oneOf: one = [], may = [], times }: Shape) {
  const [needs, oneOf] = [bitsOf(all), bitsOf(one)]
  return { needs, oneOf, fields: needs | oneOf | bitsOf(may), times }
}

function bitsOf(fields: readonly Field[]): number {
  return fields.reduce((bits, field) => bits | FIELD_BITS[field], 0)
}
