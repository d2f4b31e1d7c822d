// Trade along: random customers on the real engine, as a log of released events.
//
// Everything that makes rows happens: limit and market orders by size and by quote amount,
// self-trades of every kind, cancels, transfers, deposits, withdrawals, refusals. The same seed
// gives the same events.

import { commandCells, createCells, encodeCommand } from '#engine/codec.ts'
import type { CommandBody, SelfTrade } from '#engine/command.ts'
import { apply, createEngine, nextDue } from '#engine/engine.ts'
import type { EngineImage } from '#engine/image.ts'
import { imageOf } from '#engine/image-of.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { caller, limit, market, opening, stamp } from '../support/commands.ts'
import { createEventLog, type EventLog, START_US } from './event-log.ts'

export type Exchange = {
  readonly log: EventLog
  submit(body: CommandBody): void
  /** So many random commands. */
  trade(commands: number): void
  image(): EngineImage
}

type Random = (below: number) => number

const CUSTOMERS = [16, 17, 18, 19]
const SELF_TRADES: readonly SelfTrade[] = [
  'cancel-taker',
  'cancel-maker',
  'cancel-both',
  'decrement',
]

export function createExchange(seed: number, stepUs = 40_000): Exchange {
  const engine = createEngine()
  const log = createEventLog()
  const random = randomOf(seed)
  let seq = 0
  const step = (body: CommandBody): void => {
    seq += 1
    const command = stamp(body, seq, START_US + seq * stepUs)
    const cells = createCells(commandCells(command))
    encodeCommand(command, cells, 0)
    apply(engine, cells, 0)
    log.append(engine.events.cells, engine.events.length)
    engine.events.length = 0
  }
  const submit = (body: CommandBody): void => {
    while (nextDue(engine) === 0) step({ kind: 'tick' })
    step(body)
  }
  for (const body of opening(100_000_000)) submit(body)
  submit(subAccount())
  submit(transfer(16, 19, 10_000_000, 'first'))
  return {
    log,
    submit,
    trade: (commands) => {
      for (let i = 0; i < commands; i += 1) submit(anyCommand(random, seq))
    },
    image: () => imageOf(engine),
  }
}

/** Mulberry32: small, seeded, the same everywhere. */
function randomOf(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function anyCommand(random: Random, seq: number): CommandBody {
  const account = CUSTOMERS[random(CUSTOMERS.length)] ?? 16
  const dice = random(100)
  if (dice < 60) return anyLimit(random, account, seq)
  if (dice < 72) return anyMarket(random, account)
  if (dice < 92) return cancel(account, seq - random(60))
  if (dice < 94) return { kind: 'cancelAll', account: asId(account), market: null, side: null }
  if (dice < 96) return transfer(16, 19, 1 + random(1_000), `t-${seq}`)
  if (dice < 98) return credit(account, 1 + random(5_000), seq)
  return withdrawalStep(random, account, seq)
}

function anyLimit(random: Random, account: number, seq: number): CommandBody {
  return limit(random(2) === 0 ? 'buy' : 'sell', {
    account,
    market: random(2),
    price: 95 + random(11),
    size: 10 + random(2_000),
    selfTrade: SELF_TRADES[random(4)] ?? 'decrement',
    timeInForce: (['GTC', 'GTC', 'GTC', 'IOC', 'FOK'] as const)[random(5)] ?? 'GTC',
    clientOrderId: random(2) === 0 ? '' : `o-${seq}`,
    sentAt: START_US + seq * 40_000,
  })
}

function anyMarket(random: Random, account: number): CommandBody {
  const amount = { account, market: random(2) }
  const selfTrade = SELF_TRADES[random(4)] ?? 'decrement'
  if (random(2) === 0) return market('buy', { ...amount, selfTrade, quoteAmount: random(900_000) })
  return market('sell', { ...amount, selfTrade, size: 1 + random(3_000) })
}

function cancel(account: number, orderId: number): CommandBody {
  return { kind: 'cancel', account: asId(account), orderId: asId(Math.max(1, orderId)) }
}

function subAccount(): CommandBody {
  const name = 'quotes " and \\ in it'
  return { kind: 'openSubAccount', account: asId(16), name, requestId: 'sub', ...caller('sub') }
}

function transfer(from: number, to: number, amount: number, requestId: string): CommandBody {
  return {
    kind: 'transfer',
    account: asId(16),
    from: asId(from),
    to: asId(to),
    asset: asId(0),
    amount: asUnit(amount),
    requestId,
    ...caller(requestId),
  }
}

function credit(account: number, amount: number, seq: number): CommandBody {
  return {
    kind: 'credit',
    account: asId(account),
    asset: asId(1),
    amount: asUnit(amount),
    instance: '0x01',
    txHash: `0x${seq}`,
    logIndex: 0,
  }
}

/** A withdrawal is asked for now; earlier ones are signed, settled or failed. */
function withdrawalStep(random: Random, account: number, seq: number): CommandBody {
  const withdrawalId = asId<never>(Math.max(1, seq - random(200)))
  const dice = random(4)
  if (dice === 0) return { kind: 'settleWithdrawal', withdrawalId, txHash: `0x${seq}` }
  if (dice === 1) return { kind: 'failWithdrawal', withdrawalId }
  return {
    kind: 'requestWithdrawal',
    account: asId(account),
    asset: asId(1),
    amount: asUnit(1 + random(100)),
    fee: asUnit(2),
    address: '0xfeed',
    requestId: `w-${seq}`,
    ...caller(`w-${seq}`),
  }
}
