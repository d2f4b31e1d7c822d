// Test acts: what a strategy asks for in a test, done at its venues and answered at once.
//
// An act of a market waits until that market is open, so that nothing is filled at a price of a bar
// that is over; what is of no market is answered with whatever opens next.

import type { Order, OrderRequest, PlaceAnswer } from '#connectors/venue.ts'
import type { Action } from '../runtime/channel.ts'
import { exchangeOf, type Stage, send, tell, tellChanges, type World } from './test-world.ts'

const REACTIONS_MAX = 1_000

/** Of everything that waits, what belongs to markets that are open now. */
export function performWaiting(world: World, opened: readonly Stage[]): void {
  for (let reactions = 0; reactions < REACTIONS_MAX; reactions += 1) {
    const at = world.waiting.findIndex((action) => isFor(world, action, opened))
    const [action] = at < 0 ? [] : world.waiting.splice(at, 1)
    if (action === undefined) return
    perform(world, action)
    tellChanges(world)
  }
}

function isFor(world: World, action: Action, opened: readonly Stage[]): boolean {
  if (!('venue' in action)) return true
  const symbol = symbolOf(world, action)
  return opened.some((stage) => {
    return stage.venue === action.venue && (symbol === undefined || stage.symbol === symbol)
  })
}

/** Undefined for what is of no market, or of an order that nobody knows. */
function symbolOf(world: World, action: Action & { readonly venue: string }): string | undefined {
  if (action.kind === 'place') return action.request.symbol
  if (action.kind !== 'cancel' && action.kind !== 'amend') {
    return 'symbol' in action ? action.symbol : undefined
  }
  return exchangeOf(world, action.venue).order(action.id)?.symbol
}

function perform(world: World, action: Action): void {
  switch (action.kind) {
    case 'place':
      place(world, action.venue, action.request)
      break
    case 'amend':
      amend(world, action)
      break
    case 'cancel':
      tellOrder(world, action.venue, exchangeOf(world, action.venue).cancel(action.id))
      break
    case 'cancelAll': {
      const exchange = exchangeOf(world, action.venue)
      for (const { clientOrderId } of exchange.open(action.symbol)) exchange.cancel(clientOrderId)
      break
    }
    case 'recover': {
      const { venue, id, symbol } = action
      const known = exchangeOf(world, venue).order(id)
      tellOrder(world, venue, known ?? refused({ clientOrderId: id, symbol, side: 'buy' }))
      break
    }
    case 'quote':
      send(world, { kind: 'quote', no: action.no, quote: NO_QUOTE })
      break
    case 'transfer': {
      const { id } = action.transfer
      const result = { id, kind: 'refused', code: 'transfer.unavailable' } as const
      send(world, { kind: 'transfer', result })
      break
    }
    default: // What is told to people, and subscriptions: every market is told anyway.
  }
}

const NO_QUOTE = { kind: 'unavailable', reason: 'bars have no book' } as const

/** A cancel of what was final already answers its final state. */
function tellOrder(world: World, venue: string, order: Order | undefined): void {
  const changes = exchangeOf(world, venue).changes()
  const isTold = changes.some((change) => {
    return change.kind === 'order' && change.order.clientOrderId === order?.clientOrderId
  })
  for (const change of changes) tell(world, venue, change)
  if (order !== undefined && !isTold) send(world, { kind: 'order', venue, order })
}

type Asked<K extends Action['kind']> = Extract<Action, { kind: K }>

function amend(world: World, { venue, id, amendment }: Asked<'amend'>): void {
  const exchange = exchangeOf(world, venue)
  const answer = exchange.amend(id, amendment)
  if (answer.kind === 'accepted') {
    const { order, fills } = answer
    for (const fill of fills) tell(world, venue, { kind: 'fill', fill })
    if (order.state !== 'open') tell(world, venue, { kind: 'order', order })
    else send(world, { kind: 'order', venue, order, amend: {} })
    return
  }
  const order = exchange.order(id)
  if (order?.state !== 'open') return
  send(world, { kind: 'order', venue, order, amend: { code: codeOf(answer) } })
}

function place(world: World, venue: string, request: OrderRequest): void {
  const stage = world.stages.find((one) => {
    return one.venue === venue && one.symbol === request.symbol
  })
  const answer: PlaceAnswer =
    stage?.instrument.kind === 'order-book'
      ? exchangeOf(world, venue).place({ ...request, sentAt: world.now })
      : { kind: 'refused', code: 'venue.read_only' }
  if (answer.kind === 'accepted') {
    for (const fill of answer.fills) tell(world, venue, { kind: 'fill', fill })
    tell(world, venue, { kind: 'order', order: answer.order })
  } else tell(world, venue, { kind: 'order', order: refused(request, codeOf(answer)) })
}

function codeOf(answer: Exclude<PlaceAnswer, { kind: 'accepted' }>): string {
  return answer.kind === 'refused' ? answer.code : answer.reason
}

type Named = Pick<OrderRequest, 'clientOrderId' | 'symbol' | 'side'>

function refused({ clientOrderId, symbol, side }: Named, code = 'not_found'): Order {
  const nothing = { venueOrderId: undefined, filledBase: '0', filledQuote: '0' }
  return { clientOrderId, symbol, side, state: 'refused', code, ...nothing }
}
