// Deployments: what may be done with bots, each as steps that a crash may cut anywhere.
//
// A change of one bot waits for the one before. What is wanted is written down first, then it is
// made true; at a start everything that was left half done is gone on with: accounts are opened or
// settled, bots get back to what is wanted of them. A pause does not believe the runner: the venue
// itself cancels every order, before and after the runner has answered.

import { createHash } from 'node:crypto'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Clock } from '#kernel/time.ts'
import type { Auth } from '#platform/auth/port.ts'
import type { Vault } from '#platform/vault/port.ts'
import type { Books } from './books.ts'
import { type BotLog, createBotLog } from './bot-log.ts'
import { type Checks, createChecks } from './checks.ts'
import { ENVELOPE } from './envelope.ts'
import type { Halts } from './halts.ts'
import {
  BOTS_MAX,
  BOTS_PER_USER_MAX,
  SAMPLE_MS,
  STOPPED_KEPT_MAX,
  VERSIONS_PER_BOT_MAX,
} from './limits.ts'
import type {
  BotUpdate,
  DeployedBot,
  Deployments,
  NewBot,
  RunnerBot,
  RunnerFigures,
  StartRunner,
  Terms,
  Wanted,
  Workshop,
} from './port.ts'
import { botOf, type Entry, entryOf, hearFigures } from './roster.ts'
import type { BotRow, FleetStore, RequestMark } from './store.ts'
import { createSupervisor, GONE, type Supervisor } from './supervisor.ts'

export type DeploymentsDeps = {
  readonly store: FleetStore
  readonly books: Books
  readonly auth: Pick<Auth, 'createKey' | 'revokeKey'>
  readonly vault: Pick<Vault, 'seal' | 'open'>
  readonly workshop: Workshop
  readonly startRunner: StartRunner
  readonly venues: readonly string[]
  /** Ids that are taken by bots of the platform's own. */
  readonly reserved: (id: string) => boolean
  readonly clock: Clock
  readonly log: (line: string) => void
  /** Of every bot, again and again. */
  readonly onHalted?: Halts['heard']
  /** Until a runner that does not answer is ended; ANSWER_MS unless given. */
  readonly answerMs?: number
}

export type OpenDeployments = Deployments & {
  /** Goes on with everything that was left; called once the API listens. */
  begin(): Promise<void>
  /** Every bot's orders are cancelled; what is wanted stays as it is. */
  close(): Promise<void>
  /** Undefined while nothing runs. */
  runnerPid(): number | undefined
}

type State = DeploymentsDeps & {
  readonly entries: Map<string, Entry>
  readonly botLog: BotLog
  readonly supervisor: Supervisor
  readonly checks: Checks
  /** By bot: the change that is being made. */
  readonly changes: Map<string, Promise<unknown>>
  isClosed: boolean
}

/** Knows every bot when it answers; none runs before begin(). */
export async function createDeployments(deps: DeploymentsDeps): Promise<OpenDeployments> {
  const state = stateOf(deps)
  for (const row of await deps.store.bots()) {
    const [version] = await deps.store.versions(row.id)
    if (version !== undefined) state.entries.set(row.id, entryOf(row, version))
  }
  const sampling = setInterval(() => void sample(state), SAMPLE_MS).unref()
  return {
    ...reads(state),
    deploy: (bot) => inTurn(state, bot.id, () => deploy(state, bot)),
    update: (update) => inTurn(state, update.id, () => change(state, update)),
    rollBack: (back) => inTurn(state, back.id, () => rollBack(state, back)),
    pause: (id) => inTurn(state, id, () => pause(state, id, 'paused by a person')),
    resume: (id) => inTurn(state, id, () => resume(state, id)),
    stop: (stop) => inTurn(state, stop.id, () => stopBot(state, stop)),
    begin: () => begin(state),
    runnerPid: state.supervisor.pid,
    async close() {
      state.isClosed = true
      clearInterval(sampling)
      await Promise.allSettled(state.changes.values())
      await state.supervisor.close()
    },
  }
}

