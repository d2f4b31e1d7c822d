// Order gate: what the risk gate is asked about an order of a bot, or about what one becomes.
//
// It looks at everything that is open, at the position and at what the venues have told, and leaves
// the judgement to the gate. Of an order the venue's word counts before what was asked for.

import type { Amendment, OrderRequest } from '#connectors/venue.ts'
import { pairOf } from './accounting.ts'
import type { BotRun } from './bot-run.ts'
import { canRest, stayOf } from './order-stay.ts'
import type { Exposure, GateCode } from './risk-gate.ts'
import type { TrackedOrder } from './tracked-order.ts'

/** Undefined when it may leave. */
export function codeOfOrder(run: BotRun, request: OrderRequest): GateCode | undefined {
  if (!isOwnId(run, request.clientOrderId)) return 'gate.client_id'
  return codeOf(run, request, exposureOf(run, request))
}

export type AmendCode = GateCode | 'order.not_amendable'

/** As if the order it becomes were new, in the place of the one it is. */
export function codeOfAmend(
  run: BotRun,
  entry: TrackedOrder,
  amendment: Amendment,
): AmendCode | undefined {
  if (entry.amend !== undefined || entry.isCancelling) return 'order.not_amendable'
  const request = amendedRequest(entry, amendment)
  // The venue refuses to amend an order to less than it has traded.
  if (!(Number(request.quantity.amount) > 0)) return undefined
  return codeOf(run, request, exposureOf(run, request, entry))
}

/** What is left of it then, as an order. */
export function amendedRequest(
  { request, order }: Pick<TrackedOrder, 'request' | 'order'>,
  { size, limitPrice, triggerPrice }: Amendment,
): OrderRequest {
  const whole = size ?? order?.size
  const inBase = whole !== undefined || request.quantity.in === 'base'
  const { filledBase = 0, filledQuote = 0 } = order ?? {}
  const left = Number(whole ?? request.quantity.amount) - Number(inBase ? filledBase : filledQuote)
  const limit = limitPrice ?? order?.limitPrice
  const trigger = triggerPrice ?? order?.triggerPrice
  return {
    ...request,
    quantity: { in: inBase ? 'base' : 'quote', amount: String(left) },
    ...(limit === undefined ? {} : { limitPrice: limit }),
    ...(trigger === undefined ? {} : { triggerPrice: trigger }),
  }
}

function codeOf(run: BotRun, request: OrderRequest, exposure: Exposure): GateCode | undefined {
  const mayRest = run.state === 'running' || !canRest(request)
  const { side, quantity, symbol, limitPrice, triggerPrice } = request
  const named = limitPrice ?? triggerPrice
  const price = named === undefined ? midOf(run, symbol) : Number(named)
  const amount = Number(quantity.amount)
  const base = quantity.in === 'base' ? amount : amount / (price ?? Number.NaN)
  if (!mayRest && !isProtecting(run, request, isClosing(request, base, exposure))) {
    return 'gate.paused'
  }
  if (run.watch.halted() !== undefined && !isClosing(request, base, exposure)) return 'gate.halted'
  return run.gate.check({ side, base, price }, exposure)
}

const ID_CHARS_MAX = 36

/** Of this bot, and not of an order whose end it has not handled. */
function isOwnId({ idPrefix, tracker }: BotRun, id: string): boolean {
  if (!id.startsWith(idPrefix) || id.length > ID_CHARS_MAX) return false
  return tracker.saved().every(({ request }) => request.clientOrderId !== id)
}

/** Of all that is open but the order in whose place the request is. */
function exposureOf(
  run: BotRun,
  { symbol, side, triggerPrice }: OrderRequest,
  replaced?: TrackedOrder,
): Exposure {
  let openNotional = 0
  let openSameSide = 0
  for (const entry of run.tracker.open()) {
    if (entry === replaced) continue
    const { base, notional } = openOf(run, entry)
    openNotional += notional
    const { request } = entry
    const isHere = pairOf(request.symbol) === pairOf(symbol)
    if (isHere && request.side === side) openSameSide += base
  }
  const heard = [...(run.heardAt.get(symbol)?.values() ?? [])]
  return {
    ...{ openNotional, openSameSide, position: run.accounting.position(symbol) },
    reference: triggerPrice === undefined ? midOf(run, symbol) : undefined,
    dataAgeMs: (run.now() - Math.max(...heard)) / 1_000,
  }
}

/** A position that was made before a pause may be protected in it; a halt takes back all. */
function isProtecting(run: BotRun, request: OrderRequest, closes: boolean): boolean {
  const isPaused = run.state === 'paused' && run.watch.halted() === undefined
  return isPaused && closes && stayOf(request, false) === 'always'
}

/** Of a halted bot only what brings its position to nothing may leave. */
function isClosing({ side }: OrderRequest, base: number, { position, openSameSide }: Exposure) {
  const isAgainst = side === 'buy' ? position < 0 : position > 0
  return isAgainst && base + openSameSide <= Math.abs(position)
}

/** The most that it may still trade: as it is, or as it becomes by an amend that is under way. */
function openOf(run: BotRun, entry: TrackedOrder): { base: number; notional: number } {
  const amended = entry.amend === undefined ? [] : [entry.amend.amendment]
  const ways = [{}, ...amended].map((amendment) => {
    const { quantity, limitPrice, symbol } = amendedRequest(entry, amendment)
    const mid = midOf(run, symbol)
    const base = Math.max(0, Number(quantity.amount) / (quantity.in === 'base' ? 1 : (mid ?? 1)))
    return { base, notional: base * (Number(limitPrice) || (mid ?? 0)) }
  })
  return {
    base: Math.max(...ways.map(({ base }) => base)),
    notional: Math.max(...ways.map(({ notional }) => notional)),
  }
}

function midOf(run: BotRun, symbol: string): number | undefined {
  const [base = '', quote = ''] = symbol.split('-')
  const [over, under] = [run.priceOf(base), run.priceOf(quote)]
  return over === undefined || under === undefined ? undefined : over / under
}
