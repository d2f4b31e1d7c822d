// Private account: the bot's own money and orders in an engine room, as a venue would tell them.
//
// Whatever the rule by which orders meet the market, this side is the same: events become changes,
// a command becomes an answer, and what is over is remembered for those who ask again.

import type { AmendOrder, PlaceOrder } from '#engine/command.ts'
import { asId } from '#kernel/ids.ts'
import type { Amendment, Fill, Order, OrderRequest, PlaceAnswer } from '../venue.ts'
import { BOT, createEngineRoom, type EngineRoom, type EngineRoomOptions } from './engine-room.ts'
import { createOwnBook, type OwnBook, type OwnChange, type OwnOrder } from './own-book.ts'
import { amendCommand, placeCommand } from './place-command.ts'
import type { Listed } from './scales.ts'

export type Money = { readonly available: string; readonly held: string }

export type AccountChange =
  | Exclude<OwnChange, { kind: 'balance' }>
  | ({ readonly kind: 'balance'; readonly asset: string } & Money)

export type SavedAccount = {
  readonly orders: readonly OwnOrder[]
  readonly balances: Readonly<Record<string, Money>>
  /** The newest that are over, and the newest fills, oldest first. */
  readonly final: readonly Order[]
  readonly fills: readonly Fill[]
}

export type PrivateAccount = {
  readonly room: EngineRoom
  readonly own: OwnBook
  /** By asset: available and held, as decimals. */
  readonly balances: ReadonlyMap<string, Money>
  /** Those that are remembered, oldest first. */
  readonly fills: readonly Fill[]
  listed(symbol: string): Listed | undefined
  order(clientOrderId: string): Order | undefined
  open(symbol: string): readonly Order[]
  cancel(clientOrderId: string): Order | undefined
  /** `run` carries the command out, in a market as its rule has it. */
  place(request: OrderRequest, run: (command: PlaceOrder) => string): PlaceAnswer
  amend(amended: Amended, run: (command: AmendOrder) => string): PlaceAnswer
  /** Takes in what the engine has done, and answers what it means. */
  collect(): readonly AccountChange[]
  /** What happened since it was asked last. */
  changes(): AccountChange[]
  saved(): SavedAccount
}

export type Amended = { readonly clientOrderId: string; readonly amendment: Amendment }

export type PrivateAccountOptions = EngineRoomOptions & {
  readonly account?: SavedAccount | undefined
}

/** Older ones are forgotten. */
export const REMEMBERED_MAX = 5_000

export function createPrivateAccount(options: PrivateAccountOptions): PrivateAccount {
  const { account: before } = options
  const room = createEngineRoom(options)
  const own = createOwnBook(room.markets, before?.orders)
  const final = new Map((before?.final ?? []).map((order) => [order.clientOrderId, order]))
  const fills = [...(before?.fills ?? [])]
  const waiting: AccountChange[] = []
  const balances = new Map(
    room.assets.map(({ symbol, unitsOf, textOf }) => {
      const available = textOf(unitsOf(options.balances[symbol] ?? '0'))
      return [symbol, before?.balances[symbol] ?? { available, held: textOf(0) }]
    }),
  )

  function take(change: OwnChange): AccountChange[] {
    if (change.kind !== 'balance') {
      if (change.kind === 'fill') remember(fills, change.fill)
      else if (change.order.state !== 'open') end(final, change.order)
      return [change]
    }
    const asset = room.assets[change.asset]
    if (asset === undefined) return []
    const available = asset.textOf(change.units - change.held)
    const balance = { available, held: asset.textOf(change.held) }
    balances.set(asset.symbol, balance)
    return [{ kind: 'balance', asset: asset.symbol, ...balance }]
  }

  function collect(): readonly AccountChange[] {
    const came = own.take(room.events()).flatMap(take)
    waiting.push(...came)
    return came
  }

  function order(id: string): Order | undefined {
    const open = own.byClientId(id)
    return open === undefined ? final.get(id) : own.toOrder(open)
  }

  const listed = (symbol: string) => listedIn(room, symbol)
  return {
    ...{ room, own, balances, fills, listed, order, collect },
    open: (symbol) =>
      [...own.orders.values()]
        .filter(({ market }) => room.markets[market]?.instrument.symbol === symbol)
        .map((one) => own.toOrder(one)),
    cancel(id) {
      const open = own.byClientId(id)
      if (open !== undefined) {
        room.run({ kind: 'cancel', account: asId(BOT), orderId: asId(open.id) })
        collect()
      }
      return order(id)
    },
    ...commanding({ room, own, waiting, collect }),
    changes: () => waiting.splice(0),
    saved: () => ({
      ...{ orders: [...own.orders.values()], balances: Object.fromEntries(balances) },
      ...{ final: [...final.values()], fills },
    }),
  }
}

type Commanding = Pick<PrivateAccount, 'room' | 'own' | 'collect'> & {
  readonly waiting: AccountChange[]
}

/** What a command did is its answer, and is not told again. */
function commanding({ room, own, waiting, collect }: Commanding) {
  const answering = (id: string, act: () => string): PlaceAnswer => {
    collect()
    const known = waiting.length
    const code = act()
    collect()
    return code === 'done' ? answerOf(id, waiting, known) : { kind: 'refused', code }
  }
  return {
    place(request, run) {
      const market = listedIn(room, request.symbol)
      if (market === undefined) return { kind: 'refused', code: 'market.unknown' }
      const placing = placeCommand(request, market, room.now())
      if (!placing.ok) return { kind: 'refused', code: placing.code }
      return answering(request.clientOrderId, () => run(placing.command))
    },
    amend({ clientOrderId: id, amendment }, run) {
      const open = own.byClientId(id)
      const market = room.markets[open?.market ?? -1]
      if (open === undefined || market === undefined) return { kind: 'refused', code: 'not_found' }
      const amending = amendCommand(amendment, market, open.id)
      if (!amending.ok) return { kind: 'refused', code: amending.code }
      const before = own.toOrder(open)
      const answer = answering(id, () => run(amending.command))
      // Nothing differed, so nothing was told.
      return answer.kind === 'unknown' ? { kind: 'accepted', order: before, fills: [] } : answer
    },
  } satisfies Pick<PrivateAccount, 'place' | 'amend'>
}

function listedIn({ markets }: EngineRoom, symbol: string): Listed | undefined {
  return markets.find(({ instrument }) => instrument.symbol === symbol)
}

/** What is in the answer is not told again; balances are. */
function answerOf(id: string, waiting: AccountChange[], known: number): PlaceAnswer {
  const told = waiting.splice(known)
  const mine = told.findLast((one) => one.kind === 'order' && one.order.clientOrderId === id)
  const fills = told.flatMap((change) => (change.kind === 'fill' ? [change.fill] : []))
  if (mine?.kind !== 'order') {
    waiting.push(...told)
    return { kind: 'unknown', reason: 'the order is nowhere' }
  }
  waiting.push(...told.filter((change) => change.kind !== 'fill' && change !== mine))
  return { kind: 'accepted', order: mine.order, fills }
}

function remember<T>(list: T[], one: T): void {
  list.push(one)
  if (list.length > REMEMBERED_MAX) list.shift()
}

function end(final: Map<string, Order>, order: Order): void {
  final.set(order.clientOrderId, order)
  const [oldest] = final.keys()
  if (final.size > REMEMBERED_MAX && oldest !== undefined) final.delete(oldest)
}
