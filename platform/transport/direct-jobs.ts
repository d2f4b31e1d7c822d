// Direct jobs: the port of jobs without a queue, for tools and tests: the work is done at once.
//
// Work that fails is told and not repeated; the calendar is not followed.

import type { Jobs } from './port.ts'

export function createDirectJobs(log: (line: string) => void = () => {}): Jobs {
  const works = new Map<string, (id: string) => Promise<void>>()
  return {
    handle: (name, work) => void works.set(name, work),
    add: async (name, id) => {
      await works
        .get(name)?.(id)
        .catch((error: unknown) => log(`job ${name}: ${String(error)}`))
    },
    calendar: () => {},
    start: async () => {},
    close: async () => {},
  }
}
