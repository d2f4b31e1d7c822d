// A turn: what a strategy's handlers share while one event is handled.

import type { Action } from './channel.ts'

export type Turn = {
  now: number
  actions: Action[]
  isPaused: boolean
  uniform: () => number
}
