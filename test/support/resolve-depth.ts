// Resolve, beyond plain orders: extras, amends, timers, phases, parameters, marks of accounts.

import type { CommandBody, OrderExtra } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import type { DepthIntent, RulesIntent } from './intents-depth.ts'
import type { ExtraIntent } from './intents-order.ts'
import { NO_EXTRA } from './model/no-extra.ts'

const DAY_US = 86_400_000_000

/** What a resolver must know of an order that was accepted. */
export type KnownOrder = {
  readonly orderId: number
  readonly account: number
  readonly size: number
}

/** The extra of a command at this time; undefined when it says nothing. */
export function extraOf(intent: ExtraIntent | undefined, time: number): OrderExtra | undefined {
  if (intent === undefined) return undefined
  const { expireIn, ...given } = intent
  const expireAt = asMicros(expireIn === undefined ? 0 : time + expireIn)
  const extra = { ...NO_EXTRA, ...(given as Partial<OrderExtra>), expireAt } // Brands only.
  const names = Object.keys(NO_EXTRA) as (keyof OrderExtra)[]
  return names.every((name) => extra[name] === NO_EXTRA[name]) ? undefined : extra
}

type Others = Exclude<DepthIntent, { do: 'amend' | 'close' }>

/** The command an intent means at this time. */
export function resolveDepth(intent: Others, time: number): CommandBody {
  switch (intent.do) {
    case 'cancelSession': {
      const { account, session } = intent
      return { kind: 'cancelSession', account: asId(account), session }
    }
    case 'cancelAfter': {
      const { account, key, ms } = intent
      return { kind: 'cancelAfter', account: asId(account), key, cancelAfterMs: ms }
    }
    case 'freeze': {
      const { account, frozen } = intent
      return { kind: 'freezeAccount', account: asId(account), frozen }
    }
    default:
      return resolveMarket(intent, time)
  }
}

type OfMarket = Exclude<Others, { do: 'cancelSession' | 'cancelAfter' | 'freeze' }>

function resolveMarket(intent: OfMarket, time: number): CommandBody {
  const market = asId<never>(intent.market)
  switch (intent.do) {
    case 'setPhase': {
      const { phase, endsIn } = intent
      const endsAt = asMicros(endsIn === null ? 0 : time + endsIn)
      return { kind: 'setPhase', market, phase, endsAt }
    }
    case 'setMark':
      return { kind: 'setMark', market, price: asUnit(intent.price) }
    case 'setMarket':
      return { kind: 'setMarket', market, ...rulesOf(intent.rules, time) }
    case 'setFees': {
      const tiers = intent.tiers.map(([from, maker, taker]) => ({
        minNotional: asUnit<never>(from),
        makerRate: asUnit<never>(maker),
        takerRate: asUnit<never>(taker),
      }))
      return { kind: 'setFees', market, tiers }
    }
    case 'delist':
      return { kind: 'delistMarket', market }
  }
}

function rulesOf({ session, minNotional, ...rules }: RulesIntent, time: number) {
  const ofDay = (wait: number) => (wait > DAY_US ? wait : (time + wait) % DAY_US)
  const times =
    session === null
      ? { sessionOpenUs: 0, sessionCloseUs: 0 }
      : { sessionOpenUs: ofDay(session.opensIn), sessionCloseUs: ofDay(session.closesIn) }
  return { minNotional: asUnit<never>(minNotional), ...rules, ...times }
}

export function resolveAmend(
  intent: Extract<DepthIntent, { do: 'amend' }>,
  order: KnownOrder | undefined,
): CommandBody {
  const { pick, by, price, quarters, triggerPrice } = intent
  const sized = quarters > 100 ? quarters : Math.floor(((order?.size ?? 4) * quarters) / 4)
  return {
    kind: 'amend',
    account: asId(by === 'owner' ? (order?.account ?? 16) : by),
    orderId: asId(order?.orderId ?? pick),
    price: asUnit(price),
    size: asUnit(sized),
    triggerPrice: asUnit(triggerPrice),
  }
}
