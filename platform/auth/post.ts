// Post: letters that are written behind an answer, so that its time tells nothing.
//
// Codes to one address are capped by the day; so are notices, so that nobody's mailbox is flooded
// by somebody else. What is over the cap is not written, and the answer is the same.

import type { Mailer } from '#platform/notifications/port.ts'
import type { ChallengeStore } from './challenge-store.ts'
import { createErrands } from './errands.ts'
import type { LetterText } from './letters.ts'
import { CODES_PER_DAY } from './limits.ts'

export type Post = {
  isFull(): boolean
  /** Writes a letter after the answer; undefined: there is nothing to say. */
  later(email: string, write: () => Promise<LetterText | undefined>): void
  notice(email: string, letter: LetterText): void
  /** Other work that an answer does not wait for. */
  behind(work: () => Promise<void>): void
  idle(): Promise<void>
}

export type PostDeps = {
  readonly store: Pick<ChallengeStore, 'take'>
  readonly mailer: Mailer
  readonly now: () => number
  readonly log: (line: string) => void
}

const NOTICES_PER_DAY = 20

export function createPost({ store, mailer, now, log }: PostDeps): Post {
  const errands = createErrands(log)
  const send = async (to: string, letter: LetterText | undefined): Promise<void> => {
    if (letter !== undefined) await mailer.send({ to, ...letter })
  }
  return {
    isFull: errands.isFull,
    later: (email, write) =>
      errands.run(async () => {
        if ((await store.take(`mail:${email}`, CODES_PER_DAY, now())) > 0) {
          await send(email, await write())
        }
      }),
    notice: (email, letter) =>
      errands.run(async () => {
        if ((await store.take(`notice:${email}`, NOTICES_PER_DAY, now())) > 0) {
          await send(email, letter)
        }
      }),
    behind: errands.run,
    idle: errands.idle,
  }
}
