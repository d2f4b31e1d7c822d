// Genes: one small step of an attack on rounding, and how an attack is changed a little.
//
// Numbers are offsets and picks, so that a gene means something wherever it stands; what it means
// there may be refused, which costs nothing. An attack that was found is shortened gene by gene.

import type { Random } from '#scripts/campaigns/random.ts'

const DOES = {
  ...{ place: 40, quote: 18, take: 10, move: 6, mark: 2, amend: 8, cancel: 4 },
  ...{ fees: 3, phase: 4, transfer: 2 },
} as const
export type Doing = keyof typeof DOES

export const SHAPES = [
  ...['limit', 'limit', 'limit IOC', 'limit FOK', 'post-only', 'slide', 'iceberg', 'market'],
  ...['market', 'by quote', 'by quote', 'stop', 'stop-limit', 'take-profit', 'trailing-stop'],
  ...['oco', 'bracket', 'reduce-only'],
] as const

export type Gene = {
  readonly do: Doing
  /** Which account of the group, or of the others. */
  readonly who: number
  readonly side: 'buy' | 'sell'
  /** Ticks from the price of the world. */
  readonly away: number
  readonly lots: number
  readonly shape: (typeof SHAPES)[number]
  readonly received: boolean
  /** Chooses whatever else is to be chosen. */
  readonly pick: number
}

const LENGTH = { min: 8, max: 60 }
const COPIED_MAX = 6
const WEIGHTED = Object.entries(DOES).flatMap(([name, weight]) => {
  return Array.from({ length: weight }, () => name as Doing) // The keys of DOES.
})

export function randomAttack(random: Random): Gene[] {
  const length = LENGTH.min + random.below(20)
  return Array.from({ length }, () => randomGene(random))
}

function randomGene({ pick, below }: Random): Gene {
  return {
    do: pick(WEIGHTED),
    who: below(3),
    side: pick(['buy', 'sell']),
    away: pick([0, 0, 0, 0, 1, -1, 2, -2]),
    lots: pick([1, 1, 1, 2, 3, 5, 7, 11, 40]),
    shape: pick(SHAPES),
    received: below(4) === 0,
    pick: below(1_000),
  }
}

/** The same attack with one to three small changes. */
export function mutated(genes: readonly Gene[], random: Random): Gene[] {
  let changed = [...genes]
  for (let times = 1 + random.below(3); times > 0; times -= 1)
    changed = mutatedOnce(changed, random)
  return changed.length === 0 ? randomAttack(random) : changed.slice(0, LENGTH.max)
}

function mutatedOnce(genes: readonly Gene[], random: Random): Gene[] {
  const at = random.below(genes.length + 1)
  const gene = genes[at]
  switch (random.below(6)) {
    case 0:
      return [...genes.slice(0, at), randomGene(random), ...genes.slice(at)]
    case 1:
      return genes.filter((_, nth) => nth !== at)
    case 2:
      return [...genes.slice(0, at), ...genes.slice(Math.max(0, at - COPIED_MAX))]
    case 3:
      return genes.map((one, nth) => (nth === at ? randomGene(random) : one))
    default: {
      if (gene === undefined) return [...genes, randomGene(random)]
      const other = randomGene(random)
      const field = random.pick(Object.keys(gene) as (keyof Gene)[]) // The keys of a gene.
      return genes.map((one, nth) => (nth === at ? { ...one, [field]: other[field] } : one))
    }
  }
}
