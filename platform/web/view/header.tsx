// Header: which market, its price now and over 24 hours, and who is looking.
//
// Changes are over 24 hours and have a sign; what is not known is a dash, never a zero.

import { useApp } from '../app-context.ts'
import { clockText, grouped, percent, plain, shortened, toneOf, UNKNOWN } from '../model/numbers.ts'
import { AccountMenu } from './account-menu.tsx'
import { MarketSwitch } from './market-switch.tsx'
import { Price } from './price.tsx'

export function Header() {
  const { connection } = useApp()
  return (
    <header class="header">
      <h1 class="brand">Crossbook</h1>
      <MarketSwitch />
      <Figures />
      <div class="header-end">
        {connection.isDemo.value && (
          <span class="badge" title="Coins are given away and worth nothing">
            Demo
          </span>
        )}
        <AccountMenu />
      </div>
    </header>
  )
}

function Figures() {
  const { data, listing } = useApp()
  const ticker = data.ticker.value
  const market = listing.market.value
  const change = changeOf(ticker?.open24h, ticker?.last)
  const phase = data.phase.value ?? market
  return (
    <div class="figures">
      <span class="last">
        <Price value={ticker?.last ?? null} label="Last price" />
        <span class={`change ${toneOf(change)}`}>
          {change === null ? UNKNOWN : percent(change)}
        </span>
      </span>
      <dl class="stats">
        <Stat name="24h high" value={grouped(ticker?.high24h)} />
        <Stat name="24h low" value={grouped(ticker?.low24h)} />
        <Stat name={`24h volume (${market?.base ?? ''})`} value={plain(ticker?.volume24h)} />
        <Stat
          name={`24h volume (${market?.quote ?? ''})`}
          value={shortened(ticker?.quoteVolume24h, 0)}
        />
        <Stat name="Mark" value={grouped(phase?.markPrice)} />
        <Stat
          name={
            phase?.phaseEndsAt == null ? 'Phase' : `Phase until ${clockText(phase.phaseEndsAt)}`
          }
          value={market?.delisted === true ? 'delisted' : (phase?.phase ?? UNKNOWN)}
          isLoud={
            phase !== undefined && (phase.phase !== 'continuous' || market?.delisted === true)
          }
        />
        {phase?.indicative != null && (
          <Stat
            name={`Auction (${market?.base ?? ''})`}
            value={`${grouped(phase.indicative.price)} × ${plain(phase.indicative.volume)}`}
            isLoud
          />
        )}
      </dl>
    </div>
  )
}

type StatProps = { readonly name: string; readonly value: string; readonly isLoud?: boolean }

function Stat({ name, value, isLoud = false }: StatProps) {
  return (
    <div class={isLoud ? 'stat loud' : 'stat'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function changeOf(open: string | null | undefined, last: string | null | undefined) {
  const [from, to] = [Number(open ?? 0), Number(last ?? 0)]
  return from > 0 && to > 0 ? ((to - from) / from) * 100 : null
}
