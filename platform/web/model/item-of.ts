// The type of one item of a list that a function of the client reads.

import type { Outcome } from '#client/outcome.ts'

export type ItemOf<F> = F extends (
  ...query: infer _Query
) => Promise<Outcome<{ readonly items: readonly (infer Item)[] }>>
  ? Item
  : never
