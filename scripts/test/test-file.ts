// Runs one file of node:test in a process of its own and counts what its tests came to.
//
// Counts come from node:test's own events. A file without a single test and one that does not end
// in time have failed: neither has shown anything.

import { Readable } from 'node:stream'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import type { Tally } from '#scripts/test/tally.ts'

const FILE_TIMEOUT_MS = 600_000

type TestEvent = { readonly type: string; readonly data: object }
type Counts = { readonly passed: number; readonly failed: number; readonly cancelled: number }

export async function runTestFile(file: string): Promise<Tally> {
  const start = performance.now()
  const signal = AbortSignal.timeout(FILE_TIMEOUT_MS)
  const events: TestEvent[] = []
  for await (const event of run({ files: [file], isolation: 'process', signal })) events.push(event)
  const { passed, failed } = counted(events)
  // A file without tests passes in node:test as one test with the name of the file.
  const empty = events.some(({ type, data }) => type === 'test:pass' && nameOf(data) === file)
  return {
    name: file,
    passed: empty ? passed - 1 : passed,
    failed: empty ? 1 : failed,
    skipped: events.flatMap(skipReason),
    seconds: (performance.now() - start) / 1000,
    output: empty ? 'the file has no test that ran' : failed > 0 ? await asText(events) : '',
  }
}

function counted(events: readonly TestEvent[]): { passed: number; failed: number } {
  const summary = events.findLast(({ type }) => type === 'test:summary')?.data
  if (summary === undefined || !('counts' in summary)) return { passed: 0, failed: 1 }
  const { passed, failed, cancelled } = summary.counts as Counts // of node:test's documentation
  return { passed, failed: failed + cancelled }
}

function skipReason({ type, data }: TestEvent): string[] {
  if (type !== 'test:pass' || !('skip' in data)) return []
  const why = typeof data.skip === 'string' ? data.skip : 'no reason given'
  return [`${nameOf(data)}: ${why}`]
}

function nameOf(data: object): string {
  return 'name' in data ? String(data.name) : ''
}

async function asText(events: readonly TestEvent[]): Promise<string> {
  let text = ''
  for await (const chunk of Readable.from(events).compose(new spec())) text += chunk
  return text
}