function stateOf(deps: DeploymentsDeps): State {
  const botLog = createBotLog()
  const entries = new Map<string, Entry>()
  const note = (id: string, text: string) => botLog.add(id, text, deps.clock())
  const supervisor = createSupervisor({
    start: () => deps.startRunner({ figures: (items) => hear(state, items), log: botLog.add }),
    onFailed: (id, why) => fail(state, id, why),
    onLost(ids, why) {
      for (const id of ids) {
        const entry = entries.get(id)
        if (entry !== undefined) entry.told = undefined
        note(id, `its runner ended: ${why}`)
      }
    },
    log: deps.log,
    ...(deps.answerMs === undefined ? {} : { answerMs: deps.answerMs }),
  })
  const checks = createChecks({ workshop: deps.workshop, supervisor })
  const state: State = {
    ...{ ...deps, entries, botLog, supervisor, checks, changes: new Map(), isClosed: false },
  }
  return state
}

function reads(state: State) {
  const { entries, botLog, store } = state
  return {
    bots: (ownerId?: string) =>
      [...entries.values()]
        .filter(({ row }) => ownerId === undefined || row.owner === ownerId)
        .map(botOf),
    find: (id: string) => {
      const entry = entries.get(id)
      return entry === undefined ? undefined : botOf(entry)
    },
    versions: store.versions,
    async source(id: string, number: number) {
      const version = (await store.versions(id)).find((one) => one.number === number)
      return version === undefined ? undefined : store.source(version.hash)
    },
    log: botLog.after,
    samples: store.samples,
    listen: botLog.listen,
    gauges: () => gaugesOf(state),
  }
}

function gaugesOf({ entries, supervisor }: State): Record<string, number> {
  const bots = [...entries.values()].map(botOf)
  const of = (one: DeployedBot['state']) => bots.filter(({ state }) => state === one).length
  return {
    ...{ fleet_running: of('running'), fleet_paused: of('paused'), fleet_failed: of('failed') },
    fleet_starting: of('starting'),
    fleet_strategy_crashes: bots.reduce((all, { crashes }) => all + crashes, 0),
    ...{ fleet_runner_restarts: supervisor.restarts(), fleet_runner_pid: supervisor.pid() ?? 0 },
  }
}

/** One change of a bot at a time, in the order in which they were asked for. */
function inTurn<T>(state: State, id: string, work: () => Promise<T>): Promise<T> {
  const before = state.changes.get(id) ?? Promise.resolve()
  const done = before.catch(() => {}).then(work)
  state.changes.set(id, done)
  const forget = () => {
    if (state.changes.get(id) === done) state.changes.delete(id)
  }
  void done.then(forget, forget)
  return done
}

function note(state: State, id: string, text: string): void {
  state.botLog.add(id, text, state.clock())
}

function tellState({ botLog }: State, entry: Entry): void {
  if (botLog.isHeard(entry.row.id)) {
    botLog.tell(entry.row.id, { type: 'state', bot: botOf(entry) })
  }
}

function hear(state: State, items: readonly RunnerFigures[]): void {
  for (const told of items) {
    const entry = state.entries.get(told.id)
    if (entry === undefined || entry.row.wanted === 'stopped') continue
    hearFigures(entry, told)
    tellState(state, entry)
    void state.onHalted?.(botOf(entry), told.halted)
    if (told.halted === null || entry.row.wanted !== 'running' || state.isClosed) continue
    // Written down as what it is: a pause that a person ends.
    void inTurn(state, told.id, () => halt(state, told.id, `halted: ${told.halted}`))
  }
}

async function halt(state: State, id: string, why: string): Promise<void> {
  const entry = state.entries.get(id)
  if (entry?.row.wanted !== 'running' || (entry.told?.halted ?? null) === null) return
  await want(state, entry, 'paused', why)
}

function fail(state: State, id: string, why: string): void {
  const entry = state.entries.get(id)
  if (entry === undefined) return
  entry.failure = why
  note(state, id, `failed: ${why}`)
  tellState(state, entry)
}

async function want(
  state: State,
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

function hashOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return createHash('sha256').update(text).digest('hex')
}

