// Bot detail: one bot of one's own: what may be done to it, how it did, and everything of it.
//
// It stands beside the list on a desk, and in its place on a phone.

import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { alertOf, paramsText } from '../model/bot-words.ts'
import type { DeployedBot } from '../model/bots.ts'
import { plain, shortened, toneOf } from '../model/numbers.ts'
import { Figure, moneyText } from './bot-card.tsx'
import { BotLog } from './bot-log.tsx'
import { BotFills, BotOrders } from './bot-orders.tsx'
import { BotPlots } from './bot-plots.tsx'
import { BotVersions } from './bot-versions.tsx'
import { Course } from './course.tsx'
import { PauseButton } from './pause-button.tsx'

export function BotDetail() {
  const { bots } = useApp()
  const bot = bots.chosen.value
  const title = useRef<HTMLHeadingElement>(null)
  const id = bot?.id
  // Whoever opened it goes on here.
  useEffect(() => title.current?.focus(), [id])
  if (bot === null) return null
  const alert = alertOf(bot)
  return (
    <section class="bot-detail" aria-label={`Bot ${bot.id}`}>
      <div class="bot-detail-head">
        <h3 ref={title} tabIndex={-1}>
          {bot.id}
        </h3>
        <span class={`state ${bot.state}`}>{bot.state}</span>
        <span class="muted bot-terms">
          {bot.strategy}, version {bot.version.number}: {paramsText(bot.version.params)}
        </span>
        <Buttons bot={bot} />
      </div>
      {alert !== null && (
        <p class={`bot-alert ${alert.tone}`} role="status">
          <b>{alert.title}:</b> {alert.why}
        </p>
      )}
      <div class="bot-columns">
        <Standing bot={bot} />
        <Parts />
      </div>
    </section>
  )
}

function Buttons({ bot }: { readonly bot: DeployedBot }) {
  const { bots, botForm, dialog } = useApp()
  const { id, wanted } = bot
  const isStopped = wanted === 'stopped'
  return (
    <span class="bot-buttons">
      {!isStopped && <PauseButton bot={bot} />}
      {!isStopped && bots.canDeploy.value && (
        <button
          type="button"
          class="button"
          aria-label={`Update ${id}`}
          onClick={() => {
            void botForm.beginUpdate(bot)
            dialog.value = 'bot-form'
          }}
        >
          Update
        </button>
      )}
      {!isStopped && (
        <button
          type="button"
          class="button danger"
          aria-label={`Stop ${id}`}
          disabled={bots.busy.value.has(id)}
          onClick={() => {
            bots.asked.value = { do: 'stop', id, flatten: false }
            dialog.value = 'bot'
          }}
        >
          Stop
        </button>
      )}
      <button
        type="button"
        class="button quiet"
        aria-label={`Close ${id}`}
        onClick={() => {
          bots.selected.value = null
        }}
      >
        ✕
      </button>
    </span>
  )
}

function Standing({ bot }: { readonly bot: DeployedBot }) {
  const { botView } = useApp()
  const { pnl, equity, fees, gas, drawdown, budget, why } = bot
  const began = budget.map(({ asset, amount }) => `${plain(amount)} ${asset}`).join(', ')
  return (
    <div class="standing">
      <div class="bot-pnl">
        <span>
          <span class={`pnl ${toneOf(pnl)}`}>{moneyText(pnl)}</span>{' '}
          <span class="muted">USDC after fees and gas</span>
        </span>
      </div>
      <Course points={botView.course.value} isLoading={botView.samples.value === null} />
      <dl class="bot-figures">
        <Figure name="Equity" value={shortened(equity, 2)} />
        <Figure name="Fees" value={shortened(fees, 2)} />
        <Figure name="Gas" value={shortened(gas, 2)} />
        <Figure name="Drawdown" value={shortened(drawdown, 2)} />
      </dl>
      <p class="muted bot-terms" title={why}>
        Budget {began}. Last: {why}
      </p>
    </div>
  )
}

const PARTS = ['Orders', 'Fills', 'Plots', 'Log', 'Versions'] as const
type Part = (typeof PARTS)[number]

function Parts() {
  const { botView } = useApp()
  const part = useSignal<Part>('Orders')
  const open = botView.open.value.length
  return (
    <div class="bot-parts">
      <div class="tabs" role="tablist" aria-label="Of this bot">
        {PARTS.map((name) => (
          <button
            type="button"
            key={name}
            role="tab"
            id={`bot-tab-${name}`}
            class="tab"
            aria-selected={part.value === name}
            onClick={() => {
              part.value = name
            }}
          >
            {name}
            {name === 'Orders' && open > 0 ? ` (${open})` : ''}
          </button>
        ))}
      </div>
      <div class="bot-part" role="tabpanel" aria-labelledby={`bot-tab-${part.value}`}>
        {part.value === 'Orders' && <BotOrders />}
        {part.value === 'Fills' && <BotFills />}
        {part.value === 'Plots' && <BotPlots />}
        {part.value === 'Log' && <BotLog />}
        {part.value === 'Versions' && <BotVersions />}
      </div>
    </div>
  )
}
