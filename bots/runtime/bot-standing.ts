// Bot standing: what a running bot looks like from outside, read and never changed.
//
// Whether anything of it is under way, whether its strategy has handled everything, and its figures
// for people.

import type { BotRun } from './bot-run.ts'
import type { BotFigures } from './messages.ts'
import type { TrackedOrder } from './tracked-order.ts'

/** Neither at rest nor over. */
export function isPassing(entry: TrackedOrder): boolean {
  return isUnderWay(entry) || entry.request.stays !== 'always'
}

function isUnderWay({ order, isCancelling, amend }: TrackedOrder): boolean {
  return order === undefined || isCancelling || amend !== undefined
}

export function isIdle(run: BotRun): boolean {
  const { state, child, isBusy, isReady, queue, tracker, store } = run
  if ((state !== 'running' && state !== 'paused') || !store.isSaved()) return false
  const isQuiet = !tracker.open().some(isUnderWay)
  const isHandling = isBusy || !isReady || !queue.isEmpty() || !isSettled(run)
  return child !== undefined && !isHandling && isQuiet
}

/** The strategy has handled what its orders came to. */
export function isSettled({ tracker, fills }: BotRun): boolean {
  return tracker.saved().length === tracker.open().length && fills.isSettled()
}

export function figuresOf(run: BotRun): BotFigures {
  const { equity, pnl, fees, gas } = run.accounting.figures()
  return {
    id: run.settings.id,
    state: run.state,
    ...{ equity: equity.toFixed(2), pnl: pnl.toFixed(2) },
    ...{ fees: fees.toFixed(2), gas: gas.toFixed(2) },
    ...{ isPaper: run.settings.paper !== undefined },
    lastAction: run.lastAction,
    halted: run.watch.halted() ?? null,
    ...{ crashes: run.crashCount, pid: run.child?.pid ?? null },
  }
}
