// Result: what a campaign says, in the shape that every campaign prints.

export type CampaignResult = {
  readonly campaign: string
  readonly cases: number
  /** Of what must never happen; each was told on stderr. */
  readonly violations: number
  /** How often a situation was met: a campaign that never meets it proves nothing about it. */
  readonly reached: Readonly<Record<string, number>>
  readonly extra: Readonly<Record<string, number | string | boolean>>
  readonly seed: number
}

/** A module of a campaign exports this; null after telling how it is used. */
export type Campaign = (args: readonly string[]) => Promise<CampaignResult | null>
