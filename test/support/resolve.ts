// Resolve: turns an intent into the command it means at this moment.
//
// It remembers what earlier commands were about, by their numbers alone: orders that were accepted,
// withdrawals that were requested, requests that can be repeated.

import type { Command, CommandBody } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { START_US } from './commands.ts'
import type { Asking, Intent } from './intents.ts'
import type { DepthIntent } from './intents-depth.ts'
import { extraOf, type KnownOrder, resolveAmend, resolveDepth } from './resolve-depth.ts'

/** Microseconds from the command's time; the edges of what is taken and just beyond. */
const SENT: Readonly<Record<Asking['sent'], number>> = {
  now: 0,
  stale: -2_000_000,
  ahead: 1_000_000,
  future: 1_000_001,
  'just new enough': -900_000_000,
  'too old': -900_000_001,
}

export type History = {
  seq: number
  time: number
  readonly orders: KnownOrder[]
  /** Those of which something may be left. */
  readonly open: KnownOrder[]
  readonly withdrawals: number[]
  readonly requests: CommandBody[]
}

export function createHistory(): History {
  return { seq: 0, time: START_US, orders: [], open: [], withdrawals: [], requests: [] }
}

/** The next command; its number is used up even when it is going to be refused. */
export function next(history: History, body: CommandBody, wait: number): Command {
  history.seq += 1
  history.time += wait
  return { ...body, seq: history.seq, time: asMicros(history.time) }
}

/** Remembers what a command began. */
export function learn(history: History, command: Command, events: readonly Event[]): void {
  if ('bodyHash' in command) history.requests.push(command)
  for (const event of events) {
    learnOrder(history, event)
    if (event.kind === 'withdrawalRequested') history.withdrawals.push(event.withdrawalId)
  }
}

function learnOrder(history: History, event: Event): void {
  if (event.kind === 'accepted' || event.kind === 'exitOpened') {
    const { account, size } = event
    const orderId = event.kind === 'accepted' ? event.seq : event.orderId
    history.orders.push({ orderId, account, size })
    history.open.push({ orderId, account, size })
  }
  if (event.kind === 'cancelled') forget(history, event.orderId)
  if (event.kind === 'reduced' && event.remaining === 0) forget(history, event.orderId)
  if (event.kind !== 'fill') return
  if (event.makerRemaining === 0) forget(history, event.makerOrderId)
  if (event.takerRemaining === 0) forget(history, event.takerOrderId)
}

function forget({ open }: History, id: number): void {
  const at = open.findIndex(({ orderId }) => orderId === id)
  if (at >= 0) open.splice(at, 1)
}

/** The body that an intent means now. */
export function resolve(history: History, intent: Intent): CommandBody {
  switch (intent.do) {
    case 'place': {
      const { price, size, quoteAmount, account, market, extra, ...how } = intent.order
      const time = history.time + intent.wait
      const more = extraOf(extra, time)
      const numbers = { price: asUnit<never>(price), size: asUnit<never>(size) }
      const where = { account: asId<never>(account), market: asId<never>(market) }
      const { id, ...stamp } = asked(time, intent.asking, intent.order)
      const amount = asUnit<never>(quoteAmount)
      const order = { ...how, ...where, ...numbers, quoteAmount: amount, clientOrderId: id }
      return { kind: 'place', ...order, ...stamp, ...(more === undefined ? {} : { extra: more }) }
    }
    case 'retry':
      return retry(history, intent.pick, intent.body)
    case 'cancel': {
      const order = chosenOrder(history, intent.pick)
      const by = intent.by === 'owner' ? (order?.account ?? 16) : intent.by
      return { kind: 'cancel', account: asId(by), orderId: asId(order?.orderId ?? intent.pick) }
    }
    case 'cancelAll': {
      const market = intent.market === null ? null : asId<never>(intent.market)
      return { kind: 'cancelAll', account: asId(intent.account), market, side: intent.side }
    }
    case 'amend': {
      const order = chosenOrder(history, intent.pick)
      return resolveAmend(intent, order)
    }
    case 'list':
      return intent.listing
    case 'tick':
    case 'restart':
      return { kind: 'tick' }
    default:
      return resolveOther(history, intent)
  }
}

type Other = Exclude<
  Intent,
  { do: 'place' | 'retry' | 'cancel' | 'cancelAll' | 'amend' | 'list' | 'tick' | 'restart' }
>

function resolveOther(history: History, intent: Other): CommandBody {
  switch (intent.do) {
    case 'cancelSession':
    case 'cancelAfter':
    case 'setPhase':
    case 'setMark':
    case 'setMarket':
    case 'setFees':
    case 'delist':
    case 'freeze':
      return resolveDepth(intent, history.time + intent.wait)
    default:
      return resolveMoney(history, intent)
  }
}

type OfMoney = Exclude<Other, Exclude<DepthIntent, { do: 'close' }>>

