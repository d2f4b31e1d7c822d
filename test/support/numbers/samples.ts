// Samples of numbers: commands of every kind, of which each number is tried at its edges.
//
// Types demand at least one of every kind. They fit the world after `numbersOpening`, in which is
// one of everything: a book around 100, orders of 16, a sub-account, a withdrawal, a reference.

import type { CommandBody, CommandKind } from '#engine/command.ts'
import * as limits from '#engine/limits.ts'
import { caller, faucet, limit, listMarket, market, opening } from '../commands.ts'
import { amend, order, phase, rules } from '../example.ts'

export const around = (edge: number) => [edge - 1, edge, edge + 1]
/** Limits of fields, by their names; prices end at 2^31. */
export const LIMITS: Readonly<Record<string, number>> = {
  ...{ account: limits.ACCOUNTS_MAX, from: limits.ACCOUNTS_MAX, to: limits.ACCOUNTS_MAX },
  ...{ closing: limits.ACCOUNTS_MAX, market: limits.MARKETS_MAX, asset: limits.ASSETS_MAX },
  ...{ base: limits.ASSETS_MAX, quote: limits.ASSETS_MAX, scale: limits.ASSET_SCALE_MAX },
  ...{ size: limits.SIZE_LOTS_MAX, displaySize: limits.SIZE_LOTS_MAX, lotUnits: 2 ** 53 - 1 },
  ...{ trail: limits.TRAIL_BPS_MAX, cancelAfterMs: limits.CANCEL_AFTER_MS_MAX },
  ...{ makerRate: limits.FEE_RATE_MAX, takerRate: limits.FEE_RATE_MAX },
  ...{ collarBps: limits.COLLAR_BPS_MAX, bandBps: limits.BAND_BPS_MAX },
  ...{ bandWindowUs: limits.PHASE_MAX_US, haltUs: limits.PHASE_MAX_US },
  ...{ auctionUs: limits.PHASE_MAX_US, sessionOpenUs: limits.PHASE_MAX_US },
  sessionCloseUs: limits.PHASE_MAX_US,
}

const who = { account: 16, ...caller('numbers') }
const token = { asset: 0, amount: 5 }
const extra = { displaySize: 2, triggerPrice: 90, stopPrice: 80, takeProfitPrice: 120 }

/** Of createWorld: the first order that stands, and a withdrawal. */
const ORDER = 15
const WITHDRAWAL = 18

