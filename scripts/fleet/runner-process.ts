// The fleet's runner as a process: the same program that runs the demo's bots, with nothing of ours
// but the keys of the bots that it is given.
//
// What is asked of it carries a number, and so does the answer. It ends when our channel closes.

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromRunner, RunnerAsk, RunnerSettings, ToRunner } from '#bots/runtime/messages.ts'
import { StartError } from '#kernel/start-error.ts'
import type { RunnerBot, RunnerEvents, RunnerProcess } from '#platform/fleet/port.ts'

const MAIN = fileURLToPath(new URL('../../bots/runtime/main.ts', import.meta.url))
const NODE_FLAGS = ['--max-old-space-size=256', '--max-semi-space-size=2', '--optimize-for-size']
const STOP_MS = 12_000

export function startFleetRunner(settings: RunnerSettings, events: RunnerEvents): RunnerProcess {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  const child = fork(MAIN, [], {
    execArgv: NODE_FLAGS,
    env: { PATH, HOME, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const waiting = new Map<number, (wrong: string | null) => void>()
  const ready = Promise.withResolvers<void>()
  const asked = { count: 0 }
  const heard = { at: performance.now() }
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
  })
  const tell = (message: ToRunner | RunnerSettings) => {
    if (child.connected) child.send(message)
  }
  child.on('message', (message: FromRunner) => {
    heard.at = performance.now()
    if (message.kind === 'ready') ready.resolve()
    else if (message.kind === 'bots') events.figures(message.items)
    else if (message.kind === 'log') events.log(message.bot, message.text, message.at)
    else if (message.kind === 'plot') events.plot(message.bot, message.plot)
    else if (message.kind === 'note') events.note(message.bot, message.text, message.at)
    else if (message.kind === 'answer') {
      waiting.get(message.ask)?.(message.wrong)
      waiting.delete(message.ask)
    }
  })
  void ended.then((why) => ready.reject(new StartError(why)))
  // Told by the end, too; nobody may be waiting yet.
  ready.promise.catch(() => {})
  const ask = (what: RunnerAsk) =>
    new Promise<string | null>((resolve) => {
      asked.count += 1
      waiting.set(asked.count, resolve)
      tell({ kind: 'ask', ask: asked.count, what })
    })
  tell(settings)
  return {
    ...{ pid: child.pid ?? 0, ready: ready.promise, ended },
    start: ({ file: strategy, ...bot }: RunnerBot) =>
      ask({ do: 'start', bot: { ...bot, strategy, privateKey: null } }),
    remove: (bot) => ask({ do: 'remove', bot }),
    pause: (bot) => ask({ do: 'pause', bot }),
    resume: (bot) => ask({ do: 'resume', bot }),
    rehearse: ({ file: strategy, ...bot }) => ask({ do: 'rehearse', bot: { ...bot, strategy } }),
    silentMs: () => performance.now() - heard.at,
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      tell({ kind: 'stop' })
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(late)
    },
  }
}
