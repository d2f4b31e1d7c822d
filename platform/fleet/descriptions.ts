// Descriptions: what a strategy can be told, for the form that deploys it, before it is deployed.
//
// Its text goes through the checks of a deployment, its parameters are told by its own code in the
// sandbox; its set-up is not run, because nobody has chosen parameters yet.

import { accept, type Result } from '#kernel/result.ts'
import { invalid, textErrors } from './checks.ts'
import { ENVELOPE } from './envelope.ts'
import { CHECKS_AT_ONCE, CHECKS_WAITING_MAX } from './limits.ts'
import type { Deployments, Description, Workshop } from './port.ts'
import { createTurns } from './turns.ts'

/** Reads the parameters of a text in a sandbox, or says what is wrong. */
export type LoadStrategy = (
  source: string,
) => Promise<Pick<Description, 'name' | 'params'> | { readonly wrong: string }>

export type DescriptionsDeps = {
  readonly workshop: Pick<Workshop, 'wrongTypes'>
  readonly load: LoadStrategy
}

export type Describe = (source: string) => Promise<Result<Pick<Description, 'name' | 'params'>>>

/** bot.strategy_invalid with what is wrong, capacity.exhausted. */
export function createDescriptions({ workshop, load }: DescriptionsDeps): Describe {
  const turns = createTurns(CHECKS_AT_ONCE, CHECKS_WAITING_MAX)
  return (source) =>
    turns(async () => {
      const wrong = await textErrors(workshop, source)
      if (wrong.length > 0) return invalid(wrong)
      const told = await load(source)
      return 'wrong' in told ? invalid(told.wrong.split('\n')) : accept(told)
    })
}

/** With what a deployment gets that says nothing of it. */
export function describes(deps: {
  readonly describe: Describe
  readonly venues: readonly string[]
}): Pick<Deployments, 'describe'> {
  return {
    async describe(source) {
      const told = await deps.describe(source)
      return told.ok ? accept({ ...told.value, limits: ENVELOPE, venues: deps.venues }) : told
    },
  }
}
