// Result: what a benchmark says, in the shape that every benchmark prints.

export type BenchResult = {
  readonly bench: string
  readonly unit: string
  readonly ours: number
  readonly peers: Readonly<Record<string, number>>
  /** Ours over the peer's. */
  readonly ratios: Readonly<Record<string, number>>
  readonly extra: Readonly<Record<string, number | string | boolean>>
  readonly runs: number
  /** Several rows of the same shape, each with a name. */
  readonly rows?: readonly (Omit<BenchResult, 'rows'> & { readonly name: string })[]
}

/** A module of a benchmark exports this. */
export type Bench = (args: readonly string[]) => Promise<BenchResult>
