// Act lines: what a strategy asks for, a line each, for people who watch or replay it.

import type { Action } from '#bots/runtime/channel.ts'

/** Undefined for what is machinery: subscriptions, timers, history. */
export function actLine(action: Action): string | undefined {
  switch (action.kind) {
    case 'place': {
      const { side, quantity, symbol, limitPrice, type, clientOrderId } = action.request
      const unit = quantity.in === 'quote' ? ' quote coins of' : ''
      const price = limitPrice === undefined ? '' : ` at ${limitPrice}`
      const kind = type === undefined ? '' : ` (${type})`
      return `place ${side} ${quantity.amount}${unit} ${symbol}${price}${kind}  ${clientOrderId}`
    }
    case 'cancel':
      return `cancel ${action.id}`
    case 'cancelAll':
      return `cancel all ${action.symbol}`
    case 'note':
    case 'log':
      return `${action.kind} ${action.text}`
    case 'transfer':
      return `${action.transfer.way} ${action.transfer.amount} ${action.transfer.asset}`
    default:
      return undefined
  }
}

export function timeText(micros: number): string {
  const millis = Math.floor(micros / 1_000)
  const digits = String(micros - millis * 1_000).padStart(3, '0')
  return new Date(millis).toISOString().replace('Z', digits)
}
