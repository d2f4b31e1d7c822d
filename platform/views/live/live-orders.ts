// Live orders: every open order, and finished ones until the projector has passed them.
//
// An order is always here or in the database, never in neither: it leaves only when the database
// has the event that finished it and will not lose it (projector.ts). Orders stand packed, and are
// made rows for those who ask. INV-17: open ones are bounded by ORDERS_MAX, finished ones by how
// far the projector may be behind.

import * as peek from '#engine/codec/peek.ts'
import type { Cells } from '#engine/codec.ts'
import { assert } from '#kernel/assert.ts'
import type { AccountId, MarketId, OrderId } from '#kernel/ids.ts'
import { isFinished, type OrderRow } from '../order-row.ts'
import { createOrderIndex, type OrderIndex } from './order-index.ts'
import { createAccountChains, createFinishedQueue } from './order-links.ts'
import { createNameKeys, type NameKeys } from './order-names.ts'
import { createOrderSlab, FINISHED, OPEN, PAGE_BITS } from './order-slab.ts'
import * as packed from './packed-order.ts'
import { NONE } from './places.ts'

/** What names an order and says whether it is over. */
export type OrderHead = {
  readonly id: OrderId
  readonly account: AccountId
  readonly market: MarketId
  readonly isFinished: boolean
}

/** Finds orders by their id, or the latest of an account by the id that its owner gave it. */
export type OrderFinder<T> = {
  order(id: OrderId): T | undefined
  orderByClientId(account: AccountId, clientOrderId: string): T | undefined
}

export type LiveOrders = {
  readonly rows: OrderFinder<OrderRow>
  readonly heads: OrderFinder<OrderHead>
  /** The accepted event at a cell; answers the place of the order. */
  accept(cells: Cells, at: number): number
  /** The cancelled event at a cell. */
  cancel(cells: Cells, at: number): number
  /** Another change, or an order that is open at the start. */
  put(order: OrderRow): number
  /** Copies the order at a place as it is now. */
  copy(place: number, into: packed.OrderPage, row: number): void
  /** Open and finished, the newest first. */
  ofAccount(account: AccountId): OrderRow[]
  /** Open orders whose trigger was met, at any time. */
  triggered(): OrderRow[]
  openCount(): number
  finishedCount(): number
  /** The projector has written everything up to this event. */
  forgetUpTo(eventNo: number): void
}

/** Where orders are and how they come and finish. */
function createKeeper(pageBits: number) {
  const slab = createOrderSlab(pageBits)
  const { pageOf, rowOf } = slab
  const chains = createAccountChains(slab)
  const index = createOrderIndex(slab)
  const finished = createFinishedQueue(slab)
  return {
    ...{ slab, index, chains, finished },
    /** A packed order is open from now on; it is found by its name if the key of that is not 0. */
    enter(place: number, key: number): void {
      const [page, row] = [pageOf(place), rowOf(place)]
      page.states[row] = OPEN
      page.keys[row] = key
      chains.add(place)
      index.enter(place, key)
    },
    finish(place: number): void {
      pageOf(place).states[rowOf(place)] = FINISHED
      finished.add(place)
    },
    /** The place of an order that is not over. */
    openPlace(id: OrderId): number {
      const place = index.byId(id)
      if (place === NONE) assert(false, `INV-11: order ${id} is not known`)
      const isOpen = pageOf(place).states[rowOf(place)] === OPEN
      if (!isOpen) assert(false, `INV-06: order ${id} ends twice`)
      return place
    },
  }
}

/** `keys` are others in a test whose names share them, pages smaller where they shall fill. */
export function createLiveOrders(
  keys: NameKeys = createNameKeys(),
  pageBits = PAGE_BITS,
): LiveOrders {
  const { slab, index, chains, finished, enter, finish, openPlace } = createKeeper(pageBits)
  const { pageOf, rowOf } = slab
  const rowAt = (place: number): OrderRow => packed.unpackOrder(pageOf(place), rowOf(place))
  const isTriggered = (place: number): boolean => {
    const [page, row] = [pageOf(place), rowOf(place)]
    return page.states[row] === OPEN && packed.fieldAt.triggeredAt(page, row) > 0
  }
  const open = (order: OrderRow): void => {
    index.makeRoom()
    const place = slab.take()
    packed.packOrder(pageOf(place), rowOf(place), order)
    enter(place, keys.ofText(order.account, order.clientOrderId))
  }
  return {
    rows: createFinder(index, keys, rowAt),
    heads: createFinder(index, keys, (place) => headAt(pageOf(place), rowOf(place))),
    accept: (cells, at) => {
      index.makeRoom()
      const place = slab.take()
      packed.packAccepted(pageOf(place), rowOf(place), cells, at)
      const account = peek.accepted.account(cells, at)
      const length = peek.accepted.idLength(cells, at)
      enter(place, keys.ofBytes(account, cells.bytes, peek.accepted.idByte(at), length))
      return place
    },
    cancel: (cells, at) => {
      const place = openPlace(peek.cancelled.orderId(cells, at))
      packed.packCancelled(pageOf(place), rowOf(place), cells, at)
      finish(place)
      return place
    },
    put: (order) => {
      if (index.byId(order.id) === NONE && !isFinished(order)) open(order)
      const place = openPlace(order.id)
      packed.packChange(pageOf(place), rowOf(place), order)
      if (isFinished(order)) finish(place)
      return place
    },
    copy: (place, into, row) => packed.copyOrder(pageOf(place), rowOf(place), into, row),
    ofAccount: (account) =>
      chains
        .of(account)
        .map(rowAt)
        .sort((a, b) => b.id - a.id),
    triggered: () => chains.all().filter(isTriggered).map(rowAt),
    openCount: () => slab.count() - finished.count(),
    finishedCount: finished.count,
    forgetUpTo: (eventNo) => {
      finished.leaveUpTo(eventNo, (place) => {
        chains.remove(place)
        slab.give(place)
      })
    },
  }
}

function createFinder<T>(
  { byId, names }: OrderIndex,
  keys: NameKeys,
  at: (place: number) => T,
): OrderFinder<T> {
  return {
    order: (id) => {
      const place = byId(id)
      return place === NONE ? undefined : at(place)
    },
    orderByClientId: (account, text) => {
      const place = names.find(keys.ofText(account, text), account, text)
      return place === NONE ? undefined : at(place)
    },
  }
}

function headAt(page: packed.OrderPage, row: number): OrderHead {
  return {
    id: packed.fieldAt.id(page, row),
    account: packed.fieldAt.account(page, row),
    market: packed.fieldAt.market(page, row),
    isFinished: packed.fieldAt.isFinished(page, row),
  }
}
