// Insist: a reading that is repeated until it is answered, so that one lost answer on a bad line
// does not leave a panel empty for good. For what changes nothing only.

import type { Outcome } from '#client/outcome.ts'

const PAUSE_MS = 1_000
const TIMES_MAX = 20

/** undefined when it was refused, never answered, or nobody waits for it any more. */
export async function insist<T>(
  ask: () => Promise<Outcome<T>>,
  isWanted: () => boolean,
): Promise<T | undefined> {
  for (let times = 0; times < TIMES_MAX && isWanted(); times += 1) {
    const outcome = await ask()
    if (!isWanted() || (outcome.kind === 'refused' && outcome.status < 429)) return undefined
    if (outcome.kind === 'done') return outcome.value
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return undefined
}
