// Risk watch: how much a bot may lose, measured from its peak and from the start of the day.
//
// It is looked at several times a second, outside the strategy. What is over a limit halts the bot
// until a person resumes it; a restart forgets neither the peak nor the halt. Resuming measures
// anew from there. Days are those of UTC.

export type LossLimits = {
  /** In USDC, since midnight. */
  readonly dailyLoss: number
  /** In USDC, below the most it has ever earned. */
  readonly drawdown: number
  /** Whether a halt sells what the bot has bought, and buys back what it has sold. */
  readonly flatten: boolean
}

export type HaltCode = 'gate.daily_loss' | 'gate.drawdown'

export type SavedRisk = {
  readonly peak: number
  readonly day: number
  readonly dayStart: number
  readonly halted: HaltCode | null
}

export type RiskWatch = {
  /** The code of a limit that has just been passed. */
  look(pnl: number): HaltCode | undefined
  halted(): HaltCode | undefined
  /** By a person. */
  resume(): void
  /** Undefined while nothing was looked at. */
  saved(): SavedRisk | undefined
}

export type RiskWatchDeps = {
  readonly limits: LossLimits
  readonly saved: SavedRisk | undefined
  /** Microseconds. */
  readonly now: () => number
}

const DAY_US = 86_400_000_000

export function createRiskWatch({ limits, saved, now }: RiskWatchDeps): RiskWatch {
  let risk: SavedRisk | undefined = saved
  let last: number | undefined

  function begun(pnl: number): SavedRisk {
    return { peak: pnl, day: Math.floor(now() / DAY_US), dayStart: pnl, halted: null }
  }

  return {
    look(pnl) {
      last = pnl
      const before = risk ?? begun(pnl)
      const day = Math.floor(now() / DAY_US)
      const dayStart = day === before.day ? before.dayStart : pnl
      const peak = Math.max(before.peak, pnl)
      risk = { ...before, day, dayStart, peak }
      if (risk.halted !== null) return undefined
      const halted = passed(limits, { fall: peak - pnl, loss: dayStart - pnl })
      if (halted !== undefined) risk = { ...risk, halted }
      return halted
    },
    halted: () => risk?.halted ?? undefined,
    resume() {
      if (risk === undefined) return
      risk = last === undefined ? { ...risk, halted: null } : begun(last)
    },
    saved: () => risk,
  }
}

function passed(limits: LossLimits, { fall, loss }: { fall: number; loss: number }) {
  if (loss > limits.dailyLoss) return 'gate.daily_loss'
  return fall > limits.drawdown ? 'gate.drawdown' : undefined
}
