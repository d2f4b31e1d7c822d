// Strategy child: the runner's side of a strategy process.
//
// The process begins in its sandbox with an empty environment and one channel. What it answers is
// measured before it is read and checked before anybody acts on it: an answer that is too long, too
// late, malformed or not asked for ends it, and nothing of it is heard after that. What it says on
// standard error is logged, so much a second and no more.

import { type ChildProcess, spawn } from 'node:child_process'
import { dirname, isAbsolute } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Tape } from '../tape/recorder.ts'
import { createAllowance } from './allowance.ts'
import { type DescribeMessage, type Handled, readHandled, type ToStrategy } from './channel.ts'
import { createLineReader } from './line-reader.ts'
import { createSandbox } from './sandbox.ts'

export type StrategyChild = {
  readonly pid: number
  send(message: ToStrategy): void
  kill(): void
}

export type StrategyChildEvents = {
  /** A name of ours, or the path of a file. */
  readonly strategy: string
  readonly onHandled: (handled: Handled) => void
  readonly onEnd: (why: string) => void
  readonly log: (text: string) => void
  /** Where all that is said is recorded. */
  readonly tape?: Tape | undefined
}

export type StartStrategyChild = (events: StrategyChildEvents) => StrategyChild

/** One that can be asked what it can be told, instead of being started. */
export type DescribingChild = StrategyChild & { describe(): void }

export type ChildLimits = {
  /** Until the set-up is answered: the process must begin, and its code be read. */
  readonly startMs: number
  /** Until an event is answered. */
  readonly turnMs: number
  /** Of one answer, its state included. */
  readonly answerChars: number
  /** Of what is logged in a second. */
  readonly logChars: number
}

export const CHILD_LIMITS: ChildLimits = {
  ...{ startMs: 30_000, turnMs: 5_000 },
  ...{ answerChars: 1_048_576, logChars: 4_000 },
}

const PROGRAM = fileURLToPath(new URL('./strategy-process.ts', import.meta.url))
const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
/** Of the project, what strategies are made of. */
const READABLE = ['bots', 'platform/kernel', 'connectors', 'package.json', 'node_modules']

/** `hidden`: folders that a strategy shall not find where the system can hide them. */
export function strategyChildren(
  hidden: readonly string[],
  limits: ChildLimits = CHILD_LIMITS,
): (events: StrategyChildEvents) => DescribingChild {
  const sandbox = createSandbox(hidden)
  return (events) => {
    const { strategy } = events
    const own = isAbsolute(strategy) ? dirname(strategy) : undefined
    const readable = READABLE.map((path) => PROJECT + path)
    const { command, args } = sandbox.commandOf(PROGRAM, readable, own)
    const child = spawn(command, args, {
      ...{ env: {}, cwd: PROJECT },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    return watch(child, events, limits)
  }
}

function watch(
  child: ChildProcess,
  events: StrategyChildEvents,
  limits: ChildLimits,
): DescribingChild {
  const { onHandled, onEnd, log, tape } = events
  // 'pipe' makes a stream that goes both ways.
  const channel = child.stdio[3] as Duplex
  const reader = createLineReader(limits.answerChars)
  const state: { isOver: boolean; asked: number; late: NodeJS.Timeout | undefined } = {
    ...{ isOver: false, asked: 0, late: undefined },
  }

  function end(why: string): void {
    if (state.isOver) return
    state.isOver = true
    log(why)
    child.kill('SIGKILL')
  }

  function hear(line: string): void {
    if (state.isOver) return
    const handled = state.asked === 0 ? undefined : readHandled(parse(line))
    if (handled === undefined) {
      end(state.asked === 0 ? NOT_ASKED : 'a malformed answer')
      return
    }
    state.asked -= 1
    if (state.asked === 0) clearTimeout(state.late)
    tape?.heard(handled, line)
    onHandled(handled)
  }

  logErrors(child, limits.logChars, log)
  channel.setEncoding('utf8')
  channel.on('data', (text: string) => {
    const lines = reader.take(text)
    if (lines === undefined) end(`an answer of more than ${limits.answerChars} characters`)
    else for (const line of lines) hear(line)
  })
  // What broke off is told by the exit.
  channel.on('error', () => {})
  child.on('error', (error) => log(error.message))
  child.once('exit', (code, signal) => {
    state.isOver = true
    clearTimeout(state.late)
    onEnd(signal ?? `code ${code}`)
  })
  /** What was sent, or nothing when it is over. */
  function ask(message: ToStrategy | DescribeMessage): string | undefined {
    if (state.isOver) return undefined
    state.asked += 1
    const ms = message.kind === 'event' ? limits.turnMs : limits.startMs
    clearTimeout(state.late)
    state.late = setTimeout(() => end(`no answer within ${ms} ms`), ms)
    const line = JSON.stringify(message)
    channel.write(`${line}\n`)
    return line
  }

  return {
    pid: child.pid ?? 0,
    send: (message) => {
      const line = ask(message)
      if (line !== undefined) tape?.sent(message, line)
    },
    describe: () => void ask({ kind: 'describe', strategy: events.strategy }),
    kill() {
      state.isOver = true
      clearTimeout(state.late)
      child.kill('SIGKILL')
    },
  }
}

const NOT_ASKED = 'an answer that nobody asked for'

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function logErrors({ stderr }: ChildProcess, charsMax: number, log: (text: string) => void): void {
  const allowance = createAllowance(charsMax, performance.now.bind(performance))
  stderr?.setEncoding('utf8')
  stderr?.on('data', (text: string) => {
    const some = text.slice(0, charsMax)
    if (allowance.take(some.length)) log(some)
  })
}
