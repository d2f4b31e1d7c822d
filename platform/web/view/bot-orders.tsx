// Orders and fills of the bot that is looked at, the newest first.
//
// A market that is not shown is a link: its chart has the bot's fills as dots.

import type { ComponentChildren } from 'preact'
import { useApp } from '../app-context.ts'
import { clockText, grouped, plain } from '../model/numbers.ts'
import { kindText } from '../model/order-words.ts'
import { type Column, Table } from './table.tsx'

const ORDERS: readonly Column[] = [
  { name: 'Time' },
  { name: 'Market' },
  { name: 'Side' },
  { name: 'Type' },
  { name: 'Price', isNumber: true },
  { name: 'Size', isNumber: true },
  { name: 'Filled', isNumber: true },
]
const FILLS: readonly Column[] = [
  { name: 'Time' },
  { name: 'Market' },
  { name: 'Side' },
  { name: 'Price', isNumber: true },
  { name: 'Size', isNumber: true },
  { name: 'Fee', isNumber: true },
]
const SHOWN = 200

export function BotOrders() {
  const orders = useApp().botView.open.value
  return (
    <Loaded count={orders.length} empty="No open orders.">
      <Table label="Open orders of the bot" columns={ORDERS}>
        {orders.slice(0, SHOWN).map((order) => (
          <tr key={order.id} title={`clientOrderId ${order.clientOrderId ?? ''}`}>
            <td>{clockText(order.createdAt)}</td>
            <td>
              <MarketLink symbol={order.market} />
            </td>
            <td class={order.side === 'buy' ? 'up' : 'down'}>{order.side}</td>
            <td>{kindText(order)}</td>
            <td class="number">{grouped(order.price)}</td>
            <td class="number">{plain(order.size)}</td>
            <td class="number">{plain(order.filled)}</td>
          </tr>
        ))}
      </Table>
    </Loaded>
  )
}

export function BotFills() {
  const fills = useApp().botView.newestFills.value
  return (
    <Loaded count={fills.length} empty="Nothing traded yet. Its fills will be dots in the chart.">
      <Table label="Fills of the bot" columns={FILLS}>
        {fills
          .slice(0, SHOWN)
          .map(({ id, orderId, market, side, price, size, fee, feeAsset, at }) => (
            <tr key={`${market} ${id} ${orderId}`}>
              <td>{clockText(at)}</td>
              <td>
                <MarketLink symbol={market} />
              </td>
              <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
              <td class="number">{grouped(price)}</td>
              <td class="number">{plain(size)}</td>
              <td class="number">
                {plain(fee)} <span class="muted">{feeAsset}</span>
              </td>
            </tr>
          ))}
      </Table>
    </Loaded>
  )
}

function MarketLink({ symbol }: { readonly symbol: string }) {
  const { listing } = useApp()
  if (listing.current.value === symbol) return <>{symbol}</>
  return (
    <button
      type="button"
      class="link"
      title="Show it in the chart"
      onClick={() => listing.choose(symbol)}
    >
      {symbol}
    </button>
  )
}

type LoadedProps = {
  readonly count: number
  readonly empty: string
  readonly children: ComponentChildren
}

function Loaded({ count, empty, children }: LoadedProps) {
  const { bots, botView } = useApp()
  // A stopped bot has no account that could be followed.
  const isOver = bots.chosen.value?.wanted === 'stopped'
  if (count > 0) return <>{children}</>
  if (botView.account.isLoaded.value || isOver) return <p class="empty">{empty}</p>
  return <div class="skeleton rows" role="status" aria-label="Loading" />
}
