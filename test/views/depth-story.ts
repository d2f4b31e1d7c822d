// Depth story: one small market through every kind of event that the full engine has.
//
// 1 lot = 10,000 units of ETH, one tick times one lot is one unit of USDC. Alice sells an iceberg,
// Bob pays his fee in what he receives; an oco is triggered, amended and filled in an auction; an
// order expires, a bracket's exit opens. Ids are the seqs of the commands.

import type { OrderAccepted, OrderRested } from '#engine/event.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { amended, exitOpened, extra, MARKET_EVENTS, refreshed, triggered } from './depth-events.ts'
import type { EventLog } from './event-log.ts'
import {
  ALICE,
  ALICE_SUB,
  BOB,
  cancelled,
  createSmallMarket,
  deposit,
  ETH,
  MARKET,
  rested,
  type SmallMarket,
  USDC,
} from './small-market.ts'

const ASK = 300_000
const sale = (price: number, size: number) =>
  ({
    account: ALICE,
    side: 'sell',
    price: asUnit<never>(price),
    size: asUnit<never>(size),
  }) as const
const purchase = (price: number, size: number) =>
  ({ account: BOB, side: 'buy', price: asUnit<never>(price), size: asUnit<never>(size) }) as const
const FEES = 2

export type Story = {
  readonly log: EventLog
  readonly ids: Record<'iceberg' | 'taker' | 'oco' | 'gtd' | 'exit' | 'bid', number>
  /** How many events there are after each chapter. */
  readonly after: Record<'iceberg' | 'oco' | 'market' | 'auction', number>
}

export function tellStory(): Story {
  const market = createSmallMarket()
  const { log } = market
  const told = () => log.events.length
  deposit(market, { account: ALICE, asset: ETH, amount: 5_000_000, total: 5_000_000 })
  deposit(market, { account: BOB, asset: USDC, amount: 10_000_000, total: 10_000_000 })
  const bought = tellIceberg(market)
  const iceberg = told()
  const sold = tellOco(market)
  const oco = told()
  for (const event of MARKET_EVENTS) log.command(event)
  const ofMarket = told()
  const bid = tellAuction(market, sold.oco)
  const auction = told()
  tellEnd(market, bought.iceberg)
  return {
    log,
    ids: { ...bought, ...sold, bid },
    after: { iceberg, oco, market: ofMarket, auction },
  }
}

function tellIceberg(market: SmallMarket) {
  const { log, accept, fill, balance } = market
  const iceberg = place(
    market,
    { ...sale(ASK, 100), extra: extra({ displaySize: asUnit(10) }) },
    10,
  )
  const terms = { ...purchase(ASK, 10), timeInForce: 'IOC' } as const
  const ids = { makerOrderId: asId<never>(iceberg), takerOrderId: asId<never>(iceberg + 1) }
  const taker = log.command(
    accept({ ...terms, extra: extra({ feeIn: 'received' }) }),
    fill({
      ...{ ...ids, size: asUnit(10), makerRemaining: asUnit(90) },
      ...{ makerFee: asUnit(600), takerFee: asUnit(50), takerFeeInBase: true },
    }),
    refreshed(market, { id: iceberg, price: asUnit(ASK), added: asUnit(10) }),
    balance(FEES, USDC, 600),
    balance(FEES, ETH, 50),
    balance(ALICE, USDC, 2_999_400),
    balance(ALICE, ETH, 4_900_000, 900_000),
    balance(BOB, USDC, 7_000_000),
    balance(BOB, ETH, 99_950),
  )
  const less = { size: asUnit<never>(60), remaining: asUnit<never>(50) }
  const price = asUnit<never>(ASK)
  log.command(amended(market, { id: iceberg, price, oldPrice: price, ...less }))
  return { iceberg, taker }
}

