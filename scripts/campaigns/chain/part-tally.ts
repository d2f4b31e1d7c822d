// What one part of the chain campaign came to.

export type PartTally = {
  readonly cases: number
  /** Of what must never happen; each was told. */
  readonly violations: number
  readonly reached: Readonly<Record<string, number>>
  /** Violations by their kind, where there are kinds. */
  readonly wrong?: Readonly<Record<string, number>>
}
