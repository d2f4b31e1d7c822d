// Order asking: questions to a venue about one order, repeated until there is an answer.
//
// An order that the venue does not know is sent again under its own id while it is young, for then
// it is still meant; what is older and not there after longer than a request can be on its way
// never will be. The same holds for what an order is amended to.

import type {
  Amendment,
  Answer,
  Fill,
  Order,
  OrderRequest,
  PlaceAnswer,
  Trading,
} from '#connectors/venue.ts'

export type OrderAsking = {
  /** What the venue says an order is, once it does; undefined when nobody waits any more. */
  learn(venue: string, request: OrderRequest): Promise<Learnt | undefined>
  /** The order as it was to become, or why not; undefined when nobody waits any more. */
  amend(venue: string, asked: AskedAmend): Promise<KnownAnswer | undefined>
  /** Undefined when the venue does not know it. */
  find(venue: string, id: string): Promise<Order | undefined>
  /** The order as it ended; undefined when the venue will not cancel it. */
  cancel(venue: string, id: string): Promise<Order | undefined>
  /** The open ones. */
  orders(venue: string, symbol: string): Promise<readonly Order[]>
  /** After a fill, oldest first. */
  fills(venue: string, after: string | undefined): Promise<readonly Fill[]>
}

export type Learnt = { readonly order: Order; readonly fills: readonly Fill[] }

export type KnownAnswer = Exclude<PlaceAnswer, { kind: 'unknown' }>

export type AskedAmend = {
  readonly id: string
  readonly amendment: Amendment
  readonly askedMs: number
}

export type OrderAskingDeps = {
  readonly trading: (venue: string) => Trading | undefined
  readonly sleep: (ms: number) => Promise<unknown>
  readonly nowMs: () => number
  readonly isClosed: () => boolean
}

const ASK_FIRST_MS = 100
const ASK_MAX_MS = 2_000
/** An order that is older is not meant any more. */
export const RESEND_MS = 5_000
/** Longer than a request can be on its way. */
const ABSENT_AFTER_MS = 12_000

export function createOrderAsking(deps: OrderAskingDeps): OrderAsking {
  const untilAnswered = <T>(ask: () => Promise<T | undefined>) => repeat(deps, ask)
  const listed = async <T>(ask: () => Promise<Answer<readonly T[]>> | undefined) => {
    const answer = await untilAnswered(async () => {
      const list = await ask()
      return list?.kind === 'unknown' ? undefined : { value: list?.value ?? [] }
    })
    return answer?.value ?? []
  }
  return {
    learn: (venue, request) => untilAnswered(() => learnOnce(deps, venue, request)),
    amend: (venue, asked) => untilAnswered(() => amendOnce(deps, venue, asked)),
    async find(venue, id) {
      const found = await untilAnswered(async () => {
        const answer = await deps.trading(venue)?.order(id)
        if (answer === undefined) return { value: undefined }
        return answer.kind === 'ok' ? answer : undefined
      })
      return found?.value
    },
    async cancel(venue, id) {
      const ended = await untilAnswered(async () => {
        const answer = await deps.trading(venue)?.cancel(id)
        if (answer?.kind === 'done') return answer
        const isLater = answer?.kind === 'unknown' || answer?.code === 'rate.limited'
        return isLater ? undefined : { order: undefined }
      })
      return ended?.order
    },
    orders: (venue, symbol) => listed(() => deps.trading(venue)?.orders(symbol)),
    fills: (venue, after) => listed(() => deps.trading(venue)?.fills(after)),
  }
}

/** Undefined is asked again, with pauses that grow; undefined when nobody waits any more. */
async function repeat<T>(
  { sleep, isClosed }: OrderAskingDeps,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let pause = ASK_FIRST_MS; ; pause = Math.min(pause * 2, ASK_MAX_MS)) {
    const answer = await ask()
    if (isClosed()) return undefined
    if (answer !== undefined) return answer
    await sleep(pause)
  }
}

async function learnOnce(
  { trading: of, nowMs }: OrderAskingDeps,
  venue: string,
  request: OrderRequest,
): Promise<Learnt | undefined> {
  const trading = of(venue)
  const answer = await trading?.order(request.clientOrderId)
  if (trading === undefined || answer === undefined) return nothing(request, 'venue.read_only')
  if (answer.kind === 'unknown') return undefined
  if (answer.value !== undefined) return { order: answer.value, fills: [] }
  const ageMs = nowMs() - request.sentAt / 1_000
  if (ageMs >= RESEND_MS) {
    return ageMs >= ABSENT_AFTER_MS ? nothing(request, 'not_found') : undefined
  }
  const again = await trading.place(request)
  if (again.kind === 'unknown') return undefined
  return again.kind === 'accepted' ? again : nothing(request, again.code)
}

async function amendOnce(
  { trading: of, nowMs }: OrderAskingDeps,
  venue: string,
  { id, amendment, askedMs }: AskedAmend,
): Promise<KnownAnswer | undefined> {
  const trading = of(venue)
  if (trading?.amend === undefined) return { kind: 'refused', code: 'order.not_amendable' }
  const answer = await trading.order(id)
  if (answer.kind === 'unknown') return undefined
  const order = answer.value
  if (order === undefined) return { kind: 'refused', code: 'not_found' }
  if (order.state !== 'open' || isMet(amendment, order)) {
    return { kind: 'accepted', order, fills: [] }
  }
  const ageMs = nowMs() - askedMs
  if (ageMs >= RESEND_MS) {
    return ageMs >= ABSENT_AFTER_MS ? { kind: 'refused', code: 'not_found' } : undefined
  }
  const again = await trading.amend(id, amendment)
  return again.kind === 'unknown' ? undefined : again
}

function isMet(amendment: Amendment, order: Order): boolean {
  return (['size', 'limitPrice', 'triggerPrice'] as const).every((term) => {
    return amendment[term] === undefined || Number(amendment[term]) === Number(order[term])
  })
}

function nothing(request: OrderRequest, code: string): Learnt {
  return { order: absent(request, code), fills: [] }
}

type Named = Pick<OrderRequest, 'clientOrderId' | 'symbol' | 'side'>

/** An order that never was. */
export function absent({ clientOrderId, symbol, side }: Named, code: string): Order {
  const zero = { venueOrderId: undefined, filledBase: '0', filledQuote: '0' }
  return { clientOrderId, symbol, side, state: 'refused', code, ...zero }
}
