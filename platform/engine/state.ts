// State: what the engine keeps between commands. (Filled in step by step.)

import type { Cells } from './codec.ts'

export type Engine = {
  /** What the last command came to. */
  readonly outcome: { code: number; seq: number; duplicate: boolean }
  /** Events since the reader took them: cells [0, length). */
  readonly events: { cells: Cells; length: number }
}
