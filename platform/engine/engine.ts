// Engine: the exchange as a pure function of state and command.

import { createCells, type Cells } from './codec.ts'
import type { Engine } from './state.ts'

export function createEngine(): Engine {
  return {
    outcome: { code: 0, seq: 0, duplicate: false },
    events: { cells: createCells(64), length: 0 },
  }
}

/** Applies the command at a cell; appends to engine.events and sets engine.outcome. */
export function apply(_engine: Engine, _from: Cells, _at: number): void {}

/** Micros at which a tick is due: 0 = now, Infinity = never. */
export function nextDue(_engine: Engine): number {
  return Infinity
}
