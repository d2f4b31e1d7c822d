// Bot card: what one bot is and how it does after fees and gas, why it stands still, and a pause.
//
// The platform's own bots tell no drawdown, so theirs is of the time that the page was open. A card
// of one's own opens everything there is to see of it.

import { useApp } from '../app-context.ts'
import { alertOf } from '../model/bot-words.ts'
import { type DeployedBot, drawdown, type HouseBot } from '../model/bots.ts'
import { ageText, percent, shortened, signed, toneOf, UNKNOWN } from '../model/numbers.ts'
import { PauseButton } from './pause-button.tsx'
import { Sparkline } from './sparkline.tsx'

type Props = { readonly bot: HouseBot | DeployedBot; readonly isOwn: boolean }

export function BotCard({ bot, isOwn }: Props) {
  const { bots } = useApp()
  const isChosen = bots.selected.value === bot.id
  const alert = 'why' in bot ? alertOf(bot) : null
  return (
    <li class={`bot ${isChosen ? 'chosen' : ''} ${alert?.tone ?? ''}`} aria-label={`Bot ${bot.id}`}>
      <div class="bot-head">
        {isOwn ? <OpenButton id={bot.id} isOpen={isChosen} /> : <b class="bot-id">{bot.id}</b>}
        <span class={`state ${bot.state}`}>{bot.state}</span>
        {bot.state !== 'stopped' && <PauseButton bot={bot} />}
      </div>
      <p class="muted bot-what">
        {bot.strategy.replaceAll('-', ' ')}, since {ageText(Date.now() - bot.since / 1_000)}
      </p>
      {alert !== null && (
        <p class={`bot-alert ${alert.tone}`}>
          <b>{alert.title}:</b> {alert.why}
        </p>
      )}
      <Money bot={bot} />
    </li>
  )
}

function OpenButton({ id, isOpen }: { readonly id: string; readonly isOpen: boolean }) {
  const { bots } = useApp()
  return (
    <button
      type="button"
      class="bot-id link"
      aria-pressed={isOpen}
      title={isOpen ? 'Close' : 'Show orders, log and course'}
      onClick={() => {
        bots.selected.value = isOpen ? null : id
      }}
    >
      {id}
    </button>
  )
}

function Money({ bot }: { readonly bot: HouseBot | DeployedBot }) {
  const points = useApp().bots.equity.value.get(bot.id) ?? []
  return (
    <>
      <div class="bot-pnl">
        <span class={`pnl ${toneOf(bot.pnl)}`}>{moneyText(bot.pnl)}</span>
        <Sparkline points={points} label={`Equity of ${bot.id} since the page was opened`} />
      </div>
      <dl class="bot-figures">
        <Figure name="Equity" value={shortened(bot.equity, 2)} />
        <Figure name="Fees" value={shortened(bot.fees, 2)} />
        <Figure name="Gas" value={shortened(bot.gas, 2)} />
        <Figure name="Drawdown" value={fallText(bot, points)} />
      </dl>
    </>
  )
}

export function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function fallText(bot: HouseBot | DeployedBot, points: readonly number[]): string {
  if ('drawdown' in bot) return shortened(bot.drawdown, 2)
  const worst = drawdown(points)
  return worst === null ? UNKNOWN : percent(-worst * 100)
}

/** With its sign and two digits, cut towards zero. */
export function moneyText(amount: string | null): string {
  if (amount === null) return signed(amount)
  const sign = amount.startsWith('-') ? '-' : ''
  return signed(sign + shortened(amount.replace('-', ''), 2).replaceAll(',', ''))
}
