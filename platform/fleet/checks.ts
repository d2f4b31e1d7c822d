// Checks: what is wrong with a strategy before anything is started or written down.
//
// Its imports first, because a compiler follows them; then its types, once for each text; then its
// set-up, in the sandbox, with the venues it is to have and the state it goes on from. INV-17: so
// many at a time, so many that wait, so many texts whose types are known to hold.

import { createHash } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { crashWords } from './crash-words.ts'
import { CHECKS_AT_ONCE, CHECKS_WAITING_MAX, SOUND_MAX } from './limits.ts'
import type { Terms, Workshop } from './port.ts'
import type { Supervisor } from './supervisor.ts'
import { GONE } from './supervisor.ts'
import { createTurns } from './turns.ts'

export type Checks = {
  /** The name of the strategy; bot.strategy_invalid with what is wrong, capacity.exhausted. */
  run(deployed: Checked): Promise<Result<{ readonly name: string }>>
  /** What can be said of a text without its set-up, then the work, in one turn. */
  text<T>(source: string, work: () => Promise<Result<T>>): Promise<Result<T>>
}

type Checked = Terms & {
  readonly source: string
  /** The bot that it is an update of. */
  readonly after?: string
}

export type ChecksDeps = {
  readonly workshop: Workshop
  readonly supervisor: Pick<Supervisor, 'rehearse'>
}

const NAME = /\bname:\s*(['"`])([\w .-]{1,64})\1/
const NAMES = /(?:type\s+)?(?:\w+\s*,?\s*)?(?:\{[^{}'"`]*\}\s*)?/.source
const FROM = /from\s*(['"])crossbook\/strategy\1\s*;?/.source
const OWN_IMPORT = new RegExp(`^[ \\t]*import\\s+${NAMES}${FROM}`, 'gm')
const OTHER_IMPORTS = /\bimport\b|\brequire\b|\bfrom\s*(['"`]|\/[*/])|\/\/\/\s*</
const LINES_MAX = 8
const LINE_CHARS_MAX = 280

export function createChecks(deps: ChecksDeps): Checks {
  const turns = createTurns(CHECKS_AT_ONCE, CHECKS_WAITING_MAX)
  const inside: Inside = { ...deps, sound: new Set() }
  return {
    run: (deployed) => turns(() => check(inside, deployed)),
    text: (source, work) =>
      turns(async () => {
        const hash = createHash('sha256').update(source).digest('hex')
        const wrong = await textErrors(inside, hash, source)
        return wrong.length > 0 ? invalid(wrong) : work()
      }),
  }
}

type Inside = ChecksDeps & { readonly sound: Set<string> }

async function check(
  inside: Inside,
  { source, hash, params, venues, after }: Checked,
): Promise<Result<{ readonly name: string }>> {
  const { workshop, supervisor } = inside
  const wrong = await textErrors(inside, hash, source)
  if (wrong.length > 0) return invalid(wrong)
  const file = workshop.file(hash, source)
  const going = after === undefined ? {} : { after }
  const why = await supervisor.rehearse({ file, params, venues, ...going })
  if (why === GONE) return refuse('unknown')
  return why === null ? accept({ name: nameOf(source) }) : invalid(crashWords(why))
}

/** What can be said of a text without running it, line by line; its types once. */
async function textErrors(
  { workshop, sound }: Inside,
  hash: string,
  source: string,
): Promise<readonly string[]> {
  if (!importsOnlyOurs(source)) {
    return ["a strategy imports 'crossbook/strategy' by a plain import and nothing else"]
  }
  if (nameOf(source) === '') return ['defineStrategy needs a name, written as a text']
  if (sound.has(hash)) return []
  const wrong = await workshop.wrongTypes(source)
  if (wrong.length > 0) return wrong
  if (sound.size >= SOUND_MAX) sound.clear()
  sound.add(hash)
  return []
}

export function importsOnlyOurs(source: string): boolean {
  return !OTHER_IMPORTS.test(source.replace(OWN_IMPORT, ''))
}

function nameOf(source: string): string {
  return NAME.exec(source)?.[2] ?? ''
}

/** What is wrong, line by line, for people. */
export function invalid(lines: readonly string[]) {
  const some = lines.filter((line) => line.trim() !== '').slice(0, LINES_MAX)
  const numbered = some.map((line, at) => [`line${at + 1}`, line.slice(0, LINE_CHARS_MAX)])
  return refuse('bot.strategy_invalid', Object.fromEntries(numbered))
}
