// Risk halt: what the runner does by itself when a bot has lost more than it may.
//
// The bot is paused, every order of it that rests is taken back, and where its limits say so its
// positions are closed at the market. Only a person resumes it.

import { sizeText } from '../steps.ts'
import type { BotRun } from './bot-run.ts'
import type { HaltCode } from './risk-watch.ts'

/** The code of a loss limit that was passed since the look before. */
export function lookAtRisk(run: BotRun): HaltCode | undefined {
  if (run.state !== 'running' && run.state !== 'paused') return undefined
  const symbols = Object.keys(run.accounting.saved().positions)
  // A coin without a price counts as nothing, and would look like a loss.
  const isKnown = symbols.every((symbol) => {
    return symbol.split('-').every((asset) => run.priceOf(asset) !== undefined)
  })
  return isKnown ? run.watch.look(run.accounting.figures().pnl) : undefined
}

/** Sends what closes every position at the venue's own book. */
export function flattenAll(run: BotRun): void {
  for (const [symbol, position] of Object.entries(run.accounting.saved().positions)) {
    const found = bookOf(run, symbol)
    const amount = found && sizeText(Math.abs(position), found.lot)
    if (found === undefined || amount === undefined) continue
    run.flattened += 1
    run.tracker.place(found.venue, {
      // Of digits alone, as of orders that a venue makes itself: a strategy counts their fills.
      clientOrderId: `${Math.floor(run.now())}${run.flattened}`,
      ...{ sentAt: run.now(), symbol, side: position > 0 ? 'sell' : 'buy' },
      ...{ quantity: { in: 'base', amount }, timeInForce: 'IOC' },
    })
  }
}

function bookOf({ venues, instruments }: BotRun, symbol: string) {
  for (const { venue } of venues) {
    const instrument = instruments.get(venue.name)?.find((one) => one.symbol === symbol)
    if (venue.trading !== undefined && instrument?.kind === 'order-book') {
      return { venue: venue.name, lot: instrument.lot }
    }
  }
  return undefined
}
