// Judge: what became of the bots of the campaign, and what of it must never happen.
//
// A refusal now and then is a market that moved; more than a twentieth of a bot's orders is a bot
// that does not understand its venue. A bot that was stopped leaves nothing but what protects the
// position that it still has. Everything else that is told here must be none.

import type { Fill, Order } from '#connectors/venue.ts'
import type { CampaignResult } from '../result.ts'
import type { RunningBot } from './running-bot.ts'

export type Verdict = Pick<CampaignResult, 'violations' | 'reached' | 'extra'>

export type Ending = {
  /** Of each bot, before it was stopped. */
  readonly states: readonly string[]
  readonly demoSaid: string
  readonly seconds: number
}

const REFUSED_SHARE = 0.05
/** So many say nothing yet. */
const REFUSED_LEAST = 10
const ENDED = /the strategy ended|halted/
/** A bot of the demo alone is named so. */
const ENDED_IN_DEMO = /^bots: (market-making|arbitrage): (the strategy ended|.*halted).*$/m
/** Until averages are warm and a plan has had its first turns. */
const ACTS_AFTER_SECONDS = 60
const NOTHING = 1e-9
const INTERNAL = 'internal:'

type Judged = Omit<RunningBot, 'runner'>

export async function judge(bots: readonly Judged[], ending: Ending): Promise<Verdict> {
  const found: string[] = []
  const reached: Record<string, number> = {}
  let [orders, fills, refused, traded] = [0, 0, 0, 0]
  for (const [at, running] of bots.entries()) {
    const { bot, counts } = running
    const own = await running.fills()
    const open = await running.openOrders()
    const refusals = [...counts.refused.values()].reduce((sum, one) => sum + one, 0)
    reached[`${bot.strategy}: orders`] = counts.placed
    reached[`${bot.strategy}: fills`] = own.length
    if (open.length > 0) reached[`${bot.strategy}: left`] = open.length
    for (const [code, count] of counts.refused) reached[`${bot.strategy}: ${code}`] = count
    const wrong = [
      ...endsOf(running, ending.states[at]),
      ...refusalsOf(running, refusals),
      ...beliefsOf(running, own),
      ...leftOf(open, bookOf(own)),
      ...(isIdle(running, own, ending) ? ['has never traded'] : []),
    ]
    found.push(...wrong.map((one) => `${bot.strategy}: ${one}`))
    orders += counts.placed
    fills += own.length
    refused += refusals
    traded += own.length > 0 ? 1 : 0
  }
  const ofDemo = ENDED_IN_DEMO.exec(ending.demoSaid)
  if (ofDemo !== null) found.push(`demo: ${ofDemo[0]}`)
  for (const one of found) process.stderr.write(`VIOLATION ${one}\n`)
  const extra = { seconds: ending.seconds, orders, fills, refused, traded }
  return { violations: found.length, reached, extra }
}

function endsOf({ counts }: Judged, state: string | undefined): string[] {
  const ended = counts.logs.filter((text) => ENDED.test(text))
  return [...(state === 'running' ? [] : [`is ${state} at the end`]), ...ended]
}

/** Of the venue, and of the gate that stands before it. */
function refusalsOf({ counts }: Judged, refusals: number): string[] {
  const codes = [...counts.refused].map(([code, count]) => `${code} ${count}`).join(', ')
  const isFlood = refusals > Math.max(REFUSED_LEAST, counts.placed * REFUSED_SHARE)
  const gate = counts.logs.filter((text) => text.includes(': gate.'))
  return [
    ...(isFlood ? [`refused again and again: ${codes}`] : []),
    ...(gate.length > REFUSED_LEAST ? [`refused by the gate again and again: ${gate[0]}`] : []),
  ]
}

function beliefsOf(running: Judged, fills: readonly Fill[]): string[] {
  const filled = bookOf(fills)
  const believed = running.positions()
  const ofBook = Object.keys(believed).filter((market) => market.startsWith(INTERNAL))
  const wrong: string[] = []
  for (const market of new Set([...filled.keys(), ...ofBook])) {
    const [held, size] = [believed[market] ?? 0, filled.get(market) ?? 0]
    if (Math.abs(held - size) > NOTHING) {
      wrong.push(`believes to hold ${held} of ${market}, and its fills are ${size}`)
    }
  }
  return wrong
}

/** By market: what the venue has bought for it less what it has sold. */
function bookOf(fills: readonly Fill[]): Map<string, number> {
  const held = new Map<string, number>()
  for (const { symbol, side, base } of fills) {
    const market = INTERNAL + symbol
    held.set(market, (held.get(market) ?? 0) + signOf(side) * Number(base))
  }
  return held
}

/** A stop may stay, against a position and for no more than all of it. */
function leftOf(open: readonly Order[], positions: ReadonlyMap<string, number>): string[] {
  const bare = new Map(positions)
  return open.flatMap((order) => {
    const { symbol, side, triggerPrice } = order
    const market = INTERNAL + symbol
    const left = signOf(side) * (Number(order.size) - Number(order.filledBase))
    const held = bare.get(market) ?? 0
    const isAgainst = left * held < 0 && Math.abs(left) <= Math.abs(held) + NOTHING
    if (triggerPrice === undefined || !isAgainst) {
      return [`an order rests: ${side} ${Math.abs(left)} of ${market}, holding ${held}`]
    }
    bare.set(market, held + left)
    return []
  })
}

function signOf(side: Fill['side']): number {
  return side === 'buy' ? 1 : -1
}

function isIdle({ bot }: Judged, fills: readonly Fill[], { seconds }: Ending): boolean {
  return bot.mustTrade === true && seconds >= ACTS_AFTER_SECONDS && fills.length === 0
}
