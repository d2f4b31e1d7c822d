// Box: the strategies that come with the platform, as a fleet offers them.
//
// Those that import 'crossbook/strategy' alone, read once when somebody asks: the text, its hash,
// what it can be told, the idea of its first line, and what its page says of each parameter. They
// are our own, so they are loaded here and not in a sandbox; nothing of them is set up.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, readDescription } from '#bots/runtime/description.ts'
import { assert } from '#kernel/assert.ts'
import { importsOnlyOurs } from '#platform/fleet/checks.ts'
import { IDEA_CHARS_MAX } from '#platform/fleet/limits.ts'
import type { BoxStrategy, Deployments } from '#platform/fleet/port.ts'

const FOLDER = new URL('../../bots/strategies/', import.meta.url)
const PAGES = new URL('../../docs/strategies/', import.meta.url)
const ROW = /^\| `(\w+)` \|(?:[^|\n]*\|){3} ([^|\n]*) \|$/gm

export function createBox(): Deployments['box'] {
  const known: { all?: Promise<readonly BoxStrategy[]> } = {}
  return () => {
    known.all ??= readBox()
    return known.all
  }
}

async function readBox(): Promise<readonly BoxStrategy[]> {
  const names = readdirSync(FOLDER).sort()
  const all = await Promise.all(names.map((name) => readOne(new URL(name, FOLDER))))
  return all.filter((one) => one !== undefined)
}

async function readOne(file: URL): Promise<BoxStrategy | undefined> {
  const source = readFileSync(file, 'utf8')
  if (!importsOnlyOurs(source)) return undefined
  const told = readDescription(describe(await import(pathToFileURL(fileURLToPath(file)).href)))
  assert(told !== undefined, `${file.pathname} describes itself`)
  const about = aboutOf(new URL(`${told.name}.md`, PAGES))
  return {
    ...{ name: told.name, idea: ideaOf(source), source },
    hash: createHash('sha256').update(source).digest('hex'),
    params: told.params.map((one) => ({ ...one, about: about.get(one.name) ?? '' })),
  }
}

/** The first paragraph of a file, without the name before its colon. */
function ideaOf(source: string): string {
  const lines = source.split('\n')
  const words = lines.slice(0, lines.indexOf('//')).map((line) => line.replace('// ', ''))
  const idea = words.join(' ').replace(/^[^:]*: /, '')
  return (idea.charAt(0).toUpperCase() + idea.slice(1)).slice(0, IDEA_CHARS_MAX)
}

/** By parameter: the last column of the page's table. */
function aboutOf(page: URL): ReadonlyMap<string, string> {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : ''
  return new Map([...text.matchAll(ROW)].map(([, name = '', words = '']) => [name, words.trim()]))
}
