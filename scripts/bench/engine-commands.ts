// Engine commands: workload W1 as the encoded commands that the sequencer would apply.
//
// Bids come from accounts 0 to 499 and asks from 500 to 999 (command number modulo 500), each a
// customer of its own, funded before, so that self-trade prevention never fires. Every order has a
// clientOrderId and a body hash of its own.

import { type Cells, createCells, encodeCommand } from '#engine/codec.ts'
import type { Command, CommandBody } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { CANCEL, MARKET, type Workload } from './workload.ts'

export const ACCOUNTS = 1000
const SIDE_ACCOUNTS = 500
const FIRST_ACCOUNT = 16
const FUNDS = 1_000_000_000_000
const START_US = 1_700_000_000_000_000
const STEP_US = 10

/** Encoded commands: `at` is the cell of each, `setUp` how many come before the workload. */
export type EngineCommands = {
  readonly cells: Cells
  readonly at: Int32Array
  readonly setUp: number
}

/** The opening of the exchange, then the workload. */
export function encodeWorkload(workload: Workload): EngineCommands {
  const opening = openingCommands()
  const total = opening.length + workload.count
  const cells = createCells(opening.length * 4 + workload.count * 2)
  const at = new Int32Array(total + 1)
  for (let i = 0; i < total; i += 1) {
    const command = commandAt(opening, workload, i)
    at[i + 1] = (at[i] ?? 0) + encodeCommand(command, cells, at[i] ?? 0)
  }
  return { cells, at, setUp: opening.length }
}

/** Command number i, opening and workload together. */
function commandAt(opening: readonly CommandBody[], workload: Workload, i: number): Command {
  const body = opening[i] ?? bodyOf(workload, i - opening.length, opening.length)
  return { ...body, seq: i + 1, time: asMicros(START_US + i * STEP_US) }
}

function bodyOf(workload: Workload, i: number, setUp: number): CommandBody {
  const { kind, target } = workload
  if (kind[i] !== CANCEL) return placeOf(workload, i, setUp)
  const order = target[i] ?? 0
  return {
    kind: 'cancel',
    account: asId(accountOf(workload, order)),
    orderId: asId(setUp + order + 1),
  }
}

function placeOf(workload: Workload, i: number, setUp: number): CommandBody {
  const isMarket = workload.kind[i] === MARKET
  return {
    kind: 'place',
    account: asId(accountOf(workload, i)),
    market: asId(0),
    side: workload.side[i] === 0 ? 'buy' : 'sell',
    type: isMarket ? 'market' : 'limit',
    timeInForce: isMarket ? 'IOC' : 'GTC',
    postOnly: false,
    selfTrade: 'cancel-taker',
    price: asUnit(workload.price[i] ?? 0),
    size: asUnit(workload.size[i] ?? 0),
    quoteAmount: asUnit(0),
    clientOrderId: `order-${i}`,
    ...caller(`${i}`, setUp + i),
  }
}

function accountOf(workload: Workload, i: number): number {
  const side = workload.side[i] ?? 0
  return FIRST_ACCOUNT + side * SIDE_ACCOUNTS + (i % SIDE_ACCOUNTS)
}

function caller(body: string, i: number) {
  const sentAt = asMicros(START_US + i * STEP_US)
  return { sentAt, sentAtGiven: true, bodyHash: body.padEnd(24, 'hash').slice(0, 24) }
}

function openingCommands(): CommandBody[] {
  const assets = ['USD', 'BTC'].map(
    (symbol): CommandBody => ({ kind: 'listAsset', symbol, scale: 6, chainDecimals: -1 }),
  )
  const issues = [0, 1].map(
    (asset): CommandBody => ({
      kind: 'issue',
      asset: asId(asset),
      amount: asUnit(FUNDS * ACCOUNTS),
    }),
  )
  const accounts = Array.from({ length: ACCOUNTS }, (_, i): CommandBody[] => [
    { kind: 'openAccount', userId: `u${i}` },
    fundingOf(i),
  ])
  return [...assets, marketListing(), ...issues, ...accounts.flat()]
}

function marketListing(): CommandBody {
  return {
    kind: 'listMarket',
    symbol: 'BTC-USD',
    marketKind: 'spot',
    base: asId(1),
    quote: asId(0),
    priceScale: 0,
    tickUnits: 1,
    lotUnits: 1,
    minNotional: asUnit(1),
    makerRate: asUnit(200),
    takerRate: asUnit(500),
  }
}

function fundingOf(i: number): CommandBody {
  const amounts = [0, 1].map((asset) => ({
    asset: asId<never>(asset),
    amount: asUnit<never>(FUNDS),
  }))
  const account = asId<never>(FIRST_ACCOUNT + i)
  return { kind: 'faucet', account, requestId: '', amounts, ...caller(`fund ${i}`, i) }
}
