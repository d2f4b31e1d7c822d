// Live state: the parts of the live views, filled from the engine's image.
//
// The image is what a fold over every event so far would give, except for what is over: finished
// orders, old trades and candles come from the database (seed.ts).

import type { EngineImage, ImageMarket, OpenOrder } from '#engine/image.ts'
import { createListing } from '../listing.ts'
import type { MarketState } from '../market-state.ts'
import { imageOrder } from '../order-row.ts'
import { createListeners } from './listeners.ts'
import { createLiveAccounts } from './live-accounts.ts'
import { createLiveMarkets } from './live-markets.ts'
import { createLiveOrders } from './live-orders.ts'
import { createLiveWithdrawals } from './live-withdrawals.ts'
import { createPrivateWindow } from './private-window.ts'

export type LiveState = ReturnType<typeof createLiveState>

export function createLiveState(image: EngineImage) {
  const state = {
    listing: createListing(),
    accounts: createLiveAccounts(),
    markets: createLiveMarkets(),
    orders: createLiveOrders(),
    withdrawals: createLiveWithdrawals(),
    window: createPrivateWindow(),
    listeners: createListeners(),
    chain: { instance: image.chainInstance },
  }
  for (const asset of image.assets) state.listing.listAsset(asset)
  for (const market of image.markets) {
    state.listing.listMarket(market)
    const start = { ...market, at: image.time, state: imageState(market) }
    state.markets.start(market.market, start)
  }
  for (const account of image.accounts) {
    state.accounts.open(account)
    state.window.start(account.account, account.accountSeq)
  }
  for (const balance of image.balances) state.accounts.setBalance(balance)
  for (const open of image.orders) {
    state.orders.put(imageOrder(open, image.eventNo))
    if (!open.resting) continue
    state.markets.get(open.market).book.change(open.side, ...imageLevel(open))
  }
  state.withdrawals.start(image.withdrawals, image.eventNo)
  return state
}

function imageState(market: ImageMarket): MarketState {
  const { rules, tiers, delisted, phase, endsAt, mark, uncrossPrice, indicative } = market
  return {
    market: market.market,
    ...rules,
    ...{ phase, endsAt, tiers, delisted, markPrice: mark },
    // While it uncrosses, what it trades at is what would be told.
    indicativePrice: uncrossPrice === 0 ? indicative.price : uncrossPrice,
    indicativeVolume: indicative.volume,
  }
}

/** The price at which an order stands and the lots that its level shows of it. */
function imageLevel({ price, shown }: OpenOrder): [number, number] {
  return [price, shown]
}