function resolveMoney(history: History, intent: OfMoney): CommandBody {
  switch (intent.do) {
    case 'openAccount':
      return { kind: 'openAccount', userId: `user-${intent.user}` }
    case 'openSubAccount': {
      const account = asId<never>(intent.account)
      return { kind: 'openSubAccount', account, name: 'bot', ...request(history, intent) }
    }
    case 'transfer': {
      const between = { from: asId<never>(intent.from), to: asId<never>(intent.to) }
      const what = { account: asId<never>(intent.account), ...between, ...money(intent) }
      return { kind: 'transfer', ...what, ...request(history, intent) }
    }
    case 'faucet': {
      const amounts = intent.amounts.map(([asset, amount]) => money({ asset, amount }))
      const account = asId<never>(intent.account)
      return { kind: 'faucet', account, amounts, ...request(history, intent) }
    }
    case 'close': {
      // Asking again under the same id is not what closing is about.
      const asking = { id: '', sent: 'now' } as const
      const who = { account: asId<never>(intent.account), closing: asId<never>(intent.closing) }
      return { kind: 'closeAccount', ...who, ...request(history, { ...intent, asking }) }
    }
    case 'issue':
      return { kind: 'issue', ...money(intent) }
    case 'credit': {
      const source = {
        instance: 'chain-1',
        txHash: `0x${intent.log >> 1}`,
        logIndex: intent.log & 1,
      }
      return { kind: 'credit', account: asId(intent.account), ...money(intent), ...source }
    }
    case 'withdraw': {
      const what = { account: asId<never>(intent.account), ...money(intent), address: '0xabc' }
      const fee = asUnit<never>(intent.fee)
      return { kind: 'requestWithdrawal', ...what, fee, ...request(history, intent) }
    }
    default:
      return resolveChain(history, intent)
  }
}

type OfChain = Extract<Intent, { do: 'sign' | 'settle' | 'fail' | 'chainReset' }>

function resolveChain(history: History, intent: OfChain): CommandBody {
  if (intent.do === 'chainReset')
    return { kind: 'chainReset', instance: `chain-${intent.instance}` }
  const known = isLiteral(intent.pick) ? undefined : recent(history.withdrawals, intent.pick)
  const id = known ?? intent.pick
  const withdrawalId = asId<never>(id)
  if (intent.do === 'settle') return { kind: 'settleWithdrawal', withdrawalId, txHash: `0x${id}` }
  if (intent.do === 'fail') return { kind: 'failWithdrawal', withdrawalId }
  const { nonce } = intent
  const transaction = { nonce, txHash: `0x${nonce}`, rawTransaction: '0x02'.padEnd(250, 'f') }
  return {
    kind: 'signWithdrawal',
    withdrawalId,
    instance: `chain-${intent.instance}`,
    ...transaction,
  }
}

function request(history: History, intent: { readonly asking: Asking; readonly wait: number }) {
  const { wait: _, ...rest } = intent
  const { id, ...stamp } = asked(history.time + intent.wait, intent.asking, rest)
  return { requestId: id, ...stamp }
}

function money({ asset, amount }: { readonly asset: number; readonly amount: number }) {
  return { asset: asId<never>(asset), amount: asUnit<never>(amount) }
}

// The hash of a body is a number of its text: equal bodies, equal hashes.
function asked(time: number, { id, sent }: Asking, body: unknown) {
  const sentAt = asMicros(time + SENT[sent])
  return { id, sentAt, sentAtGiven: true, bodyHash: hashOf(JSON.stringify(body)) }
}

function retry(history: History, pick: number, body: 'same' | 'other'): CommandBody {
  const request = recent(history.requests, pick)
  if (request === undefined || !('bodyHash' in request)) return { kind: 'tick' }
  return body === 'same' ? request : { ...request, bodyHash: nearly(request.bodyHash, pick) }
}

function isLiteral(pick: number): boolean {
  return pick > 1_000
}

// Mostly one that is open; the others are there to be refused.
function chosenOrder({ orders, open }: History, pick: number): KnownOrder | undefined {
  if (isLiteral(pick)) return undefined
  return recent(pick % 8 === 0 ? orders : open, pick)
}

// Recent ones are picked more often: they are more likely to be open.
function recent<T>(items: readonly T[], pick: number): T | undefined {
  if (items.length === 0) return undefined
  const window = pick % 3 === 0 ? items.length : Math.min(items.length, 12)
  return items[items.length - 1 - (pick % window)]
}

function hashOf(text: string): string {
  let hash = 2_166_136_261
  let digits = ''
  for (let round = 0; round < 3; round += 1) {
    for (let at = 0; at < text.length; at += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619) >>> 0
    }
    digits += hash.toString(36).padStart(8, '0').slice(-8)
  }
  return digits
}

/** The same hash but for one character. */
function nearly(hash: string, place: number): string {
  const at = place % hash.length
  return `${hash.slice(0, at)}${hash[at] === 'z' ? 'y' : 'z'}${hash.slice(at + 1)}`
}
