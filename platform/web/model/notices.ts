// Notices: short words about what just happened, read aloud by screen readers, gone by themselves.

import { signal } from '@preact/signals'

export type NoticeTone = 'plain' | 'up' | 'down' | 'bad'
export type Notice = { readonly id: number; readonly tone: NoticeTone; readonly text: string }

export type Notices = ReturnType<typeof createNotices>

const SHOWN_MS = 6_000
const SHOWN_MAX = 4

export function createNotices() {
  const list = signal<readonly Notice[]>([])
  const counter = { last: 0 }
  return {
    list,
    say: (text: string, tone: NoticeTone = 'plain'): void => {
      counter.last += 1
      const id = counter.last
      list.value = [...list.value, { id, tone, text }].slice(-SHOWN_MAX)
      setTimeout(() => {
        list.value = list.value.filter((one) => one.id !== id)
      }, SHOWN_MS)
    },
  }
}
