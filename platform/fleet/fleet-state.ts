// Fleet state: what every change of a bot is made of, and the steps that several of them share.
//
// What is wanted is written down first, here and nowhere else. The venue's word counts: orders are
// cancelled there, whatever a runner says.

import { createHash } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Clock } from '#kernel/time.ts'
import type { Auth } from '#platform/auth/port.ts'
import type { Jobs } from '#platform/transport/port.ts'
import type { Vault } from '#platform/vault/port.ts'
import type { Books } from './books.ts'
import type { BotLog } from './bot-log.ts'
import type { BotShows } from './bot-shows.ts'
import type { Checks } from './checks.ts'
import type { LoadStrategy } from './descriptions.ts'
import type { Halts } from './halts.ts'
import type {
  DeployedBot,
  Deployments,
  LogFiles,
  RunnerBot,
  StartRunner,
  Wanted,
  Workshop,
} from './port.ts'
import { botOf, type Entry } from './roster.ts'
import type { FleetStore, RequestMark } from './store.ts'
import { GONE, type Supervisor } from './supervisor.ts'

export type DeploymentsDeps = {
  readonly store: FleetStore
  readonly books: Books
  readonly auth: Pick<Auth, 'createKey' | 'revokeKey'>
  readonly vault: Pick<Vault, 'seal' | 'open'>
  readonly workshop: Workshop
  readonly startRunner: StartRunner
  readonly venues: readonly string[]
  readonly load: LoadStrategy
  readonly box: Deployments['box']
  readonly logFiles: LogFiles
  /** Nothing is thinned unless given; called before they start. */
  readonly jobs?: Pick<Jobs, 'calendar'> | undefined
  /** Ids that are taken by bots of the platform's own. */
  readonly reserved: (id: string) => boolean
  readonly clock: Clock
  readonly log: (line: string) => void
  /** Of every bot, again and again. */
  readonly onHalted?: Halts['heard']
  /** Until a runner that does not answer is ended; ANSWER_MS unless given. */
  readonly answerMs?: number
}

export type FleetState = DeploymentsDeps & {
  readonly entries: Map<string, Entry>
  readonly botLog: BotLog
  readonly botShows: BotShows
  readonly supervisor: Supervisor
  readonly checks: Checks
  /** By bot: the change that is being made. */
  readonly changes: Map<string, Promise<unknown>>
  isClosed: boolean
}

export function note(state: FleetState, id: string, text: string): void {
  state.botLog.add(id, text, state.clock())
}

export function tellState({ botLog }: FleetState, entry: Entry): void {
  if (botLog.isHeard(entry.row.id)) {
    botLog.tell(entry.row.id, { type: 'state', bot: botOf(entry) })
  }
}

export function fail(state: FleetState, id: string, why: string): void {
  const entry = state.entries.get(id)
  if (entry === undefined) return
  entry.failure = why
  note(state, id, `failed: ${why}`)
  tellState(state, entry)
}

export async function want(
  state: FleetState,
  entry: Entry,
  wanted: Wanted,
  why: string,
  flatten = false,
): Promise<void> {
  const { id } = entry.row
  await state.store.setWanted(id, { wanted, why, flatten })
  entry.row = { ...entry.row, wanted, why, flatten: entry.row.flatten || flatten }
  note(state, id, why)
  tellState(state, entry)
}

export function hashOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return createHash('sha256').update(text).digest('hex')
}

/** The answer to a request that was made before: as the bot is now. */
export async function repeated(
  state: FleetState,
  entry: Entry,
  { requestId, requestHash }: RequestMark,
): Promise<Result<DeployedBot>> {
  const made = await state.store.madeBy(entry.row.id, requestId)
  if (made?.hash !== requestHash) return refuse('idempotency.mismatch')
  return accept(botOf(entry))
}

export async function settleRow(state: FleetState, entry: Entry): Promise<void> {
  const { id, owner, keyId } = entry.row
  if (keyId !== null) await state.auth.revokeKey({ userId: owner, keyId })
  const settledAt = state.clock()
  await state.store.setSettled(id, settledAt)
  state.botShows.forget(id)
  entry.row = { ...entry.row, settledAt, secret: null }
  await state.botLog.shelve(id)
}

/** Brings the bot into the runner, in the state that is wanted. */
export async function run(state: FleetState, entry: Entry): Promise<void> {
  const bot = await runnerBotOf(state, entry)
  entry.failure = null
  entry.told = undefined
  state.botShows.begin(bot.id)
  const wrong = await state.supervisor.put(bot)
  if (wrong !== null && wrong !== GONE) fail(state, entry.row.id, wrong)
}

async function runnerBotOf(state: FleetState, { row, version }: Entry): Promise<RunnerBot> {
  const { id, keyId, secret, wanted } = row
  const source = await state.store.source(version.hash)
  if (source === undefined || keyId === null || secret === null) {
    throw new Error(`bot ${id} has no text or no key`)
  }
  const key = { id: keyId, secret: await state.vault.open(`bot:${id}`, secret) }
  const { params, venues, limits } = version
  const file = state.workshop.file(version.hash, source)
  return { id, file, key, params, venues, limits, state: wanted === 'paused' ? wanted : 'running' }
}

export async function cancelled(state: FleetState, { row }: Entry): Promise<Result<null>> {
  return row.account === null ? accept(null) : state.books.cancel(row.account)
}
