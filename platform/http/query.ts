// Query: the parameters of a URL as texts, parsed by hand.
//
// Every value is one string, so no schema ever sees a number or an array that nobody meant. A
// parameter that is repeated or cannot be decoded becomes a value that every schema refuses, as
// does one that no schema names.

/** What stands for a parameter that must be refused: no schema of a parameter allows an array. */
const REFUSED: readonly never[] = []
const PARAMETERS_MAX = 32

/** name=value&name=value, percent-encoded; '+' is a plus. */
export function parseQuery(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null)
  if (text === '') return query
  const pairs = text.split('&')
  if (pairs.length > PARAMETERS_MAX) return { 'too many': REFUSED }
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals)) ?? ''
    const value = equals < 0 ? REFUSED : (decoded(pair.slice(equals + 1)) ?? REFUSED)
    query[name] = name in query ? REFUSED : value
  }
  return query
}

function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
