// E-mail addresses in the one form in which they are stored and compared.
//
// Two spellings of one mailbox must never become two users: everything is ASCII before it is
// lower-cased, because a letter such as the Kelvin sign becomes a plain k on the way down. An
// address with other letters is refused, not folded.

import { EMAIL_MAX } from './limits.ts'

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/
const LOCAL_MAX = 64

/** The canonical form, or undefined when it is no address that we accept. */
export function canonicalEmail(text: string): string | undefined {
  if (text.length > EMAIL_MAX) return undefined
  const parts = text.split('@')
  const [local, domain] = parts
  if (parts.length !== 2 || local === undefined || domain === undefined) return undefined
  if (local.length > LOCAL_MAX || !LOCAL.test(local)) return undefined
  if (!domain.split('.').every((label) => LABEL.test(label))) return undefined
  return text.toLowerCase()
}
