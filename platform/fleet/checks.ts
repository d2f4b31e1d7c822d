// Checks: what is wrong with a strategy before anything is started or written down.
//
// Its imports first, because a compiler follows them; then its types, once for each text; then its
// set-up, in the sandbox, with the venues it is to have. INV-17: so many at a time, so many that
// wait, so many texts whose types are known to hold.

import { accept, type Result, refuse } from '#kernel/result.ts'
import { CHECKS_AT_ONCE, CHECKS_WAITING_MAX, SOUND_MAX } from './limits.ts'
import type { Terms, Workshop } from './port.ts'
import type { Supervisor } from './supervisor.ts'
import { GONE } from './supervisor.ts'

export type Checks = {
  /** The name of the strategy; bot.strategy_invalid with what is wrong, capacity.exhausted. */
  run(deployed: Terms & { readonly source: string }): Promise<Result<{ readonly name: string }>>
}

export type ChecksDeps = {
  readonly workshop: Workshop
  readonly supervisor: Pick<Supervisor, 'rehearse'>
}

const NAME = /\bname:\s*(['"`])([\w .-]{1,64})\1/
const OWN_IMPORT =
  /^[ \t]*import\s+(?:type\s+)?(?:\w+\s*,?\s*)?(?:\{[^{}'"`]*\}\s*)?from\s*(['"])crossbook\/strategy\1\s*;?/gm
const OTHER_IMPORTS = /\bimport\b|\brequire\b|\bfrom\s*(['"`]|\/[*/])|\/\/\/\s*</
const LINES_MAX = 8
const LINE_CHARS_MAX = 280

export function createChecks(deps: ChecksDeps): Checks {
  const state = { running: 0, waiting: [] as (() => void)[] }
  const sound = new Set<string>()
  return {
    async run(deployed) {
      if (state.running >= CHECKS_AT_ONCE) {
        if (state.waiting.length >= CHECKS_WAITING_MAX) return refuse('capacity.exhausted')
        await new Promise<void>((resolve) => state.waiting.push(resolve))
      } else state.running += 1
      try {
        return await check({ ...deps, sound }, deployed)
      } finally {
        const next = state.waiting.shift()
        if (next === undefined) state.running -= 1
        else next()
      }
    },
  }
}

async function check(
  { workshop, supervisor, sound }: ChecksDeps & { readonly sound: Set<string> },
  { source, hash, params, venues }: Terms & { readonly source: string },
): Promise<Result<{ readonly name: string }>> {
  if (OTHER_IMPORTS.test(source.replace(OWN_IMPORT, ''))) {
    return invalid(["a strategy imports 'crossbook/strategy' by a plain import and nothing else"])
  }
  const name = NAME.exec(source)?.[2]
  if (name === undefined) return invalid(['defineStrategy needs a name, written as a text'])
  if (!sound.has(hash)) {
    const wrong = await workshop.wrongTypes(source)
    if (wrong.length > 0) return invalid(wrong)
    if (sound.size >= SOUND_MAX) sound.clear()
    sound.add(hash)
  }
  const file = workshop.file(hash, source)
  const why = await supervisor.rehearse({ file, params, venues })
  if (why === GONE) return refuse('unknown')
  return why === null ? accept({ name }) : invalid(why.split('\n'))
}

/** What is wrong, line by line, for people. */
function invalid(lines: readonly string[]) {
  const some = lines.filter((line) => line.trim() !== '').slice(0, LINES_MAX)
  const numbered = some.map((line, at) => [`line${at + 1}`, line.slice(0, LINE_CHARS_MAX)])
  return refuse('bot.strategy_invalid', Object.fromEntries(numbered))
}
