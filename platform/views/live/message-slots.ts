// Message slots: what accounts were told, packed as it was then, in places that are used again.
//
// An order is copied, a balance is three numbers, a fill is kept as it is. Messages are made again
// for those who ask.

import * as peek from '#engine/codec/peek.ts'
import type { Cells } from '#engine/codec.ts'
import type { BalanceRow } from '#engine/image.ts'
import { asUnit } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { type AccountId, type AssetId, asId } from '#kernel/ids.ts'
import type { FillRow } from '../fill-row.ts'
import type { OrderRow } from '../order-row.ts'
import type { LiveOrders } from './live-orders.ts'
import { createOrderPage, fieldAt, type OrderPage, unpackOrder } from './packed-order.ts'
import { createPlaces } from './places.ts'

type Numbered = { readonly account: AccountId; readonly accountSeq: number; readonly at: number }

export type PrivateMessage = Numbered &
  (
    | { readonly channel: 'orders'; readonly order: OrderRow }
    | { readonly channel: 'fills'; readonly fill: FillRow }
    | { readonly channel: 'balances'; readonly balance: BalanceRow }
  )
export type PrivateChannel = PrivateMessage['channel']

const ORDER = 0
const FILL = 1
const BALANCE = 2

type SlotPage = OrderPage & {
  readonly kinds: Uint8Array
  /** cash, held and time of a balance. */
  readonly balances: Float64Array
  readonly assets: Uint8Array
  readonly fills: (FillRow | undefined)[]
}

const PAGE_BITS = 12
const BALANCE_NUMBERS = 3

export function createMessageSlots() {
  const { take, give, pageOf, rowOf } = createPlaces(PAGE_BITS, createSlotPage)
  return {
    ...{ take, give },
    putOrder(slot: number, orders: LiveOrders, place: number): void {
      const [page, row] = [pageOf(slot), rowOf(slot)]
      page.kinds[row] = ORDER
      orders.copy(place, page, row)
    },
    putFill(slot: number, fill: FillRow): void {
      const [page, row] = [pageOf(slot), rowOf(slot)]
      page.kinds[row] = FILL
      page.fills[row] = fill
    },
    putBalance(slot: number, cells: Cells, at: number): void {
      const [page, row] = [pageOf(slot), rowOf(slot)]
      page.kinds[row] = BALANCE
      page.assets[row] = peek.balance.asset(cells, at)
      page.balances[row * BALANCE_NUMBERS] = peek.balance.cash(cells, at)
      page.balances[row * BALANCE_NUMBERS + 1] = peek.balance.held(cells, at)
      page.balances[row * BALANCE_NUMBERS + 2] = peek.time(cells, at)
    },
    read(slot: number, account: AccountId, accountSeq: number): PrivateMessage {
      return messageAt(pageOf(slot), rowOf(slot), account, accountSeq)
    },
  }
}

function createSlotPage(rows: number): SlotPage {
  return {
    ...createOrderPage(rows),
    kinds: new Uint8Array(rows),
    balances: new Float64Array(rows * BALANCE_NUMBERS),
    assets: new Uint8Array(rows),
    fills: new Array<undefined>(rows).fill(undefined),
  }
}

function messageAt(
  page: SlotPage,
  row: number,
  account: AccountId,
  accountSeq: number,
): PrivateMessage {
  const kind = page.kinds[row]
  if (kind === ORDER) {
    const at = fieldAt.updatedAt(page, row)
    return { channel: 'orders', account, accountSeq, at, order: unpackOrder(page, row) }
  }
  if (kind === FILL) {
    const fill = page.fills[row]
    assert(fill !== undefined, `INV-09: message ${accountSeq} is missing`)
    return { channel: 'fills', account, accountSeq, at: fill.at, fill }
  }
  const [cash = 0, held = 0, at = 0] = page.balances.subarray(row * BALANCE_NUMBERS)
  const asset = asId<AssetId>(page.assets[row] ?? 0)
  const balance = { account, asset, cash: asUnit<never>(cash), held: asUnit<never>(held) }
  return { channel: 'balances', account, accountSeq, at, balance }
}
