// Numbers: every numeric field of every command at the edges, one field at a time.
//
// The engine refuses it with a code and changes nothing of business (INV-10), or does it and stays
// exact: every number of its state is a safe integer, money adds up to zero, nothing is negative.
// What is no safe integer may also be refused before it is a record. Fields are found in samples of
// every kind, so a new kind or field is tested as soon as it has a sample, which types demand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandCells, createCells, decodeCommand, encodeCommand } from '#engine/codec.ts'
import type { CommandBody, CommandKind } from '#engine/command.ts'
import type { EngineImage } from '#engine/image.ts'
import { imageOf } from '#engine/image-of.ts'
import * as limits from '#engine/limits.ts'
import { REFUSALS } from '#kernel/refusals.ts'
import {
  caller,
  faucet,
  limit,
  listMarket,
  market,
  opening,
  stamp,
} from '#test/support/commands.ts'
import { amend, order, phase, rules } from '#test/support/example.ts'
import { createExchange, digestOf } from '#test/support/exchange.ts'

const around = (edge: number) => [edge - 1, edge, edge + 1]
/** Beyond 2^53 doubles have no odd numbers: the neighbours are the nearest that exist. */
const EDGES = [
  ...[-1, 0, 1, ...around(2 ** 31), ...around(2 ** 32), ...around(2 ** 53), 2 ** 53 + 2],
  ...[2 ** 63 - 1_024, 2 ** 63, 2 ** 63 + 2_048, 2 ** 64],
]
/** Limits of fields, by their names; prices end at 2^31. */
const LIMITS: Readonly<Record<string, number>> = {
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

function numbersFor(path: readonly string[]): number[] {
  const own = LIMITS[path.at(-1) ?? '']
  return own === undefined ? EDGES : [...EDGES, ...around(own), -own, -own - 1]
}

const CHAIN = 1
const who = { account: 16, ...caller('numbers') }
const token = { asset: 0, amount: 5 }
const extra = { displaySize: 2, triggerPrice: 90, stopPrice: 80, takeProfitPrice: 120 }

/** Of createWorld: the first order that stands, and a withdrawal. */
const ORDER = 15
const WITHDRAWAL = 18

/** At least one of every kind. */
const SAMPLES: { readonly [K in CommandKind]: readonly object[] } = {
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
function createWorld() {
  const world = createExchange([
    ...opening(1_000_000_000),
    limit('sell', { account: 16, price: 103, size: 10 }),
    limit('buy', { account: 17, price: 97, size: 50 }),
    limit('sell', { account: 17, price: 101, size: 50 }),
    { kind: 'requestWithdrawal', fee: 1, address: '0x', requestId: 'w', ...token, ...who } as never,
    { kind: 'openSubAccount', name: 'sub', requestId: 's', ...who } as never,
    limit('buy', { account: 18, price: 101, size: 1 }),
    rules({ collarBps: 200 }),
    faucet(18, 1_000_000),
  ])
  return { ...world, before: digestOf(world.engine, 'business') }
}

/** Paths of all numbers in a body. */
function numbersIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value === 'number') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => numbersIn(one, [...path, name]))
}

function withNumber(value: unknown, [name, ...rest]: readonly string[], number: number): unknown {
  if (name === undefined) return number
  const fields = value as Record<string, unknown>
  const changed = withNumber(fields[name], rest, number)
  if (!Array.isArray(value)) return { ...fields, [name]: changed }
  return value.map((item, at) => (String(at) === name ? changed : item))
}

function assertExact({ assets, balances, ...image }: EngineImage, what: string): void {
  const sums = new Map<number, bigint>(assets.map(({ asset }) => [asset, 0n]))
  for (const { account, asset, cash, held } of balances) {
    sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(cash))
    assert.ok(held >= 0 && (account === CHAIN || (cash >= 0 && held <= cash)), what)
  }
  assert.ok(
    [...sums.values()].every((sum) => sum === 0n),
    `${what}: money adds up`,
  )
  for (const path of numbersIn({ ...image, balances })) {
    const number = path.reduce<unknown>((of, name) => (of as never)[name], { ...image, balances })
    assert.ok(Number.isSafeInteger(number), `${what}: ${path.join('.')} is ${number}`)
  }
}

for (const [kind, samples] of Object.entries(SAMPLES)) {
  test(`every number of ${kind} is refused or handled at every edge`, () => {
    for (const sample of samples) {
      assert.equal(createWorld().run(sample as CommandBody), 'done', JSON.stringify(sample))
      let world = createWorld()
      for (const path of numbersIn(sample)) {
        for (const number of numbersFor(path)) {
          const isUntouched = tryOne(world, withNumber(sample, path, number) as CommandBody, number)
          if (!isUntouched) world = createWorld()
        }
      }
    }
  })
}

type World = ReturnType<typeof createWorld>

/** Whether the world is as it was. */
function tryOne(world: World, body: CommandBody, number: number): boolean {
  const { engine, run, before } = world
  const what = JSON.stringify(body)
  const isNumber = Number.isSafeInteger(number) && number >= 0
  let told: string
  try {
    told = run(body)
  } catch (error) {
    // Only what no field can say; nothing was applied.
    assert.ok(!isNumber || number >= 2 ** 31, `${what}: ${error}`)
    assert.equal(digestOf(engine, 'business'), before, `${what} threw and changed something`)
    return false
  }
  if (told === 'done') {
    assertExact(imageOf(engine), what)
    assertSurvives(body)
    return false
  }
  assert.ok(Object.hasOwn(REFUSALS, told), `${what}: ${told}`)
  assert.equal(digestOf(engine, 'business'), before, `INV-10: ${what}: ${told}`)
  return true
}

/** What was done is what was said: no number wraps around in its record. */
function assertSurvives(body: CommandBody): void {
  const command = stamp(body, 1)
  const cells = createCells(commandCells(command))
  encodeCommand(command, cells, 0)
  assert.deepEqual(decodeCommand(cells, 0), command)
}
