// Descriptions: what a strategy can be told, for the form that deploys it, before it is deployed.
//
// Its text goes through the checks of a deployment, its parameters are told by its own code in the
// sandbox; its set-up is not run, because nobody has chosen parameters yet. What a text has told is
// remembered by its hash: the form of an update asks for it again and again. INV-17: so many texts.

import { createHash } from 'node:crypto'
import { accept } from '#kernel/result.ts'
import { type Checks, invalid } from './checks.ts'
import { crashWords } from './crash-words.ts'
import { ENVELOPE } from './envelope.ts'
import { SOUND_MAX } from './limits.ts'
import type { Deployments, Description } from './port.ts'

/** Reads the parameters of a text in a sandbox, or says what is wrong. */
export type LoadStrategy = (
  source: string,
) => Promise<Pick<Description, 'name' | 'params'> | { readonly wrong: string }>

export type DescriptionsDeps = {
  readonly checks: Pick<Checks, 'text'>
  readonly load: LoadStrategy
  readonly venues: readonly string[]
}

export function descriptions(deps: DescriptionsDeps): Pick<Deployments, 'describe'> {
  const { checks, load, venues } = deps
  const known = new Map<string, Description>()
  return {
    async describe(source) {
      const hash = createHash('sha256').update(source).digest('hex')
      const before = known.get(hash)
      if (before !== undefined) return accept(before)
      return checks.text(source, async () => {
        const told = await load(source)
        if ('wrong' in told) return invalid(crashWords(told.wrong))
        const description = { ...told, limits: ENVELOPE, venues }
        if (known.size >= SOUND_MAX) known.clear()
        known.set(hash, description)
        return accept(description)
      })
    },
  }
}
