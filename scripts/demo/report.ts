// The report of a headless run: one JSON line, and whether every figure asked for was reached.
//
// A figure that is missed is named on standard error; the JSON line is printed either way, because
// it is the evidence.

export type Report = {
  readonly seconds: number
  readonly fills: number
  readonly swaps: number
  readonly arbitrageSwaps: number
  readonly unexplainedLosses: number
  readonly sameOwnerFills: number
  readonly poolInBand: number
  readonly meanDistanceBps: { readonly without: number; readonly with: number }
  readonly pnlSumZero: boolean
  readonly ledgerSumsZero: boolean
  readonly digestEqual: boolean
  readonly custodyEqual: boolean
  readonly startMs: number
  readonly pssMb: {
    readonly core: number
    readonly chain: number
    readonly database: number
    readonly bots: number
    readonly all: number
  }
  readonly coreMbAtEnd: number
  readonly coreMbAt60s: number
  readonly chainMbPer1000Blocks: number
}

/** Counts are asked for as in two minutes and scaled down for shorter runs. */
const FULL_SECONDS = 120
const FILLS_MIN = 100
const ARBITRAGES_MIN = 10
const IN_BAND_MIN = 0.95
/** Flatness is judged on runs that are long enough to show it. */
const FLAT_SECONDS = 300
const FLAT_RATIO = 1.1
const CORE_MB_MAX = 300
const CHAIN_MB_MAX = 450
const BOTS_MB_MAX = 300
const ALL_MB_MAX = 1_200

type Target = readonly [name: string, isMet: (report: Report) => boolean]

const scaled = (full: number, seconds: number) => full * Math.min(1, seconds / FULL_SECONDS)

const TARGETS: readonly Target[] = [
  ['fills', ({ fills, seconds }) => fills > scaled(FILLS_MIN, seconds)],
  ['arbitrageSwaps', (one) => one.arbitrageSwaps > scaled(ARBITRAGES_MIN, one.seconds)],
  ['unexplainedLosses', ({ unexplainedLosses }) => unexplainedLosses === 0],
  ['sameOwnerFills', ({ sameOwnerFills }) => sameOwnerFills === 0],
  ['poolInBand', ({ poolInBand }) => poolInBand >= IN_BAND_MIN],
  ['meanDistanceBps', ({ meanDistanceBps: d }) => d.with <= d.without / 2],
  ['pnlSumZero', ({ pnlSumZero }) => pnlSumZero],
  ['ledgerSumsZero', ({ ledgerSumsZero }) => ledgerSumsZero],
  ['digestEqual', ({ digestEqual }) => digestEqual],
  ['custodyEqual', ({ custodyEqual }) => custodyEqual],
  ['pssMb.core', ({ pssMb }) => pssMb.core < CORE_MB_MAX],
  ['pssMb.chain', ({ pssMb }) => pssMb.chain < CHAIN_MB_MAX],
  ['pssMb.bots', ({ pssMb }) => pssMb.bots < BOTS_MB_MAX],
  ['pssMb.all', ({ pssMb }) => pssMb.all < ALL_MB_MAX],
  [
    'coreMbAtEnd',
    ({ seconds, coreMbAtEnd, coreMbAt60s }) =>
      seconds < FLAT_SECONDS || coreMbAtEnd <= coreMbAt60s * FLAT_RATIO,
  ],
]

/** The names of the figures that were not reached. */
export function missedTargets(report: Report): string[] {
  return TARGETS.filter(([, isMet]) => !isMet(report)).map(([name]) => name)
}