async function deploy(state: State, bot: NewBot): Promise<Result<DeployedBot>> {
  const { by, requestId, id, ...asked } = bot
  const mark = { requestId, requestHash: hashOf(asked) }
  const known = state.entries.get(id)
  if (known !== undefined) {
    if (known.row.owner !== by) return refuse('idempotency.mismatch')
    return repeated(state, known, mark)
  }
  const { venues = state.venues } = bot
  const refused = refuseDeploy(state, { ...bot, venues })
  if (refused !== null) return refused
  const terms = {
    ...{ hash: hashOf(bot.source), params: bot.params, venues },
    limits: { ...ENVELOPE, ...bot.limits },
  }
  const checked = await state.checks.run({ ...terms, source: bot.source })
  if (!checked.ok) return checked
  const { name } = checked.value
  const at = state.clock()
  await state.store.keepSource({ hash: terms.hash, name, source: bot.source, at })
  const row: BotRow = {
    ...{ id, owner: by, wanted: 'running', why: 'deployed', account: null, budget: bot.budget },
    ...{ keyId: null, secret: null, createdAt: at, openedAt: null, settledAt: null },
    flatten: false,
  }
  const version = { ...terms, number: 1, like: null, by, at }
  if (!(await state.store.insertBot(row, { ...version, ...mark }))) {
    return refuse('idempotency.mismatch')
  }
  const entry = entryOf(row, { ...version, strategy: name })
  state.entries.set(id, entry)
  const opened = await openBot(state, entry)
  if (!opened.ok) return takeBack(state, entry, opened)
  note(state, id, `deployed: ${name}, version 1`)
  await run(state, entry)
  return accept(botOf(entry))
}

function refuseDeploy(state: State, bot: NewBot & Pick<Terms, 'venues'>) {
  const { entries, venues, books, reserved } = state
  if (reserved(bot.id)) return refuse('idempotency.mismatch')
  const active = [...entries.values()].filter(({ row }) => row.settledAt === null)
  const own = active.filter(({ row }) => row.owner === bot.by)
  const isFull = active.length >= BOTS_MAX || own.length >= BOTS_PER_USER_MAX
  if (isFull || entries.size >= BOTS_MAX + STOPPED_KEPT_MAX) return refuse('bot.limit')
  const unknown = bot.venues.find((name) => !venues.includes(name))
  if (unknown !== undefined) return refuse('bot.venue_unknown', { venue: unknown })
  const payable = books.check(bot.by, bot.budget)
  return payable.ok ? null : payable
}

/** The answer to a request that was made before: as the bot is now. */
async function repeated(
  state: State,
  entry: Entry,
  { requestId, requestHash }: RequestMark,
): Promise<Result<DeployedBot>> {
  const made = await state.store.madeBy(entry.row.id, requestId)
  if (made?.hash !== requestHash) return refuse('idempotency.mismatch')
  return accept(botOf(entry))
}

/** The account with its budget, and the key that may trade it. */
async function openBot(state: State, entry: Entry): Promise<Result<null>> {
  const { store, books, auth, vault } = state
  const { id, owner, budget } = entry.row
  const account = await books.open(owner, id)
  if (!account.ok) return account
  await store.setAccount(id, account.value)
  entry.row = { ...entry.row, account: account.value }
  const funded = await books.fund(account.value, budget)
  if (!funded.ok) return funded
  const name = `bot ${id}`
  const scopes = ['read', 'trade'] as const
  const key = await auth.createKey({ userId: owner, name, scopes, account: account.value })
  if (!key.ok) return key
  const sealed = await vault.seal(`bot:${id}`, key.value.secret)
  await store.setKey(id, { keyId: key.value.id, secret: sealed })
  const openedAt = state.clock()
  await store.setOpened(id, openedAt)
  entry.row = { ...entry.row, keyId: key.value.id, secret: sealed, openedAt }
  return accept(null)
}

