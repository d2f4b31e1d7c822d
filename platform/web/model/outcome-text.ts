// What people read when a request did not do what they asked.

import type { Outcome } from '#client/outcome.ts'

type NotDone = Exclude<Outcome<unknown>, { readonly kind: 'done' }>

/** One sentence; a refusal is told by the text of its code. */
export function outcomeText(outcome: NotDone): string {
  if (outcome.kind === 'unknown') return 'No answer. It may have happened; look before you repeat.'
  return `${outcome.message} (${outcome.code})`
}
