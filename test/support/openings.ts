// Openings: what stands before the first intent of a random run.
//
// Account 19 is a sub-account of 16. Market 0 is coarse, with high fees, collars and bands; market
// 1 is fine and has no rules. A crowd fills whatever has a limit, so that limits are met.

import type { CommandBody, PlaceOrder } from '#engine/command.ts'
import {
  DEAD_MANS_PER_ACCOUNT_MAX,
  FILLS_PER_COMMAND_MAX,
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  SUB_ACCOUNTS_MAX,
  TRAILING_PER_MARKET_MAX,
  TRAILING_PER_OWNER_MAX,
} from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { caller, faucet, issue, limit, listAsset, listMarket, openAccount } from './commands.ts'
import { NO_EXTRA } from './model/no-extra.ts'
import type { Scale } from './scale.ts'

const STOPS = 150

/** Assets, markets, accounts and funds. */
export function plainOpening({ funds }: Scale): CommandBody[] {
  const fine = { lotUnits: 1, minNotional: 1, makerRate: 137, takerRate: 1_003 }
  return [
    ...['USD', 'BTC', 'ETH'].map(listAsset),
    listMarket('BTC-USD', 1),
    listMarket('ETH-USD', 2, fine),
    ...[0, 1, 2].map((asset) => issue(asset, funds * 6)),
    ...['ann', 'bob', 'cid'].map(openAccount),
    sub(16, 'sub'),
    ...[16, 17, 18, 19].map((account) => faucet(account, funds)),
  ]
}

/** The same, with rules for market 0, and a crowd where the world has one. */
export function openingOf(scale: Scale): CommandBody[] {
  return [...plainOpening(scale), rules(), ...(scale.crowd ? crowd() : [])]
}

function rules(): CommandBody {
  const times = { bandWindowUs: 100_000, haltUs: 15_000, auctionUs: 6_000 }
  const day = { sessionOpenUs: 0, sessionCloseUs: 0 }
  const bps = { collarBps: 300, bandBps: 400 }
  return { kind: 'setMarket', market: asId(0), minNotional: asUnit(10), ...bps, ...times, ...day }
}

function sub(account: number, id: string): CommandBody {
  const asking = { name: 'bot', requestId: id, ...caller(id) }
  return { kind: 'openSubAccount', account: asId(account), ...asking }
}

// Accounts 20 to 27 are more customers; orders of the first two are the crowd. 17's stops fire
// together.
function crowd(): CommandBody[] {
  const asks = count(FILLS_PER_COMMAND_MAX + 200).map((nth) =>
    limit('sell', { account: 20 + (nth % 2), price: 100 + (nth % 3), size: 1 }),
  )
  const bids = count(OPEN_ORDERS_PER_ACCOUNT_MAX - FILLS_PER_COMMAND_MAX / 2 - 100).map((nth) =>
    limit('buy', { account: 20, price: 98 - (nth % 3), size: 1 }),
  )
  const tooMany = [limit('buy', { account: 20, price: 95, size: 1 })]
  const first = [limit('buy', { account: 18, price: 99, size: 5 })]
  const trade = [limit('sell', { account: 16, price: 99, size: 1 })]
  const stops = count(STOPS).map((nth) => stop(17, 97 - (nth % 2)))
  const timers = count(DEAD_MANS_PER_ACCOUNT_MAX).map((nth) => timer(18, nth + 10))
  const subs = count(SUB_ACCOUNTS_MAX).map((nth) => sub(18, `sub-${nth}`))
  const people = ['dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'jon', 'kim'].map(openAccount)
  const rich = [20, 21].map((account) => faucet(account, 1_000_000))
  const followers = [22, 23, 24, 25, 26, 27].map((account) => faucet(account, 100_000))
  return [
    ...people,
    ...rich,
    ...followers,
    ...asks,
    ...bids,
    ...tooMany,
    ...first,
    ...trade,
    ...stops,
    ...trails(),
    ...timers,
    ...subs,
  ]
}

function stop(account: number, triggerPrice: number): PlaceOrder {
  const extra = { ...NO_EXTRA, triggerPrice: asUnit<never>(triggerPrice) }
  return { ...limit('sell', { account, price: 0, size: 1 }), type: 'stop', extra }
}

// Owners and the market have as many as they may; then those of one owner go, and there is room for
// all but the owner of 16 and 19, whose trailing stops are too far away to fire.
function trails(): CommandBody[] {
  const own = count(TRAILING_PER_OWNER_MAX)
  const followers = count(TRAILING_PER_MARKET_MAX / own.length - 1).map((nth) => nth + 21)
  return [
    ...own.map((nth) => trail(nth % 2 === 0 ? 16 : 19, 40)),
    trail(19, 40),
    ...followers.flatMap((account) => own.map(() => trail(account, 3))),
    trail(17, 3),
    { kind: 'cancelAll', account: asId(27), market: asId(0), side: null },
  ]
}

function trail(account: number, away: number): PlaceOrder {
  const extra = { ...NO_EXTRA, trail: away }
  return { ...limit('sell', { account, price: 0, size: 1 }), type: 'trailing-stop', extra }
}

function timer(account: number, key: number): CommandBody {
  return { kind: 'cancelAfter', account: asId(account), key, cancelAfterMs: 3_600_000 }
}

function count(many: number): number[] {
  return Array.from({ length: many }, (_, nth) => nth)
}
