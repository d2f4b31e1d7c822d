// The bots' runner as the platform sees it: one child process, its messages, and the fleet's state.
//
// It is forked with one channel and an almost empty environment, gets the keys of its own bots and
// nothing else of us, and may be killed at any moment without harm. Pausing is done when the runner
// says that the bot's orders are cancelled; a runner that does not answer is `unknown`.

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromRunner, RunnerSettings, ToRunner } from '#bots/runtime/messages.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { StartError } from '#kernel/start-error.ts'
import type { Fleet, FleetBot } from '#platform/fleet/port.ts'

export type ArbitrageReport = Extract<FromRunner, { readonly kind: 'arbitrage' }>
export type SwapReport = Extract<FromRunner, { readonly kind: 'swap' }>

export type RunnerEvents = {
  readonly onSwap: (swap: SwapReport) => void
  readonly onArbitrage: (report: ArbitrageReport) => void
  /** Of every bot, again and again. */
  readonly onHalted: (bot: FleetBot, code: string | null) => void
  readonly onPositions: (positions: Readonly<Record<string, number>>) => void
  readonly log: (line: string) => void
}

export type BotIdentity = Pick<FleetBot, 'id' | 'strategy' | 'account' | 'ownerId' | 'since'>

export type Runner = {
  readonly pid: number
  readonly fleet: Fleet
  readonly ready: Promise<void>
  /**
   * A new chain, or none: then bots and swappers let go of the one they have. Answers when that is
   * done, or when the runner takes too long.
   */
  tellChain(chain: RunnerSettings['chain']): Promise<void>
  /** Bots cancel their orders; killed after a grace period. */
  stop(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../bots/runtime/main.ts', import.meta.url))
const NODE_FLAGS = ['--max-old-space-size=128', '--max-semi-space-size=2', '--optimize-for-size']
const ANSWER_MS = 5_000
const STOP_MS = 12_000
/** Half-done arbitrages are waited for. */
const CHAIN_MS = 8_000

export function startRunner(
  settings: RunnerSettings,
  bots: readonly BotIdentity[],
  events: RunnerEvents,
): Runner {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  const child = fork(MAIN, [], {
    execArgv: NODE_FLAGS,
    env: { PATH, HOME, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const state = createFleetState(bots)
  const ready = Promise.withResolvers<void>()
  let chainAnswered = () => {}
  const tell = (message: ToRunner | RunnerSettings) => {
    if (child.connected) child.send(message)
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.on('message', (message: FromRunner) => {
    if (message.kind === 'ready') ready.resolve()
    else if (message.kind === 'swap') events.onSwap(message)
    else if (message.kind === 'arbitrage') events.onArbitrage(message)
    else if (message.kind === 'prices') events.onPositions(message.positions)
    else if (message.kind === 'chain') chainAnswered()
    else state.apply(message, events.onHalted)
  })
  void ended.then(() => {
    state.allStopped()
    ready.reject(new StartError('the bots ended while starting'))
    events.log('the bots have ended')
  })
  tell(settings)
  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    fleet: fleetOver(state, tell),
    tellChain: (chain) =>
      new Promise((resolve) => {
        chainAnswered = resolve
        setTimeout(resolve, CHAIN_MS).unref()
        tell({ kind: 'chain', chain })
      }),
    stop: () => stopRunner(child, ended, tell),
  }
}

async function stopRunner(
  child: ChildProcess,
  ended: Promise<void>,
  tell: (message: ToRunner) => void,
): Promise<void> {
  tell({ kind: 'stop' })
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(late)
}

type FleetState = {
  apply(message: FromRunner, onHalted: RunnerEvents['onHalted']): void
  allStopped(): void
  list(): readonly FleetBot[]
  find(id: string): FleetBot | undefined
  /** Answers when the runner has told the state of the bot. */
  nextState(id: string): Promise<void>
}

function createFleetState(identities: readonly BotIdentity[]): FleetState {
  const bots = new Map<string, FleetBot>(identities.map((one) => [one.id, beginning(one)]))
  const waiting = new Map<string, (() => void)[]>()

  function change(id: string, changes: Partial<FleetBot>): void {
    const bot = bots.get(id)
    if (bot !== undefined) bots.set(id, { ...bot, ...changes })
  }

  return {
    apply(message, onHalted) {
      const tell = (id: string) => {
        const bot = bots.get(id)
        if (bot !== undefined) onHalted(bot, bot.halted)
      }
      if (message.kind === 'bots') {
        for (const { id, state, equity, pnl, fees, gas, halted } of message.items) {
          change(id, { state, equity, pnl, fees, gas, halted })
          tell(id)
        }
      } else if (message.kind === 'halt') {
        change(message.bot, { halted: message.code })
        tell(message.bot)
      } else if (message.kind === 'state') {
        change(message.bot, { state: message.state })
        for (const done of waiting.get(message.bot) ?? []) done()
        waiting.delete(message.bot)
      }
    },
    allStopped() {
      for (const id of bots.keys()) change(id, { state: 'stopped' })
    },
    list: () => [...bots.values()],
    find: (id) => bots.get(id),
    nextState: (id) => new Promise((done) => waiting.set(id, [...(waiting.get(id) ?? []), done])),
  }
}

const NO_FIGURES = { equity: null, pnl: null, fees: '0', gas: '0' } as const

function beginning(identity: BotIdentity): FleetBot {
  return { ...identity, state: 'starting', halted: null, ...NO_FIGURES }
}

function fleetOver(state: FleetState, tell: (message: ToRunner) => void): Fleet {
  async function ask(kind: 'pause' | 'resume', id: string): Promise<Result<FleetBot>> {
    if (state.find(id) === undefined) return refuse('not_found')
    const answered = state.nextState(id).then(() => true)
    tell({ kind, bot: id })
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, ANSWER_MS, false))
    const bot = (await Promise.race([answered, late])) ? state.find(id) : undefined
    return bot === undefined ? refuse('unknown') : accept(bot)
  }
  return {
    list: state.list,
    pause: (id) => ask('pause', id),
    resume: (id) => ask('resume', id),
  }
}
