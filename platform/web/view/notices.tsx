// Notices: fills and refusals as they happen, for eyes and for screen readers.

import { useApp } from '../app-context.ts'

export function Notices() {
  const { notices } = useApp()
  return (
    <div class="notices" role="log" aria-live="polite" aria-label="What happened">
      {notices.list.value.map(({ id, tone, text }) => (
        <p key={id} class={`notice ${tone}`}>
          {text}
        </p>
      ))}
    </div>
  )
}
