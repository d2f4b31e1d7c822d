// Fills: what was traded, newest first.

import { useApp } from '../app-context.ts'
import { clockText, grouped, plain } from '../model/numbers.ts'
import { type Column, Table } from './table.tsx'

const COLUMNS: readonly Column[] = [
  { name: 'Time' },
  { name: 'Market' },
  { name: 'Side' },
  { name: 'Price', isNumber: true },
  { name: 'Size', isNumber: true },
  { name: 'Fee', isNumber: true },
  { name: 'As' },
]
const SHOWN = 200

export function FillsTable() {
  const fills = useApp().portfolio.newestFills.value
  if (fills.length === 0) {
    return <p class="empty">No fills yet. A market order trades at once: press B or S.</p>
  }
  return (
    <Table label="Fills" columns={COLUMNS}>
      {fills.slice(0, SHOWN).map(({ id, orderId, market, side, price, size, ...fill }) => (
        <tr key={`${market} ${id} ${orderId}`}>
          <td>{clockText(fill.at)}</td>
          <td>{market}</td>
          <td class={side === 'buy' ? 'up' : 'down'}>{side}</td>
          <td class="number">{grouped(price)}</td>
          <td class="number">{plain(size)}</td>
          <td class="number">
            {plain(fill.fee)} <span class="muted">{fill.feeAsset}</span>
          </td>
          <td class="muted">{fill.liquidity}</td>
        </tr>
      ))}
    </Table>
  )
}
