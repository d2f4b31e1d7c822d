// assert: what must hold, in production too.
//
// A failed assertion is a bug: it throws, nobody catches it, the process ends before anything is
// released. Messages begin with the invariant they guard ('INV-03: ...').

export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed'
}

/** Throws AssertionFailed when the condition is false. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message)
}

/** For the branch that exhaustive code never reaches. */
export function unreachable(value: never): never {
  throw new AssertionFailed(`unreachable: ${String(value)}`)
}
