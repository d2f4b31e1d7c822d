// Bot log: the last lines of a bot, the newest at the end, as they are written.
//
// It follows the end for as long as the reader stands there; who has scrolled up is left in peace.

import { useLayoutEffect, useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { clockText } from '../model/numbers.ts'

const SHOWN = 300
const NEAR_PX = 24

export function BotLog() {
  const lines = useApp().botView.lines.value
  const element = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  useLayoutEffect(() => {
    const list = element.current
    if (list !== null && isAtEnd.current) list.scrollTop = list.scrollHeight
  }, [lines])
  if (lines === null) return <div class="skeleton rows" role="status" aria-label="Loading" />
  if (lines.length === 0) {
    return <p class="empty">Nothing logged since the platform started.</p>
  }
  return (
    <div
      ref={element}
      class="log"
      role="log"
      aria-live="off"
      aria-label="Log of the bot"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX
      }}
    >
      {lines.slice(-SHOWN).map(({ number, at, text }) => (
        <p key={number} class={text.startsWith('note: ') ? 'note' : ''}>
          <span class="muted">{clockText(at)}</span> {text}
        </p>
      ))}
    </div>
  )
}
