// Bars from a CSV file, plain or gzip, columns time,open,high,low,close,volume.
//
// Every row is checked and a bad one is named by its line, because a price series with a hole or a
// misread column steers every bot of the demo wrong. Nothing is skipped in silence.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { StartError } from '#kernel/start-error.ts'

import type { Bar } from './bar.ts'

const HEADER = 'time,open,high,low,close,volume'
const NUMBER = /^[0-9]{1,12}(\.[0-9]{1,10})?$/
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z$/
/** About two years of minutes; a larger file is refused before it eats the memory. */
const ROWS_MAX = 1_000_000

/** Reads all bars of a file. Throws StartError with file and line for anything that is wrong. */
export function readBars(path: string): Bar[] {
  const lines = textOf(path).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (lines[0] !== HEADER) throw new StartError(`${path}:1: the header must be ${HEADER}`)
  if (lines.length < 3) throw new StartError(`${path}: at least two rows are needed`)
  if (lines.length > ROWS_MAX) throw new StartError(`${path}: more than ${ROWS_MAX} rows`)
  const bars: Bar[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue
    const bar = parseRow(line, `${path}:${index + 1}`)
    const previous = bars.at(-1)
    if (previous !== undefined && bar.openMs <= previous.openMs) {
      throw new StartError(`${path}:${index + 1}: time does not go forward`)
    }
    bars.push(bar)
  }
  return bars
}

function textOf(path: string): string {
  try {
    const bytes = readFileSync(path)
    const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b
    return (gzip ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // What node:fs throws.
    throw new StartError(`${path}: cannot be read (${code})`)
  }
}

function parseRow(line: string, where: string): Bar {
  const fields = line.split(',')
  if (fields.length !== 6) throw new StartError(`${where}: ${fields.length} columns, not 6`)
  const [time = '', ...numbers] = fields
  const openMs = TIME.test(time) ? Date.parse(time) : Number.NaN
  if (Number.isNaN(openMs)) throw new StartError(`${where}: '${time}' is not a time like ISO 8601`)
  const [open = 0, high = 0, low = 0, close = 0, volume = 0] = numbers.map((text, index) => {
    if (NUMBER.test(text)) return Number(text)
    throw new StartError(`${where}: ${HEADER.split(',')[index + 1]} '${text}' is not a number`)
  })
  if (low <= 0) throw new StartError(`${where}: low must be above 0`)
  if (low > Math.min(open, close) || high < Math.max(open, close)) {
    throw new StartError(`${where}: open and close must lie between low and high`)
  }
  return { openMs, open, high, low, close, volume }
}
