// crossbook tape show|replay: what a bot was told and what it did, from its tape.
//
// replay runs a strategy over the tape again and compares: exit code 0 when every answer is the
// same to the last character. The strategy's code runs in this process, as with crossbook check.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Handled } from '#bots/runtime/channel.ts'
import type { Strategy } from '#bots/strategy.ts'
import { type Replayed, replayTape } from '#bots/tape/replay.ts'
import { readTape, segmentsOf } from '#bots/tape/tape-reader.ts'
import { summariseTape } from '#bots/tape/tape-summary.ts'
import { StartError } from '#kernel/start-error.ts'
import { actLine, timeText } from '#scripts/cli/act-lines.ts'
import '#scripts/strategy-imports.ts'

const USAGE = `usage: crossbook tape show TAPE [--json]
       crossbook tape replay TAPE STRATEGY [--acts] [--json]`

/** Where the box lies; a name of it is a file there. */
const BOX = resolve(import.meta.dirname, '../bots/strategies')
const NAME_OF_BOX = /^[a-z0-9-]+$/

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    ...{ args, allowPositionals: true },
    options: { json: { type: 'boolean' }, acts: { type: 'boolean' } },
  })
  const [verb, tape, strategy] = positionals
  if (verb === 'show' && tape !== undefined) return await show(resolve(tape), values.json === true)
  if (verb === 'replay' && tape !== undefined && strategy !== undefined) {
    return await replay(resolve(tape), strategy, values)
  }
  console.error(USAGE)
  return 2
}

async function show(path: string, isJson: boolean): Promise<number> {
  const segments = segmentsOf(path)
  const summary = await summariseTape(readTape(path))
  const bytes = segments.reduce((sum, one) => sum + one.bytes, 0)
  const figures = { bot: segments.at(-1)?.head?.bot ?? null, segments: segments.length, bytes }
  if (isJson) {
    console.log(JSON.stringify({ ...figures, ...summary }))
    return 0
  }
  const { kinds, firstAt, lastAt, ...rest } = summary
  const rows = { ...figures, ...rest, from: timeText(firstAt), to: timeText(lastAt), ...kinds }
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(16)} ${value}`)
  return 0
}

type ReplayFlags = { readonly json?: boolean; readonly acts?: boolean }

async function replay(path: string, name: string, { json, acts }: ReplayFlags): Promise<number> {
  const strategy = await load(name)
  const onTurn = ({ at, handled }: { at: number; handled: Handled }) => {
    for (const action of handled.actions) {
      const line = actLine(action)
      if (line !== undefined) console.log(`${timeText(at)}  ${line}`)
    }
  }
  const replayed = await played(name, () =>
    replayTape(readTape(path), strategy, acts === true ? { onTurn } : {}),
  )
  if (json === true) console.log(JSON.stringify(replayed))
  else tell(replayed)
  return replayed.equal === replayed.answers ? 0 : 1
}

/** What a strategy throws is its own, and no bug of the command. */
async function played(name: string, play: () => Promise<Replayed>): Promise<Replayed> {
  try {
    return await play()
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function load(name: string): Promise<Strategy> {
  const path = NAME_OF_BOX.test(name) ? resolve(BOX, `${name}.ts`) : resolve(name)
  if (!existsSync(path)) throw new StartError(`${path} is not there`)
  const loaded: { default?: unknown } = await import(pathToFileURL(path).href)
  const strategy = loaded.default
  if (typeof strategy === 'object' && strategy !== null && 'begin' in strategy) {
    return strategy as Strategy // What defineStrategy answers.
  }
  throw new StartError(`${name}: export default defineStrategy({ ... }) is missing`)
}

function tell(replayed: Replayed): void {
  const { starts, events, answers, equal, unanswered, missing, isCut, acts } = replayed
  const done = Object.entries(acts).map(([kind, count]) => `${count} ${kind}`)
  console.log(`${events} events in ${starts} runs; acts: ${done.join(', ') || 'none'}`)
  console.log(`${equal} of ${answers} answers are as they were then`)
  if (unanswered > 0) console.log(`${unanswered} events have no answer on the tape`)
  if (missing > 0) console.log(`${missing} lines are missing on the tape`)
  if (isCut) console.log('the tape begins within a run: its indicators warmed up anew here')
  const [first] = replayed.differences
  if (first === undefined) return
  console.log(`first difference at event ${first.no}, ${timeText(first.at)}, ${first.what}:`)
  console.log(`  then ${first.before}\n  now  ${first.now}`)
}
