// Climb: looks for an attack on rounding that pays, by changing one and keeping what pays more.
//
// A seed chooses a market with awkward scales and fees, and what is climbed on: profit, or the
// excess over exact fees. An attack has to trade, or doing nothing would be the best of all.
// One that gains anything is shortened and told with its genes.

import { createRandom, type Random } from '#scripts/campaigns/random.ts'
import { AWKWARD_LISTINGS, type Listing, type Tier } from '../round-trips/world.ts'
import { attack, type Outcome } from './attack.ts'
import type { Battlefield } from './battlefield.ts'
import { type Gene, mutated, randomAttack } from './genes.ts'

/** Fewer are paid for as if each missing one had cost so much. */
const FILLS_MIN = 8
const MISSING = 1_000_000

const LISTINGS: readonly Listing[] = [
  { priceScale: 0, tickUnits: 1, lotUnits: 1 },
  ...AWKWARD_LISTINGS,
  { priceScale: 4, tickUnits: 1, lotUnits: 10_000 },
]
const MAKERS = [-100_000, -99_999, -33_333, -20_000, -137, -1, 0, 1, 137, 50_000, 100_000]
const TAKERS = [0, 1, 3, 137, 1_003, 33_333, 50_000, 99_999, 100_000]

export type Climbed = {
  readonly bestProfit: number
  readonly bestExcess: number
  /** The best that traded as often as it has to, by what was climbed on. */
  readonly best: number
  readonly attacks: number
  readonly improved: number
  readonly reached: ReadonlyMap<string, number>
  /** Attacks that gained, and sums that were off. */
  readonly violations: readonly string[]
}

export function battlefieldOf(random: Random): Battlefield {
  const tier = (from: number): Tier => [from, random.pick(MAKERS), random.pick(TAKERS)]
  const schedule = () => (random.below(3) === 0 ? [tier(0), tier(200)] : [tier(0)])
  return {
    listing: random.pick(LISTINGS),
    price: random.pick([3, 4, 7, 33, 101, 3_333, 70_001]),
    schedules: [schedule(), schedule(), schedule()],
  }
}

export function climb(seed: number, steps: number): Climbed {
  const random = createRandom(seed)
  const field = battlefieldOf(random)
  const byProfit = seed % 2 === 0
  const found = createFound(field, seed)
  let genes = randomAttack(random)
  let score = scoreOf(found.play(genes), byProfit)
  let improved = 0
  for (let step = 0; step < steps && found.isClean(); step += 1) {
    const changed = mutated(genes, random)
    const reached = scoreOf(found.play(changed), byProfit)
    if (reached < score) continue
    if (reached > score) improved += 1
    genes = changed
    score = reached
  }
  return { ...found.result(), best: score, improved }
}

function scoreOf(outcome: Outcome | null, byProfit: boolean): number {
  if (outcome === null) return Number.NEGATIVE_INFINITY
  const { profit, excess, fills } = outcome
  return (byProfit ? profit : excess) - MISSING * Math.max(0, FILLS_MIN - fills)
}

function createFound(field: Battlefield, seed: number) {
  let [bestProfit, bestExcess, attacks] = [-Infinity, -Infinity, 0]
  const reached = new Map<string, number>()
  const violations: string[] = []
  const tell = (genes: readonly Gene[], what: string) => {
    const short = shortened(field, genes)
    const lines = short.map((gene) => JSON.stringify(gene))
    violations.push([`seed ${seed}: ${what} by`, JSON.stringify(field), ...lines].join('\n'))
  }
  return {
    /** Null when its sums were off. */
    play(genes: readonly Gene[]): Outcome | null {
      attacks += 1
      const outcome = played(field, genes)
      if (outcome instanceof Error) {
        tell(genes, outcome.message)
        return null
      }
      for (const [name, count] of outcome.reached) {
        reached.set(name, (reached.get(name) ?? 0) + count)
      }
      // Of those that traded: nothing gains nothing.
      if (outcome.fills >= FILLS_MIN) {
        bestProfit = Math.max(bestProfit, outcome.profit)
        bestExcess = Math.max(bestExcess, outcome.excess)
      }
      if (gains(outcome)) tell(genes, `profit ${outcome.profit}, excess ${outcome.excess}`)
      return outcome
    },
    isClean: () => violations.length === 0,
    result: () => ({ bestProfit, bestExcess, attacks, reached, violations }),
  }
}

function played(field: Battlefield, genes: readonly Gene[]): Outcome | Error {
  try {
    return attack(field, genes)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function gains({ profit, excess }: Outcome): boolean {
  return profit > 0 || excess > 0
}

/** Leaves out what is not needed for it to be wrong. */
function shortened(field: Battlefield, genes: readonly Gene[]): readonly Gene[] {
  let short = genes
  for (let at = genes.length - 1; at >= 0; at -= 1) {
    const shorter = short.filter((_, nth) => nth !== at)
    const outcome = played(field, shorter)
    if (outcome instanceof Error || gains(outcome)) short = shorter
  }
  return short
}
