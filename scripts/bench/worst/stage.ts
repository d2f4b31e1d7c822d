// Stage: an exchange of one market whose every command is timed, ticks included.
//
// Ticks come when the sequencer would send them. What prepares a storm is applied quietly. Commands
// are encoded beforehand, as the sequencer's are, so that only apply is measured.

import { commandCells, createCells, encodeCommand } from '#engine/codec.ts'
import type { CommandBody } from '#engine/command.ts'
import { apply, createEngine, nextDue, nextUrgent, reserve } from '#engine/engine.ts'
import { COLLAR_BPS_MAX } from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { refusalOf } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import { lastEventNoOf } from '#sequencer/snapshot.ts'
import { tickBefore } from '#sequencer/ticks.ts'
import { SENT_AT_US } from './bodies.ts'

/** What each command took, in microseconds, and how many events it had; in order. */
export type Timings = { readonly micros: number[]; readonly events: number[] }

export type Stage = {
  /** A number of the limits, smaller when the stage is small. */
  readonly some: (count: number) => number
  /** Carried out without being timed; answers its seq. */
  readonly quietly: (body: CommandBody) => number
  /** Carried out as the sequencer would, with what is due before it, and timed; answers its seq. */
  readonly send: (body: CommandBody) => number
  /** Ticks until nothing is due, timed. */
  readonly settle: () => void
  readonly wait: (micros: number) => void
  /** The time of the last command. */
  readonly now: () => number
  readonly timings: Timings
}

const STEP_US = 10
const CELLS_MAX = 64
const FUNDS = 1_000_000_000_000
export const FIRST_ACCOUNT = 16
export const ACCOUNTS = 1_100

/** An exchange with a market and funded customers; `scale` 1 is at the limits. */
export function createStage(scale: number): Stage {
  const engine = createEngine()
  reserve(engine)
  const cells = createCells(CELLS_MAX)
  const timings: Timings = { micros: [], events: [] }
  let [seq, time] = [0, SENT_AT_US]
  const encode = (body: CommandBody): void => {
    seq += 1
    if (commandCells(body) > CELLS_MAX) throw new Error(`${body.kind} is too long for the stage`)
    encodeCommand({ ...body, seq, time: asMicros(time) }, cells, 0)
  }
  const timed = (body: CommandBody): void => {
    encode(body)
    const before = lastEventNoOf(engine)
    const start = performance.now()
    apply(engine, cells, 0)
    const micros = (performance.now() - start) * 1_000
    timings.micros.push(micros)
    timings.events.push(lastEventNoOf(engine) - before)
    engine.events.length = 0
  }
  const tick = (): boolean => {
    timed({ kind: 'tick' })
    return true
  }
  const due = { nextDue: () => nextDue(engine), nextUrgent: () => nextUrgent(engine) }
  const stage: Stage = {
    some: (count) => Math.ceil(count * scale),
    quietly: (body) => {
      time += STEP_US
      encode(body)
      apply(engine, cells, 0)
      engine.events.length = 0
      const { code } = engine.outcome
      if (code !== 0) throw new Error(`${body.kind} is refused: ${refusalOf(code)}`)
      return seq
    },
    send: (body) => {
      time += STEP_US
      tickBefore(due, time, tick)
      timed(body)
      return seq
    },
    settle: () => {
      while (nextDue(engine) <= time) tick()
    },
    wait: (micros) => {
      time += micros
    },
    now: () => time,
    timings,
  }
  for (const body of opening()) stage.quietly(body)
  return stage
}

function opening(): CommandBody[] {
  const assets = ['USD', 'BTC'].map(
    (symbol): CommandBody => ({ kind: 'listAsset', symbol, scale: 6, chainDecimals: -1 }),
  )
  const total = asUnit<never>(FUNDS * ACCOUNTS)
  const issues = [0, 1].map(
    (asset): CommandBody => ({ kind: 'issue', asset: asId(asset), amount: total }),
  )
  const accounts = Array.from({ length: ACCOUNTS }, (_, i): CommandBody[] => [
    { kind: 'openAccount', userId: `u${i}` },
    fundingOf(FIRST_ACCOUNT + i),
  ])
  return [...assets, MARKET, RULES, ...issues, ...accounts.flat()]
}

const MARKET: CommandBody = {
  ...{ kind: 'listMarket', symbol: 'BTC-USD', marketKind: 'spot', base: asId(1), quote: asId(0) },
  ...{ priceScale: 0, tickUnits: 1, lotUnits: 1, minNotional: asUnit(1) },
  ...{ makerRate: asUnit(200), takerRate: asUnit(500) },
}

/** Stops need a collar; this one lets them go far. */
const RULES: CommandBody = {
  ...{ kind: 'setMarket', market: asId(0), minNotional: asUnit(1), collarBps: COLLAR_BPS_MAX },
  ...{ bandBps: 0, bandWindowUs: 0, haltUs: 0, auctionUs: 0 },
  ...{ sessionOpenUs: 0, sessionCloseUs: 0 },
}

function fundingOf(account: number): CommandBody {
  const amounts = [0, 1].map((asset) => ({
    asset: asId<never>(asset),
    amount: asUnit<never>(FUNDS),
  }))
  const caller = { sentAt: asMicros(SENT_AT_US), sentAtGiven: true, bodyHash: '' }
  return { kind: 'faucet', account: asId(account), requestId: '', amounts, ...caller }
}