function tellOco(market: SmallMarket) {
  const { log, accept } = market
  const limit = asUnit<never>(310_000)
  const [trigger, stop] = [asUnit<never>(295_000), asUnit<never>(294_000)]
  const shape = extra({ triggerPrice: trigger, stopPrice: stop })
  const oco = place(market, { ...sale(limit, 20), type: 'oco', extra: shape })
  const lots = { shown: asUnit<never>(20), remaining: asUnit<never>(20) }
  const where = { leftPrice: limit, price: stop, triggerPrice: trigger, reference: stop }
  log.command(triggered(market, { id: oco, ...where, ...lots }, 'book'))
  log.command(rested(market, oco, 'sell', stop)(20, ALICE))
  const price = asUnit<never>(296_000)
  log.command(
    amended(market, {
      id: oco,
      price,
      oldPrice: stop,
      triggerPrice: trigger,
      size: lots.shown,
      ...lots,
    }),
    rested(market, oco, 'sell', price)(20, ALICE),
  )
  const gtd = place(market, {
    ...purchase(200_000, 5),
    timeInForce: 'GTD',
    extra: extra({ expireAt: asMicros(log.released().time + 5_000) }),
  })
  const rest = { account: BOB, side: 'buy', price: 200_000, remaining: 5 } as const
  log.command(cancelled(market, { id: gtd, ...rest }, 'order.expired'))
  const protectedBy = { takeProfitPrice: asUnit<never>(320_000), triggerPrice: asUnit<never>(100) }
  const entry = log.command(
    accept({ account: ALICE, price: asUnit(100_000), size: asUnit(9), extra: extra(protectedBy) }),
  )
  const exitPrice = asUnit<never>(320_000)
  const exit = exitOpened(market, {
    id: entry,
    price: exitPrice,
    size: asUnit(3),
    triggerPrice: asUnit(100),
  })
  log.command(exit, rested(market, exit.orderId, 'sell', exitPrice)(3, ALICE))
  return { oco, gtd, exit: exit.orderId }
}

/** Both stand in the book: the levels lose the size each at its own order's price. */
function tellAuction(market: SmallMarket, oco: number): number {
  const { log, fill, balance } = market
  const bid = place(market, purchase(299_000, 12))
  const [price, lots] = [asUnit<never>(297_000), asUnit<never>(12)]
  log.command(
    { kind: 'uncrossed', market: MARKET, price, volume: lots },
    fill({
      ...{ makerOrderId: asId(oco), takerOrderId: asId(bid), auction: true, price, size: lots },
      ...{ makerRemaining: asUnit(8), makerFee: asUnit(700), takerFee: asUnit(700) },
    }),
    {
      kind: 'phaseChanged',
      market: MARKET,
      phase: 'continuous',
      endsAt: asMicros(0),
      reason: 'uncross',
    },
    balance(FEES, USDC, 2_000),
    balance(ALICE, USDC, 6_562_700),
    balance(ALICE, ETH, 4_780_000, 580_000),
    balance(BOB, USDC, 3_435_300),
    balance(BOB, ETH, 219_950),
  )
  return bid
}

function tellEnd({ log }: SmallMarket, iceberg: number): void {
  log.command({
    ...{ kind: 'prevented', market: MARKET, takerSide: 'buy', selfTrade: 'cancel-taker' },
    ...{ price: asUnit(ASK), size: asUnit(4), makerOrderId: asId(iceberg), takerOrderId: asId(7) },
    ...{ makerAccount: ALICE, takerAccount: ALICE_SUB },
  })
  log.command({ kind: 'accountFrozen', account: BOB, frozen: true })
  log.command({ kind: 'accountFrozen', account: ALICE, frozen: true })
  log.command({ kind: 'accountFrozen', account: ALICE, frozen: false })
  log.command({ kind: 'accountClosed', account: ALICE_SUB })
  log.command({ kind: 'deadManSet', account: BOB, key: 3, dueAt: asMicros(9) })
  log.command({ kind: 'deadManFired', account: BOB, key: 3 })
  log.command({ kind: 'marketDelisted', market: MARKET })
}

type Terms = Partial<OrderAccepted> & Pick<OrderAccepted, 'account' | 'side' | 'price' | 'size'>

/** Accepted and rested at once; an iceberg shows less. */
function place(market: SmallMarket, terms: Terms, shown: number = terms.size): number {
  const accepted = market.accept(terms)
  const id = (market.log.events.at(-1)?.seq ?? 0) + 1
  const { side, price, size, account } = terms
  const rest: OrderRested = rested(market, id, side, price)(size, account)
  return market.log.command(accepted, { ...rest, shown: asUnit(shown) })
}
