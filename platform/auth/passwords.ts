// Passwords: Argon2id with 64 MiB, 3 passes and 1 lane, one at a time.
//
// The library works on the threads that also sync the journal, so the number at once is bounded
// here and the queue too. An unknown user costs the same work as a wrong password.

import { hash, verify } from '@node-rs/argon2'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { PASSWORD_HASHES_AT_ONCE, PASSWORD_HASHES_WAITING_MAX } from './limits.ts'

export type Passwords = {
  /** The PHC text to store; capacity.exhausted when too many wait. */
  hash(password: string): Promise<Result<string>>
  /** Whether it fits; `stored` is undefined for an unknown user, and the answer then false. */
  verify(stored: string | undefined, password: string): Promise<Result<boolean>>
}

const OPTIONS = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }

/** Hash of a password that nobody knows, with the same cost as any other. */
const NOBODY =
  '$argon2id$v=19$m=65536,t=3,p=1$A8tAG2xLjlPRip6hGYLSBw$' +
  'MIrkX03TiOpDVxx4JKGZ0oOjHGm/dvXIzfClYbmNMAc'

/** Passwords with a queue of their own. */
export function createPasswords(): Passwords {
  const turns = createTurns(PASSWORD_HASHES_AT_ONCE, PASSWORD_HASHES_WAITING_MAX)
  return {
    hash: (password) => turns(() => hash(normalise(password), OPTIONS)),
    verify: (stored, password) =>
      turns(async () => {
        const fits = await verify(stored ?? NOBODY, normalise(password))
        return fits && stored !== undefined
      }),
  }
}

/** One text for one password, whichever way a keyboard composes its letters. */
function normalise(password: string): string {
  return password.normalize('NFC')
}

type Turns = <T>(work: () => Promise<T>) => Promise<Result<T>>

function createTurns(atOnce: number, waitingMax: number): Turns {
  const waiting: (() => void)[] = []
  const state = { running: 0 }
  return async (work) => {
    if (state.running >= atOnce) {
      if (waiting.length >= waitingMax) return refuse('capacity.exhausted')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else state.running += 1
    try {
      return accept(await work())
    } finally {
      // The turn is handed on; only when nobody waits does it come free.
      const next = waiting.shift()
      if (next === undefined) state.running -= 1
      else next()
    }
  }
}
