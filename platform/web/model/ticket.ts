// Ticket: an order as it is being written, what it would cost, and how it was answered.
//
// Nothing is sent that the person has not seen in the button's words. A sent order becomes pending
// under its own clientOrderId; refusals come back to the field they belong to.

import { computed, effect } from '@preact/signals'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import type { Order } from './account-state.ts'
import { callerId } from './caller-id.ts'
import type { Market } from './listing.ts'
import { isTooFine, type MarketScales, textOf, unitsOf } from './order-terms.ts'
import { outcomeText } from './outcome-text.ts'
import type { Pending } from './portfolio.ts'
import { KIND_FIELDS, type KindField, kindOf, type PlaceBody } from './ticket-kinds.ts'
import { fillShare, linkTotal, previewOf } from './ticket-preview.ts'
import { fieldErrorOf } from './ticket-refusal.ts'
import {
  createTicketState,
  type FieldError,
  type TicketDeps,
  type TicketState,
} from './ticket-state.ts'

const KIND_FIELD_NAMES = Object.keys(KIND_FIELDS) as KindField[] // Object.keys forgets the keys.
const ASK_AGAIN_MS = 2_000
const ASK_TIMES = 3

export function createTicket(deps: TicketDeps) {
  const state = createTicketState(deps)
  effect(() => {
    deps.listing.current.value
    for (const field of KIND_FIELD_NAMES) state[field].value = ''
    state.size.value = ''
    state.total.value = ''
    state.error.value = null
  })
  linkTotal(state)
  return {
    ...state,
    preview: computed(() => previewOf(deps, state)),
    /** A price of the book was chosen. */
    take: (price: string): void => {
      if (!state.kind.peek().fields.includes('price')) state.kindId.value = 'limit'
      state.price.value = price
      state.error.value = null
    },
    choose: (side: 'buy' | 'sell'): void => {
      if (side === 'sell' && state.kind.peek().onlyBuys === true) state.kindId.value = 'limit'
      state.side.value = side
      state.error.value = null
    },
    chooseKind: (id: string): void => {
      state.kindId.value = id
      // What was written for another kind must not be sent with this one.
      for (const field of KIND_FIELD_NAMES) if (field !== 'price') state[field].value = ''
      if (kindOf(id).onlyBuys === true) state.side.value = 'buy'
      state.error.value = null
    },
    share: (percent: number): void => fillShare(deps, state, percent),
    send: () => send(deps, state),
  }
}

async function send(deps: TicketDeps, state: TicketState): Promise<void> {
  const market = deps.listing.market.peek()
  const scales = state.scales.peek()
  if (market === undefined || scales === undefined || state.isSending.peek()) return
  state.error.value = firstError(state, scales)
  if (state.error.peek() !== null) return
  const body = bodyOf(state, market, scales)
  const { clientOrderId } = body
  deps.portfolio.expect(pendingOf(body, clientOrderId))
  state.isSending.value = true
  const outcome = await deps.client.place(body)
  state.isSending.value = false
  if (outcome.kind === 'done') {
    learnLater(deps, outcome.value.order)
    state.size.value = ''
    state.total.value = ''
  } else if (outcome.kind === 'refused') {
    deps.portfolio.dismiss(clientOrderId)
    state.error.value = fieldErrorOf(state.kind.peek(), outcome)
  } else {
    deps.notices.say(outcomeText(outcome), 'bad')
    void findOut(deps, clientOrderId)
  }
}

function firstError(state: TicketState, scales: MarketScales): FieldError | null {
  const kind = state.kind.peek()
  const isBySize = state.written.peek() === 'size' || kind.type !== 'market'
  const amount: Check = isBySize
    ? { field: 'size', scale: scales.size, tooFine: 'order.size_off_lot' }
    : { field: 'total', scale: scales.quote, tooFine: 'request.malformed' }
  for (const check of [...writtenFields(state).map((field) => checkOf(field, scales)), amount]) {
    const error = checkField(state[check.field].peek(), check)
    if (error !== null) return error
  }
  return null
}

/** The fields of the kind that are not left empty where they may be. */
function writtenFields(state: TicketState): readonly KindField[] {
  const { fields, optional = [] } = state.kind.peek()
  return fields.filter((field) => !optional.includes(field) || state[field].peek() !== '')
}

function checkOf(field: KindField, scales: MarketScales): Check {
  const isPrice = KIND_FIELDS[field].scale === 'price'
  const tooFine = isPrice ? 'order.price_off_tick' : 'order.size_off_lot'
  return { field, scale: isPrice ? scales.price : scales.size, tooFine }
}

type Check = {
  readonly field: KindField | 'size' | 'total'
  readonly scale: number
  readonly tooFine: RefusalCode
}

function checkField(text: string, { field, scale, tooFine }: Check): FieldError | null {
  const units = unitsOf(text, scale)
  if (units !== undefined && units > 0) return null
  if (isTooFine(text, scale)) return { field, code: tooFine, text: REFUSALS[tooFine].text }
  const name = field === 'size' || field === 'total' ? field : KIND_FIELDS[field].name.toLowerCase()
  return { field, code: 'request.malformed', text: `Write the ${name} as a number above 0.` }
}

function bodyOf(state: TicketState, market: Market, scales: MarketScales) {
  const kind = state.kind.peek()
  const { type } = kind
  const written = writtenFields(state).map((field) => [KIND_FIELDS[field].api, state[field].peek()])
  const isByQuote = type === 'market' && state.written.peek() === 'total'
  const [size, total] = [state.size.peek(), state.total.peek()]
  return {
    clientOrderId: callerId(),
    market: market.symbol,
    side: state.side.peek(),
    type,
    ...(isByQuote
      ? { quoteAmount: textOf(unitsOf(total, scales.quote) ?? 0, scales.quote) }
      : { size }),
    ...Object.fromEntries(written),
    ...(kind.rests && state.postOnly.peek() ? { postOnly: true } : {}),
  } satisfies PlaceBody & { readonly clientOrderId: string }
}

function pendingOf(body: PlaceBody, clientOrderId: string): Pending {
  const { market, side, type, price = null, size = null, quoteAmount } = body
  const amount = quoteAmount === undefined ? {} : { quoteAmount }
  return { market, side, type, price, size, ...amount, clientOrderId, sentAt: Date.now() * 1_000 }
}

/** The stream tells first; its answer fills in where the stream is down. */
function learnLater({ portfolio, notices }: TicketDeps, order: Order): void {
  setTimeout(() => portfolio.learn(order), ASK_AGAIN_MS)
  if (order.status !== 'cancelled' || order.reason === undefined) return
  const known = Object.entries(REFUSALS).find(([code]) => code === order.reason)
  notices.say(`Cancelled: ${known?.[1].text ?? order.reason}`, 'bad')
}

/** Nobody knows whether the order arrived: asks by its id until the server says yes or no. */
async function findOut({ client, portfolio, notices }: TicketDeps, id: string): Promise<void> {
  let missing = 0
  while (missing < ASK_TIMES) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    const outcome = await client.orderByClientId(id)
    if (outcome.kind === 'done') return portfolio.learn(outcome.value.order)
    if (outcome.kind === 'refused' && outcome.status === 404) missing += 1
  }
  portfolio.dismiss(id)
  notices.say('The order never arrived.', 'bad')
}
