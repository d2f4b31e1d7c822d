// Bot words: what is said of a bot that is in trouble, and of what is about to be done to one.
//
// A reason is the platform's own text, unchanged. Nothing is done to a bot before the person has
// read what will happen.

import type { DeployedBot } from '#client/shapes.ts'
import { plain, shortened } from './numbers.ts'

export type Alert = {
  readonly kind: 'failed' | 'halted' | 'crashed'
  readonly tone: 'bad' | 'warn'
  readonly title: string
  readonly why: string
}

const HALTED = /^halted: /

/** What is wrong with it; null while nothing is. */
export function alertOf(bot: DeployedBot): Alert | null {
  const { state, why, wanted, crashes, crash = why } = bot
  if (state === 'failed') return { kind: 'failed', tone: 'bad', title: 'Given up', why: crash }
  if (wanted === 'paused' && HALTED.test(why)) {
    const title = 'Halted by its limits'
    return { kind: 'halted', tone: 'bad', title, why: why.replace(HALTED, '') }
  }
  if (crashes > 0 && wanted !== 'stopped') {
    const times = crashes === 1 ? 'once' : `${crashes} times`
    const title = `Crashed ${times} and started again`
    return { kind: 'crashed', tone: 'warn', title, why: crash }
  }
  return null
}

/** What became worse since it was looked at before; null when nothing did. */
export function newsOf(before: DeployedBot | undefined, bot: DeployedBot): string | null {
  if (before === undefined || bot.wanted === 'stopped') return null
  const [then, now] = [alertOf(before), alertOf(bot)]
  if (now === null) return null
  return then?.kind === now.kind ? null : `${bot.id}: ${now.title.toLowerCase()}: ${now.why}`
}

export type Confirmation = {
  readonly title: string
  readonly effects: readonly string[]
  readonly button: string
}

type Asked = {
  readonly do: 'pause' | 'resume' | 'stop' | 'roll back'
  readonly id: string
  readonly version?: number
  readonly flatten?: boolean
}

/** `openOrders`: undefined where nobody knows how many. */
export function confirmationOf(
  asked: Asked,
  bot: Pick<DeployedBot, 'equity'> & Partial<Pick<DeployedBot, 'version'>>,
  openOrders: number | undefined,
): Confirmation {
  const { id } = asked
  const orders = ordersText(openOrders)
  if (asked.do === 'pause') {
    return {
      title: `Pause ${id}?`,
      effects: [
        `${orders} cancelled at once, and it places no new ones.`,
        'What it holds stays as it is: nothing is bought or sold.',
        'Resume it at any time; it goes on where it was.',
      ],
      button: `Pause ${id}`,
    }
  }
  if (asked.do === 'stop') {
    return {
      title: `Stop ${id} for good?`,
      effects: [
        `${orders} cancelled at once, and its key stops working.`,
        asked.flatten === true
          ? 'What it has bought is sold at the market, what it has sold is bought back.'
          : 'Its coins are kept as they are: nothing is bought or sold.',
        `Its money goes back to your main account${worthText(bot.equity)}.`,
        'Its account is closed. It cannot be started again, only deployed anew.',
      ],
      button: `Stop ${id} for good`,
    }
  }
  const next = (bot.version?.number ?? 0) + 1
  return {
    title: `Roll ${id} back to version ${asked.version}?`,
    effects: [
      `Version ${next} begins: text, parameters, venues and limits of version ${asked.version}.`,
      `${orders} cancelled, and the strategy starts again from its saved state.`,
      'What it holds stays as it is.',
    ],
    button: `Roll back to version ${asked.version}`,
  }
}

function ordersText(count: number | undefined): string {
  if (count === undefined) return 'Its open orders are'
  if (count === 0) return 'It has no open orders; any on the way are'
  return count === 1 ? 'Its open order is' : `Its ${count} open orders are`
}

function worthText(equity: string | null): string {
  return equity === null ? '' : `: about ${shortened(equity, 2)} USDC at current prices`
}

/** Parameters in one line, as they were given. */
export function paramsText(params: DeployedBot['version']['params']): string {
  const given = Object.entries(params).map(([name, value]) => `${name} ${valueText(value)}`)
  return given.length === 0 ? 'parameters as they come' : given.join(', ')
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(' ')
  return typeof value === 'number' ? plain(String(value)) : String(value)
}
