// The strategy process: one strategy, one channel to its runner, and nothing else.
//
// The channel is the third descriptor: one message a line. It ends when the channel closes, so it
// never outlives its runner. Everything of the runtime is imported first; then the process locks
// itself down, and only then is the strategy's code read, from the project or from a file of
// somebody's own. A handler that throws ends it; the runner starts it again from the saved state.

import { Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import type { Strategy } from '../strategy.ts'
import type { DescribeMessage, Start, ToStrategy } from './channel.ts'
import { describe } from './description.ts'
import { createLineReader } from './line-reader.ts'
import { lockDown } from './lockdown.ts'
import { createStrategyHost, type StrategyHost } from './strategy-host.ts'

/** Where the box lies; a name of it is a file there. */
const BOX = new URL('../strategies/', import.meta.url).href
const NAME_OF_BOX = /^[a-z0-9-]+$/

const running: { host: StrategyHost | undefined } = { host: undefined }
const channel = new Socket({ fd: 3 })
const reader = createLineReader(Number.POSITIVE_INFINITY)
const { exit, stderr } = process

channel.setEncoding('utf8')
channel.on('data', (text) => {
  for (const line of reader.take(String(text)) ?? []) hear(JSON.parse(line))
})
channel.on('close', () => exit(0))
channel.on('error', () => exit(0))
// Ctrl-C reaches the whole group; the runner says when it is over.
process.on('SIGINT', () => {})

const lock = lockDown((text) => void stderr.write(`${text}\n`))

function hear(message: ToStrategy | DescribeMessage): void {
  if (message.kind === 'start') void begin(message)
  else if (message.kind === 'describe') void tellOf(message.strategy)
  else if (running.host !== undefined) answer(running.host.handle(message))
}

async function begin(start: Start): Promise<void> {
  const { default: strategy }: { default: Strategy } = await import(urlOf(start.strategy))
  running.host = createStrategyHost(strategy, start)
  lock.shut()
  answer(running.host.started)
}

async function tellOf(strategy: string): Promise<void> {
  const exported: { default?: unknown } = await import(urlOf(strategy))
  lock.shut()
  answer({ kind: 'handled', no: 0, actions: [{ kind: 'report', figures: describe(exported) }] })
}

/** A name of the box, or a path. */
function urlOf(name: string): string {
  return NAME_OF_BOX.test(name) ? `${BOX}${name}.ts` : pathToFileURL(name).href
}

function answer(handled: object): void {
  channel.write(`${JSON.stringify(handled)}\n`)
}
