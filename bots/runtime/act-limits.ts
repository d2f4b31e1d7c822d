// Act limits: how much a strategy may ask of its runner beside orders, which the gate counts.
//
// What is told to people is left out beyond the limit; who asks for more work than any strategy
// needs is ended. Every process of a strategy begins anew.

import { createAllowance } from './allowance.ts'
import type { Action } from './channel.ts'

export type ActLimits = {
  /** 'drop': leave it out; a text: end the process, for this reason. */
  judge(action: Action): 'allow' | 'drop' | { readonly excess: string }
}

/** In the life of a process. */
const COUNTS_MAX = { timer: 64, subscribe: 64, history: 256 } as const
/** In a second. */
const ASKS_MAX = 500
const RECOVERIES_MAX = 1_000
const TELLS_MAX = 100

export function createActLimits(nowMs: () => number): ActLimits {
  const counts = { timer: 0, subscribe: 0, history: 0 }
  const asks = createAllowance(ASKS_MAX, nowMs)
  const recoveries = createAllowance(RECOVERIES_MAX, nowMs)
  const tells = createAllowance(TELLS_MAX, nowMs)
  return {
    judge({ kind }) {
      switch (kind) {
        case 'timer':
        case 'subscribe':
        case 'history':
          counts[kind] += 1
          return counts[kind] > COUNTS_MAX[kind] ? { excess: `too many: ${kind}` } : 'allow'
        case 'quote':
        case 'amend':
        case 'cancel':
        case 'cancelAll':
        case 'transfer':
          return asks.take() ? 'allow' : { excess: `too many a second: ${kind}` }
        case 'recover':
          return recoveries.take() ? 'allow' : { excess: `too many a second: ${kind}` }
        case 'log':
        case 'note':
        case 'plot':
        case 'report':
          return tells.take() ? 'allow' : 'drop'
        default:
          return 'allow'
      }
    },
  }
}
