// Commands for tests: short ways to write them, with the fields that rarely matter filled in.
//
// The opening lists two markets and opens three customers with funds; tests go on from there.

import type { Command, CommandBody, ListMarket, PlaceOrder, Side } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'

export const START_US = 1_700_000_000_000_000
export const FIRST_CUSTOMER = 16

/** A limit order of account 16 in market 0, unless told otherwise. */
export function limit(
  side: Side,
  { account = FIRST_CUSTOMER, price = 100, size = 10, ...more }: Partial<Plain<PlaceOrder>> = {},
): PlaceOrder {
  return order({ side, account, price, size, ...more })
}

/** A market order: immediate-or-cancel, by size or by quote amount. */
export function market(side: Side, more: Partial<Plain<PlaceOrder>>): PlaceOrder {
  return order({ side, type: 'market', timeInForce: 'IOC', ...more })
}

/** Stamps bodies with seq from 1 and times a millisecond apart. */
export function stampAll(bodies: readonly CommandBody[]): Command[] {
  return bodies.map((body, index) => stamp(body, index + 1))
}

export function stamp(body: CommandBody, seq: number, time = START_US + seq * 1000): Command {
  return { ...body, seq, time: asMicros(time) }
}

/** Assets 0 USD, 1 BTC, 2 ETH; markets 0 BTC-USD and 1 ETH-USD; customers 16, 17, 18 funded. */
export function opening(funds = 1_000_000): CommandBody[] {
  const assets = ['USD', 'BTC', 'ETH'].map((symbol) => listAsset(symbol))
  const issues = [0, 1, 2].map((asset) => issue(asset, 1_000_000_000_000))
  const users = ['ann', 'bob', 'cid'].map((userId) => openAccount(userId))
  const funding = [16, 17, 18].map((account) => faucet(account, funds))
  return [
    ...assets,
    listMarket('BTC-USD', 1),
    listMarket('ETH-USD', 2),
    ...issues,
    ...users,
    ...funding,
  ]
}

export function listAsset(symbol: string): CommandBody {
  return { kind: 'listAsset', symbol, scale: 6, chainDecimals: -1 }
}

/** Quote is asset 0; 1 tick x 1 lot = 3 quote units unless told otherwise. */
export function listMarket(
  symbol: string,
  base: number,
  more: Partial<Plain<ListMarket>> = {},
): CommandBody {
  return {
    kind: 'listMarket',
    symbol,
    marketKind: 'spot',
    base: asId(base),
    quote: asId(0),
    priceScale: 0,
    tickUnits: more.tickUnits ?? 1,
    lotUnits: more.lotUnits ?? 3,
    minNotional: asUnit(more.minNotional ?? 10),
    makerRate: asUnit(more.makerRate ?? 20_000),
    takerRate: asUnit(more.takerRate ?? 50_000),
  }
}

export function openAccount(userId: string): CommandBody {
  return { kind: 'openAccount', userId }
}

export function issue(asset: number, amount: number): CommandBody {
  return { kind: 'issue', asset: asId(asset), amount: asUnit(amount) }
}

/** The same amount of every one of the three assets, without a request id. */
export function faucet(account: number, amount: number): CommandBody {
  const amounts = [0, 1, 2].map((asset) => ({
    asset: asId<never>(asset),
    amount: asUnit<never>(amount),
  }))
  return { kind: 'faucet', account: asId(account), requestId: '', amounts, ...caller() }
}

/** sentAt and a hash of 24 characters, distinct per body. */
export function caller(body = 'body', sentAt = START_US) {
  return {
    sentAt: asMicros(sentAt),
    sentAtGiven: true,
    bodyHash: body.padEnd(24, '.').slice(0, 24),
  }
}

type Plain<T> = { [K in keyof T]: T[K] extends number ? number : T[K] }

function order(more: Partial<Plain<PlaceOrder>>): PlaceOrder {
  const { account = FIRST_CUSTOMER, market: of = 0, price = 0, size = 0, quoteAmount = 0 } = more
  const { body = '', at = START_US } = { body: more.bodyHash, at: more.sentAt }
  return {
    kind: 'place',
    account: asId(account),
    market: asId(of),
    side: more.side ?? 'buy',
    type: more.type ?? 'limit',
    timeInForce: more.timeInForce ?? 'GTC',
    postOnly: more.postOnly ?? false,
    selfTrade: more.selfTrade ?? 'cancel-taker',
    price: asUnit(price),
    size: asUnit(size),
    quoteAmount: asUnit(quoteAmount),
    clientOrderId: more.clientOrderId ?? '',
    ...caller(body, at),
    ...(more.extra === undefined ? {} : { extra: more.extra }),
  }
}
