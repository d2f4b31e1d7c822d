// Equality of plain data: commands, events, images.
//
// A loop over their fields decides; node's own comparison asks about prototypes, cycles and more,
// and was most of what a campaign did.

/** Equality of plain data: the same fields with the same values, whatever their order. */
export function isAlike(found: unknown, expected: unknown): boolean {
  if (Object.is(found, expected)) return true
  if (typeof found !== 'object' || typeof expected !== 'object') return false
  if (found === null || expected === null) return false
  if (Array.isArray(found)) {
    if (!Array.isArray(expected) || found.length !== expected.length) return false
    for (let at = 0; at < found.length; at += 1) {
      if (!isAlike(found[at], expected[at])) return false
    }
    return true
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
