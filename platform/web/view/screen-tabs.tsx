// Screen tabs: what a phone shows. Hidden on wider screens.

import { useApp } from '../app-context.ts'
import type { Screen } from '../create-app.ts'

const SCREENS: readonly (readonly [Screen, string])[] = [
  ['chart', 'Chart'],
  ['book', 'Book'],
  ['ticket', 'Trade'],
  ['account', 'Orders'],
]

export function ScreenTabs() {
  const { screen } = useApp()
  return (
    <nav class="screen-tabs" aria-label="Panels">
      {SCREENS.map(([name, label]) => (
        <button
          type="button"
          key={name}
          class="tab"
          aria-pressed={screen.value === name}
          onClick={() => {
            screen.value = name
          }}
        >
          {label}
        </button>
      ))}
    </nav>
  )
}