/** At least one of every kind. */
export const SAMPLES: { readonly [K in CommandKind]: readonly object[] } = {
  place: [
    limit('buy', { price: 95 }),
    limit('sell', { price: 105 }),
    ...(['buy', 'sell'] as const).flatMap((side) => [
      market(side, { size: 3 }),
      market(side, { quoteAmount: 1_000 }),
      order(side, { type: 'stop' }, { triggerPrice: side === 'buy' ? 104 : 96 }),
      order(side, { type: 'stop-limit' }, { triggerPrice: side === 'buy' ? 104 : 96 }),
      order(side, { type: 'trailing-stop' }, { trail: 4 }),
      order(side, { type: 'trailing-stop' }, { trail: 40, trailIn: 'bps' }),
      order(side, { timeInForce: 'GTD' }, { expireAt: 1_800_000_000_000_000, feeIn: 'received' }),
    ]),
    order('sell', { type: 'oco', price: 110 }, { triggerPrice: 90, stopPrice: 85 }),
    order('sell', {}, { displaySize: 2, session: 1, key: 1 }),
    order('sell', {}, { reduceOnly: true }),
    order('buy', { price: 99 }, { ...extra, displaySize: 0 }),
  ],
  amend: [amend(ORDER, { price: 98, size: 12 })],
  cancel: [{ kind: 'cancel', account: 16, orderId: ORDER }],
  cancelAll: [{ kind: 'cancelAll', account: 16, market: 0, side: null }],
  cancelSession: [{ kind: 'cancelSession', account: 16, session: 1 }],
  cancelAfter: [{ kind: 'cancelAfter', account: 16, key: 1, cancelAfterMs: 5 }],
  tick: [{ kind: 'tick' }],
  listAsset: [{ kind: 'listAsset', symbol: 'SOL', scale: 6, chainDecimals: 9 }],
  listMarket: [listMarket('SOL-USD', 2)],
  setMarket: [rules({ collarBps: 100, bandBps: 100, bandWindowUs: 1_000, haltUs: 5 })],
  setFees: [
    { kind: 'setFees', market: 0, tiers: [tier(0, 5, 7), tier(10, -5, 6), tier(20, 1, 5)] },
  ],
  setPhase: [phase('halted', 1_800_000_000_000_000)],
  setMark: [{ kind: 'setMark', market: 0, price: 100 }],
  delistMarket: [{ kind: 'delistMarket', market: 1 }],
  freezeAccount: [{ kind: 'freezeAccount', account: 17, frozen: true }],
  openAccount: [{ kind: 'openAccount', userId: 'dan' }],
  openSubAccount: [{ kind: 'openSubAccount', name: 'bot', requestId: 'a', ...who }],
  closeAccount: [{ kind: 'closeAccount', closing: 19, requestId: 'b', ...who }],
  transfer: [{ kind: 'transfer', from: 16, to: 19, requestId: 'c', ...token, ...who }],
  faucet: [{ kind: 'faucet', requestId: 'd', amounts: [token, { ...token, asset: 1 }], ...who }],
  issue: [{ kind: 'issue', ...token }],
  credit: [{ kind: 'credit', account: 16, ...token, instance: 'i', txHash: '0x1', logIndex: 0 }],
  requestWithdrawal: [
    { kind: 'requestWithdrawal', fee: 1, address: '0x', requestId: 'e', ...token, ...who },
  ],
  signWithdrawal: [
    { kind: 'signWithdrawal', withdrawalId: WITHDRAWAL, instance: 'i', nonce: 1, ...signed('0x1') },
  ],
  settleWithdrawal: [{ kind: 'settleWithdrawal', withdrawalId: WITHDRAWAL, txHash: '0x1' }],
  failWithdrawal: [{ kind: 'failWithdrawal', withdrawalId: WITHDRAWAL }],
  chainReset: [{ kind: 'chainReset', instance: 'i' }],
}

function tier(minNotional: number, makerRate: number, takerRate: number) {
  return { minNotional, makerRate, takerRate }
}

function signed(txHash: string) {
  return { txHash, rawTransaction: '0x02' }
}

/** A book around 100, orders of 16, a sub-account, a withdrawal, a reference: one of everything. */
export function numbersOpening(): CommandBody[] {
  return [
    ...opening(1_000_000_000),
    limit('sell', { account: 16, price: 103, size: 10 }),
    limit('buy', { account: 17, price: 97, size: 50 }),
    limit('sell', { account: 17, price: 101, size: 50 }),
    { kind: 'requestWithdrawal', fee: 1, address: '0x', requestId: 'w', ...token, ...who } as never,
    { kind: 'openSubAccount', name: 'sub', requestId: 's', ...who } as never,
    limit('buy', { account: 18, price: 101, size: 1 }),
    rules({ collarBps: 200 }),
    faucet(18, 1_000_000),
  ]
}

/** Paths of all numbers in a body. */
export function numbersIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value === 'number') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => numbersIn(one, [...path, name]))
}

/** The body with another number at a path. */
export function withNumber(
  value: unknown,
  [name, ...rest]: readonly string[],
  number: number,
): unknown {
  if (name === undefined) return number
  const fields = value as Record<string, unknown>
  const changed = withNumber(fields[name], rest, number)
  if (!Array.isArray(value)) return { ...fields, [name]: changed }
  return value.map((item, at) => (String(at) === name ? changed : item))
}