/** Nothing of a bot that could not be opened stays, but its text. */
async function takeBack<T extends Result<never>>(state: State, entry: Entry, why: T) {
  const { account } = entry.row
  const settled = account === null ? accept(null) : await state.books.settle(account)
  if (!settled.ok) return refuse('unknown')
  await want(state, entry, 'stopped', `not opened: ${why.ok ? '' : why.code}`)
  await settleRow(state, entry)
  return why
}

async function settleRow(state: State, entry: Entry): Promise<void> {
  const { id, owner, keyId } = entry.row
  if (keyId !== null) await state.auth.revokeKey({ userId: owner, keyId })
  const settledAt = state.clock()
  await state.store.setSettled(id, settledAt)
  entry.row = { ...entry.row, settledAt, secret: null }
}

/** Brings the bot into the runner, in the state that is wanted. */
async function run(state: State, entry: Entry): Promise<void> {
  const bot = await runnerBotOf(state, entry)
  entry.failure = null
  entry.told = undefined
  const wrong = await state.supervisor.put(bot)
  if (wrong !== null && wrong !== GONE) fail(state, entry.row.id, wrong)
}

async function runnerBotOf(state: State, { row, version }: Entry): Promise<RunnerBot> {
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

async function change(state: State, update: BotUpdate): Promise<Result<DeployedBot>> {
  const { id, by, requestId, ...asked } = update
  const entry = state.entries.get(id)
  if (entry === undefined) return refuse('not_found')
  const mark = { requestId, requestHash: hashOf(asked) }
  const { version } = entry
  const source = asked.source ?? (await state.store.source(version.hash)) ?? ''
  const terms: Terms = {
    hash: hashOf(source),
    params: asked.params ?? version.params,
    venues: asked.venues ?? version.venues,
    limits: { ...version.limits, ...asked.limits },
  }
  const unknown = terms.venues.find((name) => !state.venues.includes(name))
  if (unknown !== undefined) return refuse('bot.venue_unknown', { venue: unknown })
  return renew(state, entry, { terms, source, by, mark, like: null })
}

async function rollBack(
  state: State,
  { id, by, requestId, version: number }: Parameters<Deployments['rollBack']>[0],
): Promise<Result<DeployedBot>> {
  const entry = state.entries.get(id)
  const earlier = (await state.store.versions(id)).find((one) => one.number === number)
  if (entry === undefined || earlier === undefined) return refuse('not_found')
  const { hash, params, venues, limits } = earlier
  const source = (await state.store.source(hash)) ?? ''
  const mark = { requestId, requestHash: hashOf({ rollBackTo: number }) }
  return renew(state, entry, {
    ...{ terms: { hash, params, venues, limits }, source, by, mark, like: number },
  })
}

type Renewal = {
  readonly terms: Terms
  readonly source: string
  readonly by: string
  readonly mark: RequestMark
  readonly like: number | null
}

/** A version more; the strategy that runs ends, and the new one goes on from its saved state. */
async function renew(state: State, entry: Entry, renewal: Renewal): Promise<Result<DeployedBot>> {
  const { terms, source, by, mark, like } = renewal
  const { id } = entry.row
  if ((await state.store.madeBy(id, mark.requestId)) !== undefined) {
    return repeated(state, entry, mark)
  }
  if (entry.row.wanted === 'stopped') return refuse('bot.stopped')
  const number = entry.version.number + 1
  if (number > VERSIONS_PER_BOT_MAX) return refuse('bot.limit')
  const checked = await state.checks.run({ ...terms, source })
  if (!checked.ok) return checked
  const { name } = checked.value
  const at = state.clock()
  await state.store.keepSource({ hash: terms.hash, name, source, at })
  const version = { ...terms, number, like, by, at }
  if (!(await state.store.insertVersion(id, { ...version, ...mark }))) return refuse('unknown')
  await state.supervisor.drop(id)
  await cancelled(state, entry)
  entry.version = { ...version, strategy: name }
  note(state, id, like === null ? `version ${number}` : `version ${number}, like version ${like}`)
  await run(state, entry)
  return accept(botOf(entry))
}

async function cancelled(state: State, { row }: Entry): Promise<Result<null>> {
  return row.account === null ? accept(null) : state.books.cancel(row.account)
}

async function pause(state: State, id: string, why: string): Promise<Result<DeployedBot>> {
  const entry = state.entries.get(id)
  if (entry === undefined) return refuse('not_found')
  if (entry.row.wanted === 'stopped') return refuse('bot.stopped')
  if (entry.row.wanted !== 'paused') await want(state, entry, 'paused', why)
  const [, first] = await Promise.all([state.supervisor.pause(id), cancelled(state, entry)])
  const last = await cancelled(state, entry)
  if (!first.ok) return first
  if (!last.ok) return last
  if (entry.told !== undefined) entry.told = { ...entry.told, state: 'paused' }
  return accept(botOf(entry))
}

async function resume(state: State, id: string): Promise<Result<DeployedBot>> {
  const entry = state.entries.get(id)
  if (entry === undefined) return refuse('not_found')
  const { row, told, failure } = entry
  if (row.wanted === 'stopped') return refuse('bot.stopped')
  const isHalted = (told?.halted ?? null) !== null
  if (row.wanted !== 'running' || isHalted) await want(state, entry, 'running', 'resumed')
  if (failure !== null || told?.state === 'failed') {
    await state.supervisor.drop(id)
    await run(state, entry)
    return accept(botOf(entry))
  }
  const wrong = await state.supervisor.resume(id)
  if (wrong === null && entry.told !== undefined) {
    entry.told = { ...entry.told, state: 'running', halted: null }
  }
  return wrong === null || wrong === GONE ? accept(botOf(entry)) : refuse('bot.not_running')
}

async function stopBot(
  state: State,
  { id, flatten }: { readonly id: string; readonly flatten: boolean },
): Promise<Result<DeployedBot>> {
  const entry = state.entries.get(id)
  if (entry === undefined) return refuse('not_found')
  if (entry.row.settledAt !== null) return accept(botOf(entry))
  const how = flatten ? 'stopped, positions closed' : 'stopped'
  if (entry.row.wanted !== 'stopped') await want(state, entry, 'stopped', how, flatten)
  return finishStop(state, entry)
}

async function finishStop(state: State, entry: Entry): Promise<Result<DeployedBot>> {
  const { account, budget, owner, keyId } = entry.row
  await state.supervisor.drop(entry.row.id)
  // Whatever is still on its way is refused from here on.
  if (keyId !== null) await state.auth.revokeKey({ userId: owner, keyId })
  const done = await cancelled(state, entry)
  if (!done.ok) return done
  if (account !== null) {
    if (entry.row.flatten) await state.books.flatten(account, budget)
    const settled = await state.books.settle(account)
    if (!settled.ok) return settled
  }
  await settleRow(state, entry)
  tellState(state, entry)
  return accept(botOf(entry))
}

/** In the order in which they were deployed. */
async function begin(state: State): Promise<void> {
  const left = [...state.entries.values()].filter(({ row }) => row.settledAt === null)
  const started = left.map((entry) =>
    inTurn(state, entry.row.id, () => goOn(state, entry)).catch((error: unknown) => {
      fail(state, entry.row.id, error instanceof Error ? error.message : String(error))
    }),
  )
  await Promise.all(started)
}

async function goOn(state: State, entry: Entry): Promise<void> {
  if (entry.row.wanted === 'stopped') {
    await finishStop(state, entry)
    return
  }
  if (entry.row.openedAt === null) {
    const opened = await openBot(state, entry)
    if (!opened.ok) {
      await takeBack(state, entry, opened)
      return
    }
  }
  await run(state, entry)
}

async function sample(state: State): Promise<void> {
  const at = state.clock()
  const rows = [...state.entries.values()].flatMap(({ row, told }) =>
    row.wanted === 'stopped' || told === undefined
      ? []
      : [{ bot: row.id, at, equity: told.equity, pnl: told.pnl, fees: told.fees }],
  )
  if (rows.length === 0) return
  await state.store.addSamples(rows).catch(() => {
    state.log('the standing of the bots could not be written down')
  })
}
