// A small market: ETH-USDC with two customers, and the events that their orders make.
//
// Numbers are chosen by hand so that a test can be read: 1 lot = 0.0001 ETH, 1 tick = 0.01 USDC,
// one tick times one lot is one unit of USDC (scale 6).

import type { BalanceChanged, Fill, OrderAccepted } from '#engine/event.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { createEventLog, type EventLog } from './event-log.ts'

export const USDC = asId<never>(0)
export const ETH = asId<never>(1)
export const MARKET = asId<never>(0)
export const ALICE = asId<never>(16)
export const BOB = asId<never>(17)
export const ALICE_SUB = asId<never>(18)

type Numbers = { account: Map<number, number>; book: number; trade: number }

export type SmallMarket = {
  readonly log: EventLog
  accept(order: Partial<OrderAccepted> & Pick<OrderAccepted, 'account'>): OrderAccepted
  fill(fill: Partial<Fill> & Pick<Fill, 'makerOrderId' | 'takerOrderId'>): Fill
  balance(account: number, asset: number, cash: number, held?: number): BalanceChanged
  seqOf(account: number, takes: number): number
  bookNumber(): number
}

/** Lists assets and market and opens the accounts; deposits are the test's. */
export function createSmallMarket(): SmallMarket {
  const log = createEventLog()
  const numbers: Numbers = { account: new Map(), book: 0, trade: 0 }
  const seqOf = (account: number, takes: number): number => {
    const first = (numbers.account.get(account) ?? 0) + 1
    numbers.account.set(account, first + takes - 1)
    return first
  }
  const next = (counter: 'book' | 'trade'): number => {
    numbers[counter] += 1
    return numbers[counter]
  }
  const bookNumber = (): number => next('book')
  list(log)
  return {
    log,
    seqOf,
    bookNumber,
    accept: (order) => accepted({ accountSeq: seqOf(order.account, 1), ...order }),
    fill: (fill) => {
      const event = { ...FILL, ...fill }
      return {
        ...event,
        tradeId: next('trade'),
        makerAccountSeq: seqOf(event.makerAccount, 2),
        takerAccountSeq: seqOf(event.takerAccount, 2),
        bookNumber: bookNumber(),
      }
    },
    balance: (account, asset, cash, held = 0) => ({
      kind: 'balance',
      account: asId(account),
      accountSeq: seqOf(account, 1),
      asset: asId(asset),
      cash: asUnit(cash),
      held: asUnit(held),
    }),
  }
}

export function rested(market: SmallMarket, orderId: number, side: 'buy' | 'sell', price: number) {
  return (remaining: number, account: number) =>
    ({
      kind: 'rested',
      orderId: asId<never>(orderId),
      account: asId<never>(account),
      market: MARKET,
      side,
      price: asUnit<never>(price),
      remaining: asUnit<never>(remaining),
      shown: asUnit<never>(remaining),
      bookNumber: market.bookNumber(),
    }) as const
}

export function cancelled(
  market: SmallMarket,
  order: { id: number; account: number; side: 'buy' | 'sell'; price: number; remaining: number },
  reason: RefusalCode,
  where: 'book' | 'outside' = 'book',
) {
  return {
    kind: 'cancelled',
    orderId: asId<never>(order.id),
    account: asId<never>(order.account),
    accountSeq: market.seqOf(order.account, 1),
    market: MARKET,
    side: order.side,
    price: asUnit<never>(order.price),
    remaining: asUnit<never>(order.remaining),
    shown: asUnit<never>(where === 'book' ? order.remaining : 0),
    reason,
    bookNumber: where === 'book' ? market.bookNumber() : 0,
  } as const
}

/** The two legs of money that comes from the chain account, with the balances after it. */
export function deposit(
  market: SmallMarket,
  { account, asset, amount, total }: Record<'account' | 'asset' | 'amount' | 'total', number>,
) {
  const reference = market.log.events.length
  const leg = { kind: 'posting', postingKind: 'deposit', asset: asId<never>(asset) } as const
  return market.log.command(
    { ...leg, account: asId(1), amount: asUnit(-amount), reference },
    { ...leg, account: asId(account), amount: asUnit(amount), reference },
    {
      kind: 'deposited',
      account: asId(account),
      asset: asId(asset),
      amount: asUnit(amount),
      instance: '0xabc',
      txHash: `0x${reference}`,
      logIndex: 3,
    },
    market.balance(1, asset, -total),
    market.balance(account, asset, amount),
  )
}

function list(log: EventLog): void {
  const usdc = { symbol: 'USDC', scale: 6, chainDecimals: 6 }
  log.command({ kind: 'assetListed', asset: USDC, ...usdc })
  const eth = { symbol: 'ETH', scale: 8, chainDecimals: 18 }
  log.command({ kind: 'assetListed', asset: ETH, ...eth })
  log.command({
    kind: 'marketListed',
    market: MARKET,
    symbol: 'ETH-USDC',
    marketKind: 'spot',
    base: ETH,
    quote: USDC,
    priceScale: 2,
    tickUnits: 1,
    lotUnits: 10_000,
    quotePerTickLot: 1,
    minNotional: asUnit(1_000_000),
    makerRate: asUnit(200),
    takerRate: asUnit(500),
  })
  const main = { kind: 'accountOpened', accountKind: 'main', name: 'main' } as const
  log.command({ ...main, account: ALICE, owner: ALICE, userId: 'alice' })
  log.command({ ...main, account: BOB, owner: BOB, userId: 'bob' })
  const sub = { accountKind: 'sub', userId: '', name: 'bot "1"' } as const
  log.command({ kind: 'accountOpened', account: ALICE_SUB, owner: ALICE, ...sub })
}

function accepted(order: Partial<OrderAccepted> & Pick<OrderAccepted, 'account'>): OrderAccepted {
  return {
    kind: 'accepted',
    accountSeq: 1,
    market: MARKET,
    side: 'buy',
    type: 'limit',
    timeInForce: 'GTC',
    postOnly: false,
    selfTrade: 'cancel-taker',
    price: asUnit(300_000),
    size: asUnit(10_000),
    quoteAmount: asUnit(0),
    makerRate: asUnit(200),
    takerRate: asUnit(500),
    clientOrderId: '',
    ...order,
  }
}

const FILL = {
  kind: 'fill',
  market: MARKET,
  takerSide: 'buy',
  price: asUnit<never>(300_000),
  size: asUnit<never>(10_000),
  makerAccount: ALICE,
  takerAccount: BOB,
  makerFee: asUnit<never>(0),
  takerFee: asUnit<never>(0),
  makerFeeInBase: false,
  takerFeeInBase: false,
  auction: false,
  makerRemaining: asUnit<never>(0),
  takerRemaining: asUnit<never>(0),
} as const
