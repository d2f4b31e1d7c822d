// Asks the sequencer until it answers: `unknown` and a full queue pass, everything else is the
// answer.
//
// Only for commands that may be submitted any number of times.

import type { RefusalCode } from '#kernel/refusals.ts'
import type { Sequencer, Submission } from '#sequencer/port.ts'

const RETRY_MS = 100

/** The refusal's code, or null when it is done. */
export async function answered(
  sequencer: Pick<Sequencer, 'submit'>,
  submission: Submission,
): Promise<RefusalCode | null> {
  for (;;) {
    const { code } = await sequencer.submit(submission)
    if (code !== 'unknown' && code !== 'capacity.exhausted') return code
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}
