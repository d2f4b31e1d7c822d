// Orders: what is open or on its way, newest first, with cancel at the right; all on demand.
//
// A pending row is an order that was sent and that nobody has confirmed; it has no cancel, because
// it has no id yet.

import { useSignal } from '@preact/signals'
import { useApp } from '../app-context.ts'
import { isOpen, type Order } from '../model/account-state.ts'
import { clockText, grouped, plain, UNKNOWN } from '../model/numbers.ts'
import { kindText, statusText, triggerText } from '../model/order-words.ts'
import type { Pending } from '../model/portfolio.ts'
import { type Column, Table } from './table.tsx'

const COLUMNS: readonly Column[] = [
  { name: 'Time' },
  { name: 'Market' },
  { name: 'Side' },
  { name: 'Type' },
  { name: 'Price', isNumber: true },
  { name: 'Trigger', isNumber: true },
  { name: 'Size', isNumber: true },
  { name: 'Filled', isNumber: true },
  { name: 'Average', isNumber: true },
  { name: 'Status' },
  { name: '', isNumber: true },
]
const RECENT = 100

export function OrdersTable() {
  const { portfolio } = useApp()
  const showsAll = useSignal(false)
  const open = portfolio.open.value
  const orders = showsAll.value ? portfolio.recent.value.slice(0, RECENT) : open
  const pending = portfolio.pending.value
  return (
    <>
      <div class="table-bar">
        <label>
          <input
            type="checkbox"
            checked={showsAll.value}
            onChange={(event) => {
              showsAll.value = event.currentTarget.checked
            }}
          />
          Show finished orders
        </label>
        {open.length > 1 && (
          <button type="button" class="button quiet" onClick={() => void portfolio.cancelAll()}>
            Cancel all {open.length}
          </button>
        )}
      </div>
      {orders.length + pending.length === 0 ? (
        <p class="empty">No open orders. Click a price in the book, or press B or S to begin.</p>
      ) : (
        <Table label="Orders" columns={COLUMNS}>
          {pending.map((order) => (
            <PendingRow key={order.clientOrderId} order={order} />
          ))}
          {orders.map((order) => (
            <OrderRow key={order.id} order={order} />
          ))}
        </Table>
      )}
    </>
  )
}

function PendingRow({ order }: { readonly order: Pending }) {
  const { market, side, type, price, size, quoteAmount, sentAt, clientOrderId } = order
  return (
    <tr class="pending" title={`clientOrderId ${clientOrderId}`}>
      <td>{clockText(sentAt)}</td>
      <td>{market}</td>
      <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
      <td>{type}</td>
      <td class="number">{grouped(price)}</td>
      <td />
      <td class="number">{size === null ? `for ${plain(quoteAmount)}` : plain(size)}</td>
      <td class="number">{UNKNOWN}</td>
      <td class="number">{UNKNOWN}</td>
      <td>
        pending <span class="muted">{clientOrderId.slice(0, 8)}</span>
      </td>
      <td />
    </tr>
  )
}

function OrderRow({ order }: { readonly order: Order }) {
  const { portfolio } = useApp()
  const { id, market, side, price, size, filled, averagePrice, createdAt } = order
  const isLive = isOpen(order)
  return (
    <tr class={isLive ? '' : 'finished'} title={`clientOrderId ${order.clientOrderId ?? ''}`}>
      <td>{clockText(createdAt)}</td>
      <td>{market}</td>
      <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
      <td>{kindText(order)}</td>
      <td class="number">{grouped(price)}</td>
      <td class="number">{triggerText(order)}</td>
      <td class="number" title={order.displaySize && `shows ${plain(order.displaySize)}`}>
        {size === null ? `for ${plain(order.quoteAmount)}` : plain(size)}
        {order.displaySize !== undefined && (
          <span class="muted"> / {plain(order.displaySize)}</span>
        )}
      </td>
      <td class="number">{plain(filled)}</td>
      <td class="number">{grouped(averagePrice)}</td>
      <td title={order.reason}>{statusText(order)}</td>
      <td class="number">
        {isLive && (
          <button
            type="button"
            class="button quiet"
            aria-label={`Cancel order ${id}: ${side} ${plain(size)} ${market}`}
            disabled={portfolio.cancelling.value.has(id)}
            onClick={() => void portfolio.cancel(id)}
          >
            Cancel
          </button>
        )}
      </td>
    </tr>
  )
}
