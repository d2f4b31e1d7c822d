// Strategy child: the runner's side of a strategy process.
//
// The child is forked with an empty environment, without standard input and output, and may only
// read the project's own files. What it says on standard error is logged; what it answers is
// checked before anybody acts on it, and a malformed answer ends it.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Handled, readHandled, type ToStrategy } from './channel.ts'

export type StrategyChild = {
  readonly pid: number
  send(message: ToStrategy): void
  kill(): void
}

export type StrategyChildEvents = {
  readonly onHandled: (handled: Handled) => void
  readonly onEnd: (why: string) => void
  readonly log: (text: string) => void
}

export type StartStrategyChild = (events: StrategyChildEvents) => StrategyChild

const PROGRAM = fileURLToPath(new URL('./strategy-process.ts', import.meta.url))
const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const NODE_FLAGS = [
  '--max-old-space-size=64',
  '--max-semi-space-size=1',
  '--optimize-for-size',
  '--permission',
  `--allow-fs-read=${PROJECT}`,
]
const ERROR_CHARS_MAX = 4_000

export const startStrategyChild: StartStrategyChild = ({ onHandled, onEnd, log }) => {
  const child = fork(PROGRAM, [], {
    execArgv: NODE_FLAGS,
    env: {},
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  child.stderr?.setEncoding('utf8')
  child.stderr?.on('data', (text: string) => log(text.slice(0, ERROR_CHARS_MAX)))
  child.on('message', (message) => {
    const handled = readHandled(message)
    if (handled !== undefined) return onHandled(handled)
    log('a malformed answer')
    child.kill('SIGKILL')
  })
  child.on('error', (error) => log(error.message))
  child.once('exit', (code, signal) => onEnd(signal ?? `code ${code}`))
  return {
    pid: child.pid ?? 0,
    send(message) {
      if (child.connected) child.send(message)
    },
    kill: () => child.kill('SIGKILL'),
  }
}
