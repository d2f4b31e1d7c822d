// Alike: deep equality of answers and images that fails small.
//
// A difference is shown for the first event or row that differs: printing two whole images of
// thousands of rows side by side takes longer than any test, and all memory.

import assert from 'node:assert/strict'
import type { EngineImage } from '#engine/image.ts'
import type { Answer } from './engine-driver.ts'
import { isAlike } from './equality.ts'

/** Fails with the first event, or else the code, that differs. */
export function assertSameAnswer(found: Answer, expected: Answer, about: string): void {
  if (isAlike(found, expected)) return
  const { events: ours, ...answer } = found
  const { events: theirs, ...wanted } = expected
  assert.deepEqual(answer, wanted, `${about}: the engine answers as the model`)
  assertSameRows(ours, theirs, `${about}: event`)
}

/** Fails with the first row that differs. */
export function assertSameImage(found: EngineImage, expected: EngineImage): void {
  if (isAlike(found, expected)) return
  const names = Object.keys(expected) as (keyof EngineImage)[]
  for (const name of names) {
    const [ours, theirs] = [found[name], expected[name]]
    if (Array.isArray(ours) && Array.isArray(theirs)) assertSameRows(ours, theirs, name)
    else assert.equal(ours, theirs, `the engine is in the state of the model: ${name}`)
  }
  assert.deepEqual(Object.keys(found).sort(), [...names].sort(), 'the image has its fields')
}

function assertSameRows(ours: readonly unknown[], theirs: readonly unknown[], what: string): void {
  const rows = Math.max(ours.length, theirs.length)
  for (let row = 0; row < rows; row += 1) {
    if (isAlike(ours[row], theirs[row])) continue
    assert.deepEqual(ours[row], theirs[row], `${what} ${row} of ${theirs.length}`)
  }
}
