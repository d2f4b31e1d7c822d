// Shortcuts: B and S begin an order, / finds a market. Esc is the browser's: it closes dialogs.
//
// Keys mean nothing while somebody writes into a field or a dialog is open.

import { useEffect } from 'preact/hooks'
import { useApp } from '../app-context.ts'

export const SIZE_FIELD = 'ticket-size'
export const MARKET_BUTTON = 'market-button'

export function useShortcuts(): void {
  const { ticket, screen, dialog } = useApp()
  useEffect(() => {
    const begin = (side: 'buy' | 'sell'): void => {
      screen.value = 'ticket'
      ticket.choose(side)
      requestAnimationFrame(() => document.getElementById(SIZE_FIELD)?.focus())
    }
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return
      if (dialog.peek() !== 'none') return
      const key = event.key.toLowerCase()
      if (key === 'b') begin('buy')
      else if (key === 's') begin('sell')
      else if (key === '/') document.getElementById(MARKET_BUTTON)?.click()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [ticket, screen, dialog])
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)
}
