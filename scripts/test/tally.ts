// What a part of the test run came to, and how it is told: one line, everything when it failed.

export type Tally = {
  readonly name: string
  readonly passed: number
  readonly failed: number
  /** Why each skipped test did not run: its name, then the reason. */
  readonly skipped: readonly string[]
  readonly seconds: number
  /** Shown when something failed. */
  readonly output: string
}

/** A test that could not run counts as failed where skipping is forbidden. */
export function withoutSkips(tally: Tally): Tally {
  const output = [tally.output, ...tally.skipped.map((reason) => `skipped: ${reason}`)].join('\n')
  const failed = tally.failed + tally.skipped.length
  return { ...tally, failed, skipped: [], output }
}

export function tallyReport({ name, passed, failed, skipped, seconds, output }: Tally): string {
  const what = failed === 0 ? 'ok    ' : 'FAILED'
  const count = failed === 0 ? `${passed}` : `${failed} of ${passed + failed}`
  const line = `${what} ${count.padStart(4)}  ${seconds.toFixed(1).padStart(5)} s  ${name}`
  const notRun = skipped.map((reason) => `SKIPPED  ${reason}`)
  const details = failed === 0 ? [] : [output.trimEnd().replaceAll(/^/gm, '    ')]
  return [line, ...notRun, ...details].join('\n')
}

/** The last line of npm test. */
export function totalLine(tallies: readonly Tally[]): string {
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
  const skipped = tallies.reduce((sum, tally) => sum + tally.skipped.length, 0)
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
