// Preferences: theme and palette, kept by the browser and told to the document by the view.

import { effect, signal } from '@preact/signals'

export type Theme = 'auto' | 'dark' | 'light'
export type Palette = 'usual' | 'colour-blind'

const THEME = 'crossbook.theme'
const PALETTE = 'crossbook.palette'

export function createPreferences(storage: Storage) {
  const stored = storage.getItem(THEME)
  const theme = signal<Theme>(stored === 'dark' || stored === 'light' ? stored : 'auto')
  const palette = signal<Palette>(
    storage.getItem(PALETTE) === 'colour-blind' ? 'colour-blind' : 'usual',
  )
  effect(() => storage.setItem(THEME, theme.value))
  effect(() => storage.setItem(PALETTE, palette.value))
  return { theme, palette }
}
