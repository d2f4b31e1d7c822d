// Crash: a book full of stops below the price, and one giant market sale into it (GDAX, 2017).
//
// A seed chooses how many stops of which kinds, how thin the bids are, and the rules of the market.
// Accounts of stops have as many open orders as they may; 16 sells, 17 bids, 18 comes by.

import type { CommandBody, MarketRules } from '#engine/command.ts'
import { OPEN_ORDERS_PER_ACCOUNT_MAX, TRAILING_PER_OWNER_MAX } from '#engine/limits.ts'
import { asId } from '#kernel/ids.ts'
import type { Random } from '#scripts/campaigns/random.ts'
import { faucet, limit, market, openAccount, opening } from '../commands.ts'
import { order, rules } from '../example.ts'

export const SELLER = 16
export const BIDDER = 17
export const PASSER = 18
const FIRST_STOPS = 19
const FUNDS = 30_000_000_000
const PER_ACCOUNT = OPEN_ORDERS_PER_ACCOUNT_MAX - 50
/** $317.81, as on that day. */
const PRICE = 31_781

export type Rules = Pick<
  MarketRules,
  'collarBps' | 'bandBps' | 'bandWindowUs' | 'haltUs' | 'auctionUs'
>

export type Crash = {
  readonly rules: Rules
  readonly stops: number
  /** Everything that stands before the sale. */
  readonly before: readonly CommandBody[]
  readonly sale: CommandBody
}

export function crashOf({ below, pick }: Random, stops: number): Crash {
  const chosen: Rules = {
    collarBps: pick([100, 300, 500, 1_000]),
    bandBps: pick([0, 500, 1_000, 1_000, 2_000]),
    bandWindowUs: pick([100_000, 1_000_000, 60_000_000]),
    haltUs: pick([0, 300_000, 1_000_000]),
    auctionUs: pick([200_000, 500_000]),
  }
  const accounts = Math.ceil(stops / PER_ACCOUNT)
  const users = Array.from({ length: accounts }, (_, nth) => FIRST_STOPS + nth)
  const bids = Array.from({ length: 300 + below(600) }, () => {
    // Most of them near; what is thin lies below.
    const away = below(10) === 0 ? below(PRICE - 10) : below(pick([300, 3_000, 12_000]))
    return limit('buy', { account: BIDDER, price: PRICE - away - 1, size: 1 + below(60) })
  })
  const armed = Array.from({ length: stops }, (_, nth) => {
    const account = FIRST_STOPS + Math.floor(nth / PER_ACCOUNT)
    return stopOf({ below, pick }, account, nth % PER_ACCOUNT < TRAILING_PER_OWNER_MAX)
  })
  return {
    rules: chosen,
    stops,
    before: [
      ...opening(FUNDS),
      ...users.flatMap((account) => [openAccount(`user-${account}`), faucet(account, FUNDS)]),
      rules({ collarBps: chosen.collarBps }),
      limit('sell', { account: BIDDER, price: PRICE, size: 1 }),
      limit('buy', { account: PASSER, price: PRICE, size: 1 }),
      ...bids,
      ...armed,
      rules(chosen),
    ],
    sale: market('sell', { account: SELLER, size: 1_000_000 }),
  }
}

/** Most have no limit; some have one, follow the price, or stand above as well. */
function stopOf(
  { below, pick }: Pick<Random, 'below' | 'pick'>,
  account: number,
  mayTrail: boolean,
) {
  const away = 1 + below(pick([300, 3_000, 15_000]))
  const triggerPrice = PRICE - away
  const size = 1 + below(40)
  const kind = below(12)
  if (kind === 0 && mayTrail) {
    const type = 'trailing-stop'
    return order('sell', { type, account, size, price: 0 }, { trail: away })
  }
  if (kind === 1) {
    const price = Math.max(1, triggerPrice - below(50))
    return order('sell', { type: 'stop-limit', account, size, price }, { triggerPrice })
  }
  if (kind === 2) {
    const price = PRICE + 1 + below(500)
    return order('sell', { type: 'oco', account, size, price }, { triggerPrice })
  }
  return order('sell', { type: 'stop', account, size, price: 0 }, { triggerPrice })
}

/** A customer who comes by: he looks, buys a little, or bids a little below. */
export function passerBy({ below, pick }: Random, last: number): CommandBody {
  const price = Math.max(1, last - below(40) + 20)
  const size = 1 + below(30)
  const order = limit('buy', { account: PASSER, price, size })
  const all = { kind: 'cancelAll', account: asId<never>(PASSER), market: null, side: null } as const
  return pick<CommandBody>([order, order, all, limit('sell', { account: SELLER, price, size: 1 })])
}
