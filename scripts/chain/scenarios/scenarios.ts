// Scenarios: everything that can be made to happen on one development chain, bound to it.
//
// What programs get; `npm run chain -- scenario` gives the same to people.

import { type GasSpike, gasSpike, type Reorg, reorg, travel } from './blocks.ts'
import { type Depeg, depeg } from './depeg.ts'
import { priceOf } from './pool-trade.ts'
import { type Sandwich, sandwich } from './sandwich.ts'
import { poolOf, type World } from './world.ts'

export type Scenarios = ReturnType<typeof createScenarios>

export function createScenarios(world: World) {
  const { rpc, control, deployment } = world
  return {
    /** Marks a state to go back to, once. */
    snapshot: () => control.snapshot(),
    back: (mark: string) => control.revert(mark),
    travel: (seconds: number) => travel(world, seconds),
    reorg: (to: Reorg) => reorg(world, to),
    gasSpike: (spike: GasSpike) => gasSpike(world, spike),
    depeg: (move: Depeg) => depeg(world, move),
    sandwich: (plan: Sandwich) => sandwich(world, plan),
    /** Quote coins for one base coin in this pool. */
    price: (pool: string) => priceOf(rpc, deployment, poolOf(deployment, pool)),
  }
}
