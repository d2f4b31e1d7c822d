// Order shapes: which fields an order of each kind must and may have, one row a kind.
//
// What a field means and how they fit together is the engine's to say (docs/rules/orders.md); here
// is only what a body can be refused for before it is a command. Iceberg and bracket are rows of
// their own because a field more makes them.

import type { PlaceBody } from './port.ts'

type Field = keyof PlaceBody
type Time = NonNullable<PlaceBody['timeInForce']>

type Shape = {
  /** Every one of them. */
  readonly needs: readonly Field[]
  /** Exactly one of them. */
  readonly oneOf?: readonly Field[]
  readonly may: readonly Field[]
  readonly times: readonly Time[]
}

const ANYWHERE: readonly Field[] = [
  ...(['clientOrderId', 'sentAt', 'account', 'market', 'side', 'type', 'timeInForce'] as const),
  ...(['expireAt', 'selfTrade', 'feeIn', 'triggerBy', 'stays'] as const),
]
const RESTS: readonly Time[] = ['GTC', 'GTD', 'DAY']
const AT_ONCE: readonly Time[] = ['IOC', 'FOK']
const MAKER: readonly Field[] = ['postOnly', 'slide']

const SHAPES = {
  limit: shape({
    needs: ['price', 'size'],
    may: [...MAKER, 'displaySize', 'reduceOnly'],
    times: [...RESTS, ...AT_ONCE],
  }),
  market: shape({
    needs: [],
    oneOf: ['size', 'quoteAmount'],
    may: ['reduceOnly'],
    times: AT_ONCE,
  }),
  stop: shape({ needs: ['size', 'triggerPrice'], may: ['reduceOnly'], times: RESTS }),
  'stop-limit': shape({
    needs: ['size', 'triggerPrice', 'price'],
    may: ['reduceOnly'],
    times: RESTS,
  }),
  'take-profit': shape({ needs: ['size', 'triggerPrice'], may: ['reduceOnly'], times: RESTS }),
  'take-profit-limit': shape({
    needs: ['size', 'triggerPrice', 'price'],
    may: ['reduceOnly'],
    times: RESTS,
  }),
  'trailing-stop': shape({
    needs: ['size'],
    oneOf: ['trail', 'trailBps'],
    may: ['reduceOnly'],
    times: RESTS,
  }),
  oco: shape({
    needs: ['price', 'size', 'triggerPrice'],
    may: [...MAKER, 'stopPrice', 'reduceOnly'],
    times: RESTS,
  }),
} as const satisfies Record<PlaceBody['type'], unknown>

const BRACKETS = {
  limit: shape({
    needs: ['price', 'size', 'takeProfitPrice', 'triggerPrice'],
    may: [...MAKER, 'displaySize', 'stopPrice', 'reduceOnly'],
    times: [...RESTS, ...AT_ONCE],
  }),
  market: shape({
    needs: ['size', 'takeProfitPrice', 'triggerPrice'],
    may: ['stopPrice', 'reduceOnly'],
    times: AT_ONCE,
  }),
} as const

type KnownShape = ReturnType<typeof shape>

/** What is wrong with the shape of an order; undefined when nothing is. */
export function wrongShape(body: PlaceBody): string | undefined {
  const { needs, oneOf, fields, times } = shapeOf(body)
  for (const field of needs) if (body[field] === undefined) return `${body.type}: needs ${field}`
  for (const field in body) if (!fields.has(field)) return `${body.type}: has no ${field}`
  if (oneOf.length > 0 && oneOf.filter((field) => body[field] !== undefined).length !== 1) {
    return `${body.type}: either ${oneOf.join(' or ')}`
  }
  return wrongTime(body, times)
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

function shape({ needs, oneOf = [], may, times }: Shape) {
  const fields: ReadonlySet<string> = new Set([...ANYWHERE, ...needs, ...oneOf, ...may])
  return { needs, oneOf, fields, times }
}
