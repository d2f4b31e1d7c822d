// Trading on our own platform: the Trading port over the REST client.
//
// INV-18: what was not answered is `unknown`, and asking again with the same clientOrderId tells.
// The client repeats an unknown request with the same id and sentAt; nothing here makes up a new
// one. What shall end with its connection goes over the stream, the rest over REST.

import type { Client } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { Order as ApiOrder, PlaceBody, Placed } from '#client/shapes.ts'
import type { Stream } from '#client/stream.ts'
import type { Answer, Fill, Order, PlaceAnswer, Refused, Trading, Unknown } from '../venue.ts'
import { toAmendBody, toFill, toOrder, toPlaceBody } from './order-shapes.ts'

export type InternalTradingDeps = {
  readonly client: Client
  /** A sub-account; without it the key's own account. */
  readonly account?: number
  /** One whose orders end with it; without it no order does. */
  readonly stream?: Pick<Stream, 'orders'>
}

const PAGE = 1_000
/** Fills further back than this are not looked for. */
const FILL_PAGES_MAX = 20

export function createInternalTrading(deps: InternalTradingDeps): Trading {
  const { client, account, stream } = deps
  const ofAccount = account === undefined ? {} : { account }
  return {
    async place(request) {
      if (request.minProfit !== undefined) return NO_POOLS
      if (stream !== undefined && request.stays === 'connected') {
        return placeConnected(stream, toPlaceBody(request, account))
      }
      return placedOf(await client.place(toPlaceBody(request, account)))
    },
    async amend(clientOrderId, amendment) {
      const body = toAmendBody(amendment)
      return placedOf(await client.amendByClientId(clientOrderId, body, ofAccount))
    },
    async cancel(clientOrderId) {
      const outcome = await client.cancelByClientId(clientOrderId, ofAccount)
      if (outcome.kind !== 'done') return notDone(outcome)
      return { kind: 'done', order: toOrder(outcome.value.order) }
    },
    async order(clientOrderId) {
      const outcome = await client.orderByClientId(clientOrderId, ofAccount)
      if (outcome.kind === 'done') return { kind: 'ok', value: toOrder(outcome.value.order) }
      if (outcome.kind === 'refused' && outcome.code === 'not_found') {
        return { kind: 'ok', value: undefined }
      }
      return unknown(outcome)
    },
    async orders(symbol) {
      const open: Order[] = []
      for (const status of ['open', 'partially_filled'] as const) {
        const some = await allOrders(client, { ...ofAccount, market: symbol, status })
        if (some.kind === 'unknown') return some
        open.push(...some.value.map(toOrder))
      }
      return { kind: 'ok', value: open }
    },
    fills: (after) => fillsAfter(client, ofAccount, after),
    async balances() {
      const outcome = await client.balances(ofAccount)
      if (outcome.kind !== 'done') return unknown(outcome)
      const value = outcome.value.items.map(({ asset, available, held }) => {
        return { asset, available, held }
      })
      return { kind: 'ok', value }
    },
    async cancelAfter(cancelAfterMs) {
      const outcome = await client.cancelAfter({ ...ofAccount, cancelAfterMs })
      return outcome.kind === 'done' ? { kind: 'ok', value: null } : unknown(outcome)
    },
  }
}

const NO_POOLS: Refused = { kind: 'refused', code: 'order.type_unsupported' }

function placedOf(outcome: Outcome<Placed>): PlaceAnswer {
  if (outcome.kind !== 'done') return notDone(outcome)
  const { order, fills } = outcome.value
  return { kind: 'accepted', order: toOrder(order), fills: fills.map(toFill) }
}

async function placeConnected(
  stream: Pick<Stream, 'orders'>,
  order: PlaceBody,
): Promise<PlaceAnswer> {
  const outcome = await stream.orders({ op: 'order.place', orders: [order] })
  if (outcome.kind !== 'done') return notDone(outcome)
  const { status = 500, order: placed, fills = [], code = '', message } = outcome.value[0] ?? {}
  if (placed !== undefined) {
    return { kind: 'accepted', order: toOrder(placed), fills: fills.map(toFill) }
  }
  if (status >= 500) return { kind: 'unknown', reason: `status ${status}` }
  return { kind: 'refused', code, ...(message === undefined ? {} : { detail: message }) }
}

type OfAccount = { readonly account?: number }
type OrderQuery = OfAccount & {
  readonly market: string
  readonly status: 'open' | 'partially_filled'
}

async function allOrders(client: Client, query: OrderQuery): Promise<Answer<ApiOrder[]>> {
  const all: ApiOrder[] = []
  let after: string | undefined
  do {
    const page = await client.orders({ ...query, limit: PAGE, ...(after && { after }) })
    if (page.kind !== 'done') return unknown(page)
    all.push(...page.value.items)
    after = page.value.next ?? undefined
  } while (after !== undefined)
  return { kind: 'ok', value: all }
}

/** The API answers the newest first; the port wants the oldest first. */
async function fillsAfter(
  client: Client,
  ofAccount: OfAccount,
  last: string | undefined,
): Promise<Answer<readonly Fill[]>> {
  const found: Fill[] = []
  let after: string | undefined
  for (let page = 0; page < FILL_PAGES_MAX; page += 1) {
    const answer = await client.fills({ ...ofAccount, limit: PAGE, ...(after && { after }) })
    if (answer.kind !== 'done') return unknown(answer)
    for (const fill of answer.value.items.map(toFill)) {
      if (fill.fillId === last) return { kind: 'ok', value: found.reverse() }
      found.push(fill)
    }
    after = answer.value.next ?? undefined
    if (after === undefined) break
  }
  return { kind: 'ok', value: found.reverse() }
}

type NotDone = Exclude<Outcome<never>, { kind: 'done' }>

function notDone(outcome: NotDone): Refused | Unknown {
  if (outcome.kind === 'unknown') return { kind: 'unknown', reason: outcome.why }
  return { kind: 'refused', code: outcome.code, detail: outcome.message }
}

/** For questions: whatever is not an answer leaves it unknown. */
function unknown(outcome: NotDone): Unknown {
  const reason = outcome.kind === 'unknown' ? outcome.why : outcome.code
  return { kind: 'unknown', reason }
}
