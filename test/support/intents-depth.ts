// Intents beyond placing and cancelling: amends, timers, phases, parameters, marks of accounts.
//
// Weights are such that a market is open most of the time, and is halted, closed and reopened again
// and again within a few thousand commands.

import fc from 'fast-check'
import type { Phase } from '#engine/command.ts'
import { account, is, market, of, pick } from './picks.ts'
import type { Scale } from './scale.ts'

export type DepthIntent =
  | {
      readonly do: 'amend'
      readonly pick: number
      readonly by: 'owner' | number
      readonly price: number
      /** Quarters of the size it was placed with; 0 leaves it; above 100 it is lots. */
      readonly quarters: number
      readonly triggerPrice: number
    }
  | { readonly do: 'cancelSession'; readonly account: number; readonly session: number }
  | {
      readonly do: 'cancelAfter'
      readonly account: number
      readonly key: number
      readonly ms: number
    }
  | {
      readonly do: 'setPhase'
      readonly market: number
      readonly phase: Phase
      /** Microseconds from now; null: no end. */
      readonly endsIn: number | null
    }
  | { readonly do: 'setMark'; readonly market: number; readonly price: number }
  | { readonly do: 'setMarket'; readonly market: number; readonly rules: RulesIntent }
  | {
      readonly do: 'setFees'
      readonly market: number
      readonly tiers: readonly (readonly [number, number, number])[]
    }
  | { readonly do: 'delist'; readonly market: number }
  | { readonly do: 'freeze'; readonly account: number; readonly frozen: boolean }
  | { readonly do: 'close'; readonly account: number; readonly closing: number }

export type RulesIntent = {
  readonly minNotional: number
  readonly collarBps: number
  readonly bandBps: number
  readonly bandWindowUs: number
  readonly haltUs: number
  readonly auctionUs: number
  /** Microseconds from now; null: around the clock. */
  readonly session: { readonly opensIn: number; readonly closesIn: number } | null
}

type Arbitraries = { readonly [D in DepthIntent['do']]: fc.Arbitrary<Fields<D>> }
type Fields<D extends DepthIntent['do']> = Omit<Extract<DepthIntent, { do: D }>, 'do'>

export const DEPTH_WEIGHTS: { readonly [D in DepthIntent['do']]: number } = {
  amend: 16,
  cancelSession: 1,
  cancelAfter: 2,
  setPhase: 3,
  setMark: 6,
  setMarket: 2,
  setFees: 1,
  delist: 1,
  freeze: 2,
  close: 1,
}

/** The fields of every kind of intent. */
export function depthFields(scale: Scale): Arbitraries {
  const { tick } = scale
  const price = fc.oneof(
    of(
      20,
      fc.integer({ min: 94, max: 106 }).map((ticks) => ticks * tick),
    ),
    is(1, 1, 2_147_483_647, 2_147_483_648),
  )
  return {
    amend: amends(price),
    cancelSession: fc.record({ account, session: fc.nat(3) }),
    cancelAfter: fc.record({
      account,
      key: fc.nat(3),
      ms: fc.oneof(is(8, 1, 5, 20, 1_000), is(2, 0), is(1, 86_400_000, 86_400_001)),
    }),
    setPhase: phases(),
    setMark: fc.record({ market, price: fc.oneof(of(20, price), is(1, 0)) }),
    setMarket: fc.record({ market, rules: rules(scale) }),
    setFees: fc.record({ market, tiers: tiers(scale) }),
    delist: fc.record({ market: fc.oneof(is(1, 0), is(2, 1), is(200, 2, 3, 255)) }),
    freeze: fc.record({ account, frozen: fc.oneof(is(20, false), is(1, true)) }),
    close: fc.record({
      account: fc.oneof(is(5, 16), of(1, account)),
      closing: fc.oneof(is(4, 19, 20, 21, 22), of(1, account)),
    }),
  }
}

function amends(price: fc.Arbitrary<number>): Arbitraries['amend'] {
  const maybe = fc.oneof(of(3, price), is(4, 0))
  return fc.record({
    pick,
    by: fc.oneof(is(30, 'owner' as const), of(2, account)),
    price: maybe,
    quarters: fc.oneof(is(3, 0), is(1, 1, 2, 3, 4, 5, 8), is(1, 1_000_000_000_001)),
    triggerPrice: fc.oneof(of(1, price), is(5, 0)),
  })
}

function phases(): Arbitraries['setPhase'] {
  const soon = fc.oneof(is(3, null), is(2, 8_000, 30_000), is(1, 0, -1))
  const phase = fc.constantFrom('pre-open', 'auction', 'post-only', 'halted', 'closed') // Rarer.
  const opens = fc.record({
    market,
    phase: fc.constant('continuous' as const),
    endsIn: fc.oneof(is(30, null), is(1, 5_000)),
  })
  const others = fc.record({ market, phase: phase as fc.Arbitrary<Phase>, endsIn: soon })
  const ends = fc.record({
    market,
    phase: fc.constantFrom('auction' as const, 'halted' as const),
    endsIn: fc.constantFrom(2_000, 9_000, 20_000),
  })
  return fc.oneof(of(12, opens), of(4, ends), of(3, others)) as Arbitraries['setPhase']
}

function rules({ tick }: Scale): fc.Arbitrary<RulesIntent> {
  return fc.record({
    minNotional: fc.constantFrom(1, 10, 500 * tick),
    collarBps: fc.oneof(is(10, 100, 300, 1_000), is(2, 0), is(1, 5_000, 5_001)),
    bandBps: fc.oneof(is(6, 0, 200, 400), is(1, 5_000, 5_001)),
    bandWindowUs: fc.oneof(is(10, 10_000, 100_000), is(1, 0, 86_400_000_001)),
    haltUs: fc.oneof(is(10, 0, 5_000, 15_000), is(1, 86_400_000_001)),
    auctionUs: fc.oneof(is(10, 0, 6_000, 2_500_000), is(1, 86_400_000_001)),
    session: fc.oneof(
      is(8, null),
      of(3, fc.record({ opensIn: fc.nat(100_000), closesIn: fc.nat(60_000) })),
      is(1, { opensIn: 1e12, closesIn: 0 }),
    ),
  })
}

// Each is [from, maker, taker].
function tiers({ funds }: Scale) {
  const maker = fc.oneof(is(8, -20_000, -137, 0, 500, 20_000), is(1, -100_000, 100_001, -100_001))
  const taker = fc.oneof(is(8, 0, 1_003, 50_000), is(1, 100_000, 100_001, -1))
  const from = fc.constantFrom(1, 5_000, Math.floor(funds / 3), funds)
  const first = fc.tuple(fc.oneof(is(20, 0), is(1, 1)), maker, taker)
  const more = fc.array(fc.tuple(from, maker, taker), { maxLength: 2 })
  const ascending = fc.tuple(first, more).map(([one, others]) => {
    return [one, ...others.sort((a, b) => a[0] - b[0])]
  })
  const many = is(
    1,
    [],
    Array.from({ length: 17 }, (_, at) => [at, 0, 0] as [number, number, number]),
  )
  return fc.oneof(of(20, ascending), many)
}
