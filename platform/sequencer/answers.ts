// Answers: what commands came to, as rows of numbers, for whoever handed them in.
//
// Rows of plain numbers cross from thread to thread in one piece. A row says whose command it was
// by the ticket of its group; the rows of a group stand in the order of its commands.

import { assert } from '#kernel/assert.ts'
import { ANSWERS_FIRST } from './limits.ts'

export type Answer = {
  /** Of the group. */
  readonly ticket: number
  /** Of the original when it is a repetition; 0: nothing happened. */
  readonly seq: number
  /** 0 or a refusal's number. */
  readonly code: number
  readonly duplicate: boolean
  /** Cells of its events, counted from the first event of the release. */
  readonly from: number
  readonly to: number
}

/** Numbers of a row. */
export const ANSWER_NUMBERS = 6
/** Where they stand within it. */
export const ANSWER = { ticket: 0, seq: 1, code: 2, duplicate: 3, from: 4, to: 5 } as const

export type Answers = {
  add(answer: Answer): void
  /** All rows so far; then there are none. */
  take(): Float64Array<ArrayBuffer>
}

/** No rows yet. */
export function createAnswers(): Answers {
  let rows = new Float64Array(ANSWERS_FIRST * ANSWER_NUMBERS)
  let used = 0
  return {
    add({ ticket, seq, code, duplicate, from, to }) {
      if (used === rows.length) {
        const grown = new Float64Array(rows.length * 2)
        grown.set(rows)
        rows = grown
      }
      rows[used] = ticket
      rows[used + ANSWER.seq] = seq
      rows[used + ANSWER.code] = code
      rows[used + ANSWER.duplicate] = duplicate ? 1 : 0
      rows[used + ANSWER.from] = from
      rows[used + ANSWER.to] = to
      used += ANSWER_NUMBERS
    },
    take() {
      const taken = rows.slice(0, used)
      used = 0
      return taken
    },
  }
}

/** A number of a row; what lies outside is a bug of the caller. */
export function answerAt(rows: Float64Array, at: number): number {
  const value = rows[at]
  if (value === undefined) assert(false, 'a row of answers is whole')
  return value
}
