// Ledger: every change of a balance with its reason, read anew when it is opened and after fills.
//
// Rows are the server's own bookings, newest first; nothing is added up here.

import { useSignal, useSignalEffect } from '@preact/signals'
import { useApp } from '../app-context.ts'
import type { ItemOf } from '../model/item-of.ts'
import { clockText, grouped, signed, toneOf } from '../model/numbers.ts'
import { type Column, Table } from './table.tsx'

const COLUMNS: readonly Column[] = [
  { name: 'Time' },
  { name: 'Kind' },
  { name: 'Asset' },
  { name: 'Amount', isNumber: true },
  { name: 'Balance', isNumber: true },
  { name: 'Reference' },
]
const PAGE = 100
const SETTLE_MS = 500

type Entry = ItemOf<ReturnType<typeof useApp>['client']['ledger']>

export function LedgerTable() {
  const { client, portfolio } = useApp()
  const entries = useSignal<readonly Entry[] | null>(null)
  const older = useSignal<string | null>(null)
  const read = async (after?: string): Promise<void> => {
    const query = after === undefined ? { limit: PAGE } : { limit: PAGE, after }
    const outcome = await client.ledger(query)
    if (outcome.kind !== 'done') return
    const { items, next } = outcome.value
    entries.value = after === undefined ? items : [...(entries.peek() ?? []), ...items]
    older.value = next
  }
  useSignalEffect(() => {
    portfolio.balances.value
    // History follows the live balances after a moment.
    const timer = setTimeout(() => void read(), entries.peek() === null ? 0 : SETTLE_MS)
    return () => clearTimeout(timer)
  })
  if (entries.value === null)
    return <div class="skeleton rows" role="status" aria-label="Loading" />
  if (entries.value.length === 0) return <p class="empty">Nothing was booked yet.</p>
  return (
    <>
      <Table label="Ledger" columns={COLUMNS}>
        {entries.value.map(({ eventNo, asset, kind, amount, balance, reference, at }) => (
          <tr key={`${eventNo} ${asset} ${kind} ${amount}`}>
            <td>{clockText(at)}</td>
            <td>{kind.replaceAll('_', ' ')}</td>
            <td>{asset}</td>
            <td class={`number ${toneOf(amount)}`}>{signed(amount)}</td>
            <td class="number">{grouped(balance)}</td>
            <td class="muted">{reference}</td>
          </tr>
        ))}
      </Table>
      {older.value !== null && (
        <div class="table-bar">
          <button
            type="button"
            class="button quiet"
            onClick={() => void read(older.peek() ?? undefined)}
          >
            Older entries
          </button>
        </div>
      )}
    </>
  )
}
