// Engine room: a private exchange, the real engine with nobody in it but the bot and the market.
//
// Commands are stamped and applied at once, ticks follow until nothing is due, and what happened
// comes back as events. There is no journal and no clock: time is what the caller says, never going
// back. The sea quotes, the wind takes; both belong to the market, and the bot is a third customer.

import { cellCount, commandCells, createCells, decodeEvent, encodeCommand } from '#engine/codec.ts'
import type { CommandBody } from '#engine/command.ts'
import { apply, createEngine, nextDue } from '#engine/engine.ts'
import type { Event } from '#engine/event.ts'
import { readSnapshot, writeSnapshot } from '#engine/snapshot.ts'
import { asUnit } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { asId } from '#kernel/ids.ts'
import { refusalOf } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import type { Instrument } from '../venue.ts'
import { type Asset, type Listed, scalesOf } from './scales.ts'

export const SEA = 16
export const WIND = 17
export const BOT = 18

export type EngineRoom = {
  readonly assets: readonly Asset[]
  readonly markets: readonly Listed[]
  /** 'done' or the code of the refusal. */
  run(body: CommandBody): string
  /** All of them before anything that they make due; the code of the last. */
  runAll(bodies: readonly CommandBody[]): string
  /** Time passes; what is due is done. */
  passTo(now: number): void
  now(): number
  /** What happened since it was asked last. */
  events(): readonly Event[]
  /** The whole state, for a room that begins with it. */
  save(): Uint8Array
}

export type EngineRoomOptions = {
  readonly instruments: readonly Instrument[]
  /** Of the bot, by asset, as decimals. */
  readonly balances: Readonly<Record<string, string>>
  /** Microseconds. */
  readonly startAt: number
  /** What `save` gave, of a room with the same instruments; then balances are those of then. */
  readonly saved?: Uint8Array | undefined
}

/** Ledger units of each asset that the market has; the rest of what may exist is the bot's. */
const MARKET_UNITS = 2_000_000_000_000_000
const COLLAR_BPS = 5_000
const TICKS_MAX = 100_000
/** Of the longest order. */
const ORDER_CELLS = 3

export function createEngineRoom(options: EngineRoomOptions): EngineRoom {
  const { saved } = options
  const engine = saved === undefined ? createEngine() : readSnapshot(saved)
  const { assets, markets } = scalesOf(options.instruments)
  let [seq, time]: [number, number] = [
    engine.clock.seq,
    Math.max(engine.clock.time, options.startAt),
  ]
  const happened: Event[] = []
  const orderCells = createCells(ORDER_CELLS)

  function apply_(body: CommandBody): string {
    seq += 1
    const command = { ...body, seq, time: asMicros(time) }
    const count = commandCells(command)
    const cells = count <= ORDER_CELLS ? orderCells : createCells(count)
    encodeCommand(command, cells, 0)
    apply(engine, cells, 0)
    const { cells: from, length } = engine.events
    for (let at = 0; at < length; at += cellCount(from, at)) happened.push(decodeEvent(from, at))
    engine.events.length = 0
    const { code } = engine.outcome
    return code === 0 ? 'done' : (refusalOf(code) ?? 'unknown')
  }

  function settle(): void {
    for (let ticks = 0; nextDue(engine) <= time; ticks += 1) {
      assert(ticks < TICKS_MAX, 'ticks of the simulated exchange end')
      apply_({ kind: 'tick' })
    }
  }

  const room: EngineRoom = {
    ...{ assets, markets },
    run: (body) => room.runAll([body]),
    runAll(bodies) {
      let code = 'done'
      for (const body of bodies) code = apply_(body)
      settle()
      return code
    },
    passTo(now) {
      time = Math.max(time, now)
      settle()
    },
    now: () => time,
    events: () => happened.splice(0),
    save() {
      const parts: Buffer[] = []
      writeSnapshot(engine, (bytes) => void parts.push(Buffer.from(bytes)))
      return Buffer.concat(parts)
    },
  }
  if (saved !== undefined) return room
  for (const body of opening(room, options)) {
    const code = room.run(body)
    assert(code === 'done', `the simulated exchange refuses ${body.kind}: ${code}`)
  }
  room.events()
  return room
}

function opening({ assets, markets }: EngineRoom, { balances, startAt }: EngineRoomOptions) {
  const bodies: CommandBody[] = []
  for (const { symbol, scale } of assets) {
    bodies.push({ kind: 'listAsset', symbol, scale, chainDecimals: -1 })
  }
  for (const { listing } of markets) bodies.push(listing)
  for (const userId of ['sea', 'wind', 'bot']) bodies.push({ kind: 'openAccount', userId })
  for (const [id, asset] of assets.entries()) {
    const own = asset.unitsOf(balances[asset.symbol] ?? '0')
    bodies.push({ kind: 'issue', asset: asId(id), amount: asUnit(2 * MARKET_UNITS + own) })
    for (const [account, amount] of [
      [SEA, MARKET_UNITS],
      [WIND, MARKET_UNITS],
      [BOT, own],
    ] as const) {
      if (amount > 0) bodies.push(faucet(account, { asset: id, amount, startAt }))
    }
  }
  return [...bodies, ...markets.map(({ market, minNotional }) => rules(market, minNotional))]
}

type Given = { readonly asset: number; readonly amount: number; readonly startAt: number }

function faucet(account: number, { asset, amount, startAt }: Given): CommandBody {
  return {
    ...{ kind: 'faucet', account: asId(account), requestId: '', sentAt: asMicros(startAt) },
    ...{ sentAtGiven: false, bodyHash: NO_HASH },
    amounts: [{ asset: asId(asset), amount: asUnit(amount) }],
  }
}

/** No bands and no sessions; a collar as wide as there is, for stops must have one. */
function rules(market: number, minNotional: number): CommandBody {
  return {
    ...{ kind: 'setMarket', market: asId(market), minNotional: asUnit(minNotional) },
    ...{ collarBps: COLLAR_BPS, bandBps: 0, bandWindowUs: 0, haltUs: 0, auctionUs: 0 },
    ...{ sessionOpenUs: 0, sessionCloseUs: 0 },
  }
}

/** Bodies are compared by the platform, before the engine; here every id is new. */
export const NO_HASH = '.'.repeat(24)
