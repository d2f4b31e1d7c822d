// Bars from CSV: every bad row is named by file and line, nothing is skipped in silence.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { readBars } from '#connectors/reference/csv.ts'
import { StartError } from '#kernel/start-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-csv-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const HEADER = 'time,open,high,low,close,volume'
const ROW_1 = '2022-01-03T00:00:00Z,10,12,9,11,5'
const ROW_2 = '2022-01-03T00:01:00Z,11,11.5,10.5,11.2,0'

function fileOf(...lines: string[]): string {
  const path = join(folder, 'prices.csv')
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

test('a well-formed file is read whole', () => {
  const bars = readBars(fileOf(HEADER, ROW_1, ROW_2))
  assert.equal(bars.length, 2)
  assert.deepEqual(bars[1], {
    openMs: Date.UTC(2022, 0, 3, 0, 1),
    open: 11,
    high: 11.5,
    low: 10.5,
    close: 11.2,
    volume: 0,
  })
})

test('a gzip file is read like a plain one', () => {
  const path = join(folder, 'prices.csv.gz')
  writeFileSync(path, gzipSync([HEADER, ROW_1, ROW_2].join('\r\n')))
  assert.equal(readBars(path).length, 2)
})

const BAD: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['another header', ['time,open', ROW_1, ROW_2], /prices\.csv:1: the header must be/],
  ['too few rows', [HEADER, ROW_1], /at least two rows/],
  ['a missing column', [HEADER, ROW_1, '2022-01-03T00:01:00Z,1,1,1,1'], /:3: 5 columns, not 6/],
  ['a bad time', [HEADER, ROW_1, 'yesterday,1,1,1,1,1'], /:3: 'yesterday' is not a time/],
  ['an exponent', [HEADER, ROW_1, '2022-01-03T00:01:00Z,1e3,1,1,1,1'], /:3: open '1e3' is not/],
  ['a sign', [HEADER, ROW_1, '2022-01-03T00:01:00Z,1,1,1,-1,1'], /:3: close '-1' is not/],
  ['a zero price', [HEADER, ROW_1, '2022-01-03T00:01:00Z,0,0,0,0,1'], /:3: low must be above 0/],
  ['high below close', [HEADER, ROW_1, '2022-01-03T00:01:00Z,1,1,1,2,1'], /:3: open and close/],
  ['time going back', [HEADER, ROW_2, ROW_1], /:3: time does not go forward/],
]

for (const [name, lines, message] of BAD) {
  test(`${name} is refused with its line`, () => {
    assert.throws(
      () => readBars(fileOf(...lines)),
      (error: unknown) => {
        assert.ok(error instanceof StartError)
        assert.match(error.message, message)
        return true
      },
    )
  })
}

test('a missing file is refused with its path', () => {
  assert.throws(
    () => readBars(join(folder, 'nothing.csv')),
    /nothing\.csv: cannot be read \(ENOENT\)/,
  )
})
