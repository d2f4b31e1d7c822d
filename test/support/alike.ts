// Alike: deep equality of answers and images that fails small.
//
// A difference is shown for the first event or row that differs: printing two whole images of
// thousands of rows side by side takes longer than any test, and all memory. Commands, events and
// images are plain data, so a loop over their fields decides; node's own comparison asks about
// prototypes, cycles and more, and was most of what a campaign did.

import assert from 'node:assert/strict'
import type { EngineImage } from '#engine/image.ts'
import type { Answer } from './engine-driver.ts'

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

/** Equality of plain data: the same fields with the same values, whatever their order. */
export function isAlike(found: unknown, expected: unknown): boolean {
  if (Object.is(found, expected)) return true
  if (typeof found !== 'object' || typeof expected !== 'object') return false
  if (found === null || expected === null) return false
  if (Array.isArray(found)) {
    if (!Array.isArray(expected) || found.length !== expected.length) return false
    return found.every((item, at) => isAlike(item, expected[at]))
  }
  if (Array.isArray(expected)) return false
  return haveSameFields(found as Fields, expected as Fields)
}

type Fields = Readonly<Record<string, unknown>>

function haveSameFields(found: Fields, expected: Fields): boolean {
  let fields = 0
  for (const name in expected) {
    fields += 1
    if (!isAlike(found[name], expected[name]) || !(name in found)) return false
  }
  for (const _ in found) fields -= 1
  return fields === 0
}
