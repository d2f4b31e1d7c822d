// Bodies: the commands of the storms, with what most of them leave at its default.
//
// All are about the one market of the stage. Ids are plain numbers here, for the scenarios compute
// owners and prices; nothing outside the benchmark uses them.

import { NO_EXTRA } from '#engine/codec/extra.ts'
import type {
  CommandBody,
  OrderExtra,
  OrderType,
  Phase,
  Side,
  TimeInForce,
} from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'

const MARKET = asId<never>(0)
/** When the stage begins, and orders with an id were sent unless they say when. */
export const SENT_AT_US = 1_700_000_000_000_000

type Terms = {
  readonly account: number
  readonly side: Side
  readonly price: number
  readonly size?: number
  readonly type?: OrderType
  readonly timeInForce?: TimeInForce
  readonly clientOrderId?: string
  readonly sentAt?: number | undefined
  readonly extra?: Partial<Record<keyof OrderExtra, number | string>>
}

/** A limit order that rests, unless the terms say something else. */
export function place(terms: Terms): CommandBody {
  const { account, side, price, size = 1, type = 'limit', timeInForce = 'GTC', extra } = terms
  const { clientOrderId = '', sentAt = SENT_AT_US } = terms
  return {
    ...{ kind: 'place', account: asId(account), market: MARKET, side, type, timeInForce },
    ...{ postOnly: false, selfTrade: 'cancel-taker', quoteAmount: asUnit(0) },
    ...{ price: asUnit(price), size: asUnit(size), clientOrderId },
    ...{
      sentAt: asMicros(clientOrderId === '' ? 0 : sentAt),
      sentAtGiven: false,
      bodyHash: '',
    },
    // The scenarios name fields of an extra by plain numbers and words.
    ...(extra === undefined ? {} : { extra: { ...NO_EXTRA, ...extra } as OrderExtra }),
  }
}

/** A market order. */
export function take(account: number, side: Side, size: number): CommandBody {
  return place({ account, side, size, price: 0, type: 'market', timeInForce: 'IOC' })
}

export function cancel(account: number, order: number): CommandBody {
  return { kind: 'cancel', account: asId(account), orderId: asId(order) }
}

export function cancelAll(account: number): CommandBody {
  return { kind: 'cancelAll', account: asId(account), market: null, side: null }
}

export function setPhase(phase: Phase): CommandBody {
  return { kind: 'setPhase', market: MARKET, phase, endsAt: asMicros(0) }
}

export function setMark(price: number): CommandBody {
  return { kind: 'setMark', market: MARKET, price: asUnit(price) }
}

export function delist(): CommandBody {
  return { kind: 'delistMarket', market: MARKET }
}
