// Describer: loads the text of a strategy in a sandbox of its own and hears what it can be told.
//
// The text lies in a folder of its own for as long as that takes; nothing of it is set up, and the
// process is gone when it has answered.

import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { readDescription } from '#bots/runtime/description.ts'
import { strategyChildren } from '#bots/runtime/strategy-child.ts'
import type { LoadStrategy } from '#platform/fleet/descriptions.ts'

const TEXT_MAX = 4_000

/** `folder`: where strategies lie, in a folder that they shall not find. */
export function createDescriber(folder: string): LoadStrategy {
  const made: { startChild?: ReturnType<typeof strategyChildren> } = {}
  return async (source) => {
    // What the system can hold it to is tried when it is first needed.
    made.startChild ??= strategyChildren([dirname(resolve(folder)), tmpdir()])
    const { startChild } = made
    const home = resolve(folder, `look-${randomUUID()}`)
    mkdirSync(home, { recursive: true, mode: 0o700 })
    const strategy = join(home, 'strategy.ts')
    writeFileSync(strategy, source, { mode: 0o600 })
    const over = Promise.withResolvers<Awaited<ReturnType<LoadStrategy>>>()
    const said: string[] = []
    const child = startChild({
      strategy,
      onHandled({ actions: [first] }) {
        const told = first?.kind === 'report' ? readDescription(first.figures) : undefined
        over.resolve(told ?? { wrong: 'its parameters cannot be read' })
      },
      onEnd: (why) => {
        over.resolve({ wrong: said.join('\n').trim().slice(0, TEXT_MAX) || why })
      },
      log: (text) => void said.push(text),
    })
    child.describe()
    const told = await over.promise
    child.kill()
    rmSync(home, { recursive: true, force: true })
    return told
  }
}
