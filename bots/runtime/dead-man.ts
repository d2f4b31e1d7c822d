// Dead man: tells every venue again and again that the bot is there.
//
// When it has not done so for longer than a restart takes, the venue cancels what the bot left
// resting, all but the orders that protect a position.

import type { Trading } from '#connectors/venue.ts'

export type DeadMan = {
  /** Ends the timers: the bot has put its orders in order by itself. */
  stop(): Promise<void>
}

export type DeadManDeps = {
  readonly tradings: readonly Trading[]
  readonly log: (text: string) => void
  readonly cancelAfterMs?: number
}

/** A restart of the whole platform takes 15 s at worst. */
export const CANCEL_AFTER_MS = 60_000

/** Answers when each venue was asked once. */
export async function startDeadMan({ tradings, log, ...options }: DeadManDeps): Promise<DeadMan> {
  const { cancelAfterMs = CANCEL_AFTER_MS } = options
  const told = new Set<string>()
  const tell = async (ms: number) => {
    for (const trading of tradings) {
      const answer = await trading.cancelAfter?.(ms)
      if (answer?.kind !== 'unknown' || told.has(answer.reason)) continue
      told.add(answer.reason)
      log(`no dead-man timer: ${answer.reason}`)
    }
  }
  await tell(cancelAfterMs)
  const timer = setInterval(() => void tell(cancelAfterMs), cancelAfterMs / 4)
  return {
    async stop() {
      clearInterval(timer)
      await tell(0)
    },
  }
}
