// Parameters: the rules, fees and mark of a market, and the end of it.
//
// Open orders keep what they were accepted with.

import type { DelistMarket, SetFees, SetMark, SetMarket } from '#engine/command.ts'
import {
  BAND_BPS_MAX,
  CANCELS_PER_TICK_MAX,
  COLLAR_BPS_MAX,
  FEE_RATE_MAX,
  FEE_TIERS_MAX,
  PHASE_MAX_US,
  PRICE_TICKS_MAX,
} from '#engine/limits.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { resetBand } from './band.ts'
import { inPriority } from './book.ts'
import { cancel } from './ends.ts'
import { inFiringOrder } from './firing.ts'
import type { Market, Order, World } from './world.ts'
import { emit } from './world.ts'

const DAY_US = 86_400_000_000

export function setMarket(world: World, command: SetMarket): RefusalCode | null {
  const market = world.markets[command.market]
  if (market === undefined) return 'market.unknown'
  if (market.delisted) return 'market.delisted'
  const { kind: _, market: id, ...rules } = rulesOf(command)
  if (areInvalid(rules)) return 'market.invalid'
  market.rules = rules
  market.sessionsFrom = world.time
  resetBand(world, market)
  emit(world, { kind: 'marketChanged', market: id, ...rules })
  return null
}

export function setFees(world: World, command: SetFees): RefusalCode | null {
  const market = world.markets[command.market]
  if (market === undefined) return 'market.unknown'
  if (market.delisted) return 'market.delisted'
  const { tiers } = command
  if (!areValid(tiers)) return 'market.invalid'
  market.tiers = tiers
  emit(world, { kind: 'feesSet', market: command.market, tiers })
  return null
}

export function setMark(world: World, command: SetMark): RefusalCode | null {
  const { price } = command
  const market = world.markets[command.market]
  if (market === undefined) return 'market.unknown'
  if (market.delisted) return 'market.delisted'
  if (price < 1 || price > PRICE_TICKS_MAX) return 'order.price_out_of_band'
  if (price === market.mark) return null
  market.mark = price
  emit(world, { kind: 'markSet', market: command.market, price })
  return null
}

export function delistMarket(world: World, command: DelistMarket): RefusalCode | null {
  const market = world.markets[command.market]
  if (market === undefined) return 'market.unknown'
  if (market.delisted) return null
  market.delisted = true
  market.phase = 'closed'
  market.endsAt = 0
  market.uncrossPrice = 0
  emit(world, { kind: 'marketDelisted', market: command.market })
  return null
}

/** Cancels some of what is open in a delisted market. */
export function cancelDelisted(world: World, market: Market): void {
  const some = openIn(world, market).slice(0, CANCELS_PER_TICK_MAX)
  for (const order of some) cancel(world, order, 'market.delisted')
}

/** Everything open in a market, in the order in which delisting cancels it. */
export function openIn({ queue }: World, market: Market): Order[] {
  const inBook = [...inPriority(market, 'buy'), ...inPriority(market, 'sell')]
  const queued = queue.filter((order) => order.market === market)
  const armed = inFiringOrder(market).filter(({ stands }) => stands === 'nowhere')
  return [...inBook, ...queued, ...armed]
}

// Only the fields of rules, in their order: a command carries its stamp as well.
function rulesOf(command: SetMarket): SetMarket {
  const { kind, market, minNotional, collarBps, bandBps, bandWindowUs } = command
  const { haltUs, auctionUs, sessionOpenUs, sessionCloseUs } = command
  const prices = { minNotional, collarBps, bandBps, bandWindowUs }
  return { kind, market, ...prices, haltUs, auctionUs, sessionOpenUs, sessionCloseUs }
}

function areInvalid(rules: Omit<SetMarket, 'kind' | 'market'>): boolean {
  const { collarBps, bandBps, bandWindowUs, haltUs, auctionUs } = rules
  const { sessionOpenUs, sessionCloseUs } = rules
  if (collarBps > COLLAR_BPS_MAX || bandBps > BAND_BPS_MAX) return true
  if (bandBps > 0 && bandWindowUs === 0) return true
  if (Math.max(bandWindowUs, haltUs, auctionUs) > PHASE_MAX_US) return true
  return Math.max(sessionOpenUs, sessionCloseUs) >= DAY_US
}

function areValid(tiers: SetFees['tiers']): boolean {
  if (tiers.length < 1 || tiers.length > FEE_TIERS_MAX) return false
  return tiers.every(({ minNotional, makerRate, takerRate }, at) => {
    const before = tiers[at - 1]
    if (before === undefined ? minNotional !== 0 : minNotional <= before.minNotional) return false
    if (Math.abs(makerRate) > FEE_RATE_MAX) return false
    return takerRate >= 0 && takerRate <= FEE_RATE_MAX
  })
}
