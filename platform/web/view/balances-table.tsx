// Balances: what there is of each asset, and what open orders hold of it.

import { useApp } from '../app-context.ts'
import { grouped } from '../model/numbers.ts'
import { askFaucet } from './ask-faucet.ts'
import { type Column, Table } from './table.tsx'

const COLUMNS: readonly Column[] = [
  { name: 'Asset' },
  { name: 'Available', isNumber: true },
  { name: 'In orders', isNumber: true },
  { name: 'Total', isNumber: true },
]

export function BalancesTable() {
  const app = useApp()
  const balances = [...app.portfolio.balances.value.values()].filter(
    ({ total }) => Number(total) > 0,
  )
  const faucet = app.connection.isDemo.value && (
    <button type="button" class="button primary" onClick={() => void askFaucet(app)}>
      Get demo coins
    </button>
  )
  if (balances.length === 0) {
    return (
      <div class="empty">
        <p>Nothing here yet. {faucet ? 'Take some demo coins:' : 'Deposit to begin.'}</p>
        {faucet}
      </div>
    )
  }
  return (
    <>
      <Table label="Balances" columns={COLUMNS}>
        {balances.map(({ asset, available, held, total }) => (
          <tr key={asset}>
            <td>{asset}</td>
            <td class="number">{grouped(available)}</td>
            <td class="number">{grouped(held)}</td>
            <td class="number">{grouped(total)}</td>
          </tr>
        ))}
      </Table>
      {faucet && <div class="table-bar">{faucet}</div>}
    </>
  )
}
