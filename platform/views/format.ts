// Format: rows as the API's JSON, money as decimal strings in the scales of asset and market.
//
// One function a shape, used by REST and stream alike, so that both say the same. Ids are numbers,
// names of assets and markets are symbols, instants are microseconds.

import type { BalanceRow } from '#engine/image.ts'
import type { AccountId } from '#kernel/ids.ts'
import { amountText, averagePriceText, priceText, sizeText } from './decimals.ts'
import type { FillRow } from './fill-row.ts'
import { isPlain, type OrderTermsJson, orderTermsJson } from './format-terms.ts'
import type {
  CandleRow,
  DepositRow,
  LedgerRow,
  PreventedRow,
  TradeRow,
  WithdrawalRow,
} from './history-rows.ts'
import type { Asset, Listing, Market } from './listing.ts'
import type { AccountRow } from './live/live-accounts.ts'
import { type OrderRow, paysInBase } from './order-row.ts'

export function orderJson(listing: Listing, row: OrderRow) {
  const market = listing.market(row.market)
  const terms: OrderTermsJson = isPlain(row) ? {} : orderTermsJson(market, row)
  return {
    id: row.id,
    clientOrderId: row.clientOrderId === '' ? null : row.clientOrderId,
    account: row.account,
    market: market.symbol,
    side: row.side,
    type: row.type,
    timeInForce: row.timeInForce,
    price: row.price === 0 ? null : priceText(market, row.price),
    size: row.size === 0 ? null : sizeText(market, row.size),
    ...(row.quoteAmount === 0 ? {} : { quoteAmount: amountText(market.quote, row.quoteAmount) }),
    filled: sizeText(market, row.traded),
    remaining: sizeText(market, row.remaining),
    quoteFilled: amountText(market.quote, row.quoteTraded),
    averagePrice: averagePriceText(market, row.quoteTraded, row.traded),
    ...feeJson(market, row.fee, paysInBase(row)),
    status: row.status,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...terms,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function feeJson({ base, quote }: Market, fee: number, inBase: boolean) {
  const asset = inBase ? base : quote
  return { fee: amountText(asset, fee), feeAsset: asset.symbol }
}

export function fillJson(listing: Listing, row: FillRow) {
  const market = listing.market(row.market)
  return {
    id: row.tradeId,
    orderId: row.orderId,
    clientOrderId: row.clientOrderId === '' ? null : row.clientOrderId,
    account: row.account,
    market: market.symbol,
    side: row.side,
    price: priceText(market, row.price),
    size: sizeText(market, row.size),
    ...feeJson(market, row.fee, row.feeInBase),
    liquidity: row.liquidity,
    at: row.at,
  }
}

/** With the sides of accounts that the reader may see. */
export function preventedJson(
  listing: Listing,
  row: PreventedRow,
  covers: (account: AccountId) => boolean,
) {
  const market = listing.market(row.market)
  const isTaker = covers(row.takerAccount)
  const isMaker = covers(row.makerAccount)
  return {
    id: row.eventNo,
    market: market.symbol,
    price: priceText(market, row.price),
    size: sizeText(market, row.size),
    selfTrade: row.selfTrade,
    takerSide: row.takerSide,
    takerOrderId: isTaker ? row.takerOrderId : null,
    takerAccount: isTaker ? row.takerAccount : null,
    makerOrderId: isMaker ? row.makerOrderId : null,
    makerAccount: isMaker ? row.makerAccount : null,
    at: row.at,
  }
}

export function balanceJson(listing: Listing, row: BalanceRow) {
  const asset = listing.asset(row.asset)
  return {
    account: row.account,
    asset: asset.symbol,
    available: amountText(asset, row.cash - row.held),
    held: amountText(asset, row.held),
    total: amountText(asset, row.cash),
  }
}

export function tradeJson(listing: Listing, row: TradeRow) {
  const market = listing.market(row.market)
  return {
    id: row.id,
    price: priceText(market, row.price),
    size: sizeText(market, row.size),
    takerSide: row.takerSide,
    at: row.at,
  }
}

/** [price, size] of levels given as ticks and lots; a size of 0 is "0". */
export function levelsJson(
  market: Market,
  levels: readonly (readonly [number, number])[],
): [string, string][] {
  return levels.map(([price, size]) => [
    priceText(market, price),
    size === 0 ? '0' : sizeText(market, size),
  ])
}

export function candleJson(market: Market, row: CandleRow & { readonly backfilled?: boolean }) {
  return {
    openAt: row.openAt,
    open: priceText(market, row.open),
    high: priceText(market, row.high),
    low: priceText(market, row.low),
    close: priceText(market, row.close),
    volume: sizeText(market, row.volume),
    trades: row.trades,
    ...(row.backfilled === true ? { backfilled: true } : {}),
  }
}

export function ledgerJson(listing: Listing, row: LedgerRow) {
  const asset = listing.asset(row.asset)
  const trade = row.market === null ? undefined : listing.market(row.market).symbol
  return {
    eventNo: row.eventNo,
    account: row.account,
    asset: asset.symbol,
    amount: amountText(asset, row.amount),
    balance: amountText(asset, row.balance),
    kind: row.kind,
    /** 'BTC-USDC:17' for trade 17 of a market, else a withdrawal's id or a command's seq. */
    reference: trade === undefined ? String(row.reference) : `${trade}:${row.reference}`,
    at: row.at,
  }
}

export function depositJson(listing: Listing, row: DepositRow) {
  const asset = listing.asset(row.asset)
  return {
    id: row.eventNo,
    account: row.account,
    asset: asset.symbol,
    amount: amountText(asset, row.amount),
    txHash: row.txHash,
    logIndex: row.logIndex,
    at: row.at,
  }
}

export function withdrawalJson(listing: Listing, row: WithdrawalRow) {
  const asset = listing.asset(row.asset)
  return {
    id: row.id,
    account: row.account,
    asset: asset.symbol,
    amount: amountText(asset, row.amount),
    fee: amountText(asset, row.fee),
    address: row.address,
    requestId: row.requestId,
    status: row.status,
    ...(row.txHash === null ? {} : { txHash: row.txHash }),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

export function accountJson(row: Pick<AccountRow, 'account' | 'accountKind' | 'name'> & Marks) {
  const { account: id, accountKind: kind, name, frozen, closed } = row
  return { id, kind, name, ...(frozen ? { frozen } : {}), ...(closed ? { closed } : {}) }
}

type Marks = { readonly frozen?: boolean; readonly closed?: boolean }

/** Without `chain.token`: its address is the wallet's to know. */
export function assetJson(asset: Asset) {
  const { symbol, scale, chainDecimals } = asset
  return chainDecimals < 0
    ? { symbol, scale }
    : { symbol, scale, chain: { decimals: chainDecimals } }
}
