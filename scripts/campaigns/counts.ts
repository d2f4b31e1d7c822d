// Counts: the options of a campaign that are whole numbers, each with what it is when not given.
//
// An option that is not known, a word, or a number that is no count from 1 on: null, and the
// campaign tells how it is used.

import { parseArgs } from 'node:util'

const COUNT = /^[1-9][0-9]{0,8}$/

export function countsIn<Name extends string>(
  args: readonly string[],
  given: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> | null {
  const names = Object.keys(given) as Name[] // The keys of what is given.
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]))
  try {
    const { values } = parseArgs({ args: [...args], options })
    const read = names.map((name) => [name, String(values[name] ?? given[name])] as const)
    if (!read.every(([, count]) => COUNT.test(count))) return null
    const counts = Object.fromEntries(read.map(([name, count]) => [name, Number(count)]))
    return counts as Record<Name, number> // Every name was read.
  } catch {
    return null
  }
}
