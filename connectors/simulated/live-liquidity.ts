// Live liquidity: what of one side of a live book the bot has not used yet.
//
// A level that the bot took from stands in the live book as before, for nobody there knows of the
// bot. So what was taken is remembered: what the level gains later is new, what it loses is taken
// from what is left. Over any time a bot gets at most what was offered first and what came later.
// A level out of sight is remembered, one that is missing among those in sight is gone.

export type LevelLots = { readonly ticks: number; readonly lots: number }

/** As it was seen last, and what of it is left; only levels that were used. */
export type UsedLevel = { readonly ticks: number; readonly seen: number; readonly left: number }

export type LiveSide = {
  /** The side as it stands now, best first. */
  see(levels: readonly LevelLots[]): void
  /** Best first, without what is used up. */
  left(): readonly LevelLots[]
  use(ticks: number, lots: number): void
  /** Nothing is known any more; what was used stays used. */
  forget(): void
  used(): readonly UsedLevel[]
}

/** The oldest leave; more than a book shows. */
const USED_MAX = 1_000

export function createLiveSide(saved: readonly UsedLevel[] = []): LiveSide {
  const used = new Map(saved.map(({ ticks, seen, left }) => [ticks, { seen, left }]))
  let now: readonly LevelLots[] = []

  function leftOf({ ticks, lots }: LevelLots): number {
    return used.get(ticks)?.left ?? lots
  }

  return {
    see(levels) {
      now = levels
      const inSight = new Map(levels.map(({ ticks, lots }) => [ticks, lots]))
      const [best, worst] = [levels[0]?.ticks ?? 0, levels.at(-1)?.ticks ?? 0]
      const isBeyond = (ticks: number) => (best <= worst ? ticks > worst : ticks < worst)
      for (const [ticks, level] of used) {
        const lots = inSight.get(ticks)
        if (lots !== undefined) {
          level.left = Math.min(lots, level.left + Math.max(0, lots - level.seen))
          level.seen = lots
        } else if (levels.length < 2 || !isBeyond(ticks)) used.delete(ticks)
      }
    },
    left: () =>
      now.map((level) => ({ ...level, lots: leftOf(level) })).filter(({ lots }) => lots > 0),
    use(ticks, lots) {
      const seen = now.find((level) => level.ticks === ticks)?.lots ?? 0
      const level = used.get(ticks) ?? { seen, left: seen }
      used.set(ticks, { ...level, left: Math.max(0, level.left - lots) })
      const [oldest] = used.keys()
      if (used.size > USED_MAX && oldest !== undefined) used.delete(oldest)
    },
    forget() {
      now = []
    },
    used: () => [...used].map(([ticks, level]) => ({ ticks, ...level })),
  }
}
