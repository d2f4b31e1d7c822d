// Bots: a card each with what it is, how it does after fees and gas, and a way to pause it.
//
// The equity line and the drawdown are of the time that the page was open: it says so where it
// matters, and knows nothing of before.

import { useApp } from '../app-context.ts'
import { type Bot, drawdown } from '../model/bots.ts'
import { ageText, percent, shortened, signed, toneOf, UNKNOWN } from '../model/numbers.ts'
import { Sparkline } from './sparkline.tsx'

export function BotsPanel() {
  const list = useApp().bots.list.value
  if (list === null) return <div class="skeleton rows" role="status" aria-label="Loading" />
  if (list.length === 0) {
    return <p class="empty">No bots are deployed. Start the demo to see some trade.</p>
  }
  return (
    <ul class="bots" aria-label="Bots">
      {list.map((bot) => (
        <Card key={bot.id} bot={bot} />
      ))}
    </ul>
  )
}

function Card({ bot }: { readonly bot: Bot }) {
  const { bots } = useApp()
  const points = bots.equity.value.get(bot.id) ?? []
  const worst = drawdown(points)
  const isPaused = bot.state === 'paused'
  const canChange = isPaused || bot.state === 'running'
  return (
    <li class="bot" aria-label={`Bot ${bot.id}`}>
      <div class="bot-head">
        <b>{bot.id}</b>
        <span class={`state ${bot.state}`}>{bot.state}</span>
        <button
          type="button"
          class="button"
          disabled={!canChange || bots.busy.value.has(bot.id)}
          aria-label={`${isPaused ? 'Resume' : 'Pause'} ${bot.id}`}
          onClick={() => void bots.toggle(bot)}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </button>
      </div>
      <p class="muted">
        {bot.strategy.replaceAll('-', ' ')}, since {ageText(Date.now() - bot.since / 1_000)}
      </p>
      <div class="bot-pnl">
        <span class={`pnl ${toneOf(bot.pnl)}`}>{signed(bot.pnl && fewer(bot.pnl))}</span>
        <Sparkline points={points} label={`Equity of ${bot.id} since the page was opened`} />
      </div>
      <dl class="bot-figures">
        <Figure name="Equity" value={shortened(bot.equity, 2)} />
        <Figure name="Fees" value={shortened(bot.fees, 2)} />
        <Figure name="Gas" value={shortened(bot.gas, 2)} />
        <Figure name="Drawdown" value={worst === null ? UNKNOWN : percent(-worst * 100)} />
      </dl>
    </li>
  )
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** Two digits, cut towards zero. */
function fewer(amount: string): string {
  const sign = amount.startsWith('-') ? '-' : ''
  return sign + shortened(amount.replace('-', ''), 2).replaceAll(',', '')
}
