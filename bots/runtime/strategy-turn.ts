// A turn: what a strategy's handlers share while one event is handled.

import type { Action, Start } from './channel.ts'

export type Turn = {
  now: number
  actions: Action[]
  ids: number
  isPaused: boolean
  uniform: () => number
}

/** Ids of different starts differ by the prefix, those of one start by the count. */
export function nextId(start: Start, turn: Turn): string {
  turn.ids += 1
  return start.idPrefix + turn.ids.toString(36)
}
