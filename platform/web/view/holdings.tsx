// Holdings: the customer's balances in short, under the ticket.

import { useApp } from '../app-context.ts'
import { shortened } from '../model/numbers.ts'

const DIGITS = 4

export function Holdings() {
  const { portfolio } = useApp()
  const balances = [...portfolio.balances.value.values()].filter(({ total }) => Number(total) > 0)
  if (balances.length === 0) return null
  return (
    <div class="holdings">
      <h2>Balances</h2>
      <dl>
        {balances.map(({ asset, total }) => (
          <div class="cost-line" key={asset}>
            <dt>{asset}</dt>
            <dd>{shortened(total, DIGITS)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
