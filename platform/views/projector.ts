// Projector: folds released events into PostgreSQL, behind the exchange, at its own pace.
//
// It reads the event segments from its cursor on and holds one batch in memory at most, whatever
// the backlog. INV-11: exactly once, because the cursor moves in the statement that writes the
// rows. A database that is away costs time only: it is tried again with growing pauses. An event
// that does not fit what is stored is a bug and ends the process. Past PROJECTOR_BACKLOG_MAX the
// caller refuses new orders; the projector itself never refuses.

import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import type { Pool } from 'pg'
import { cellCount, decodeEvent } from '#engine/codec.ts'
import { AssertionFailed } from '#kernel/assert.ts'
import { StartError } from '#kernel/start-error.ts'
import type { EventBatch } from '#sequencer/port.ts'
import { loadCursor, loadProjection } from './load-projection.ts'
import { emptyBatch, type ProjectionBatch } from './projection-batch.ts'
import { foldEvent, forgetFinished } from './projection-fold.ts'
import type { ProjectionState } from './projection-state.ts'
import { type BatchStep, findOutcome, writeBatch } from './write-batch.ts'

/** Events behind which new orders get 503 capacity.exhausted; cancels always pass. */
export const PROJECTOR_BACKLOG_MAX = 4_000_000
/** Events of one statement. */
export const BATCH_EVENTS = 4_096

/** Events folded before other work gets a turn: about 2 ms. */
const TURN_EVENTS = 512
/** Released events are gathered for so long; bounds the statements a second when orders trickle. */
const GATHER_MS = 20
const IDLE_CHECK_MS = 2_000
/**
 * A server that is killed loses what it committed in its last 0.6 s, three times wal_writer_delay;
 * that it did is seen within the time of an idle check.
 */
const SURE_AFTER_MS = 5_000
const RETRY_FIRST_MS = 100
const RETRY_MAX_MS = 2_000

export type ProjectorMetrics = {
  /** Events released and not in the database. */
  readonly backlog: number
  /** Last event and seq in the database. */
  readonly eventNo: number
  readonly seq: number
  /** Microseconds between the last released event's time and the last one in the database. */
  readonly lagUs: number
  readonly batches: number
  readonly retries: number
  /** Why the last try failed; null when it went well. */
  readonly failing: string | null
}

export type Projector = {
  /** A follower of the sequencer: wakes it, keeps nothing. */
  follow(batch: EventBatch): void
  backlog(): number
  /** Resolves when the database holds everything up to this event. */
  passed(eventNo: number): Promise<void>
  /** For the benchmark: stops after the batch that is being written. */
  pause(): void
  resume(): void
  metrics(): ProjectorMetrics
  /** Stops after the batch that is being written; what is behind is folded at the next start. */
  close(): Promise<void>
}

export type ProjectorDeps = {
  /** One connection is enough; `synchronous_commit: 'off'` is safe here and faster. */
  readonly pool: Pool
  /** Sequencer.readEvents. */
  readonly readEvents: (afterEventNo: number) => AsyncIterable<EventBatch>
  /** Where the engine stands at the start. */
  readonly released: { readonly eventNo: number; readonly time: number }
  /** The database holds everything up to this event and will not lose it, even if it is killed. */
  readonly onPassed?: (eventNo: number) => void
  readonly log?: (line: string) => void
  /** Events of one statement, BATCH_EVENTS unless given. */
  readonly batchEvents?: number
  /** Until onPassed is called, SURE_AFTER_MS unless given. */
  readonly sureAfterMs?: number
}

type Run = ProjectorDeps & {
  readonly batchEvents: number
  readonly sureAfterMs: number
  state: ProjectionState | null
  /** What the database is known to hold. */
  stored: { eventNo: number; seq: number; time: number }
  target: { eventNo: number; time: number }
  /** How often the database came back without what it had. */
  setbacks: number
  batches: number
  retries: number
  retryMs: number
  failing: string | null
  paused: boolean
  closed: boolean
  wake: () => void
  readonly waiting: { readonly eventNo: number; readonly done: () => void }[]
}

/**
 * Loads the state and starts following. Throws StartError when the database is ahead of the
 * journal: then acknowledged work is missing.
 */
export async function createProjector(deps: ProjectorDeps): Promise<Projector> {
  const stored = await loadCursor(deps.pool)
  const { eventNo, time } = deps.released
  if (stored.eventNo > eventNo) {
    throw new StartError(
      `the database holds event ${stored.eventNo} and the journal ends at event ${eventNo}: ` +
        'acknowledged work is missing from the journal',
    )
  }
  const run: Run = {
    batchEvents: BATCH_EVENTS,
    sureAfterMs: SURE_AFTER_MS,
    ...deps,
    state: null,
    stored,
    target: { eventNo, time },
    ...{ setbacks: 0, batches: 0, retries: 0, retryMs: RETRY_FIRST_MS, failing: null },
    ...{ paused: false, closed: false, wake: () => {}, waiting: [] },
  }
  const ended = follow(run)
  return controlsOf(run, ended)
}

function controlsOf(run: Run, ended: Promise<void>): Projector {
  const change = (fields: Partial<Run>): void => {
    Object.assign(run, fields)
    run.wake()
  }
  return {
    follow: ({ lastEventNo, cells, from, to }) => {
      run.target.eventNo = lastEventNo
      if (to > from) run.target.time = decodeEvent(cells, from).time
      run.wake()
    },
    backlog: () => run.target.eventNo - run.stored.eventNo,
    passed: (eventNo) =>
      new Promise((done) => {
        run.waiting.push({ eventNo, done })
        answerWaiting(run)
      }),
    pause: () => change({ paused: true }),
    resume: () => change({ paused: false }),
    metrics: () => ({
      backlog: run.target.eventNo - run.stored.eventNo,
      eventNo: run.stored.eventNo,
      seq: run.stored.seq,
      lagUs: Math.max(0, run.target.time - run.stored.time),
      batches: run.batches,
      retries: run.retries,
      failing: run.failing,
    }),
    close: () => {
      change({ closed: true })
      return ended
    },
  }
}

async function follow(run: Run): Promise<void> {
  while (!run.closed) {
    try {
      if (isBehind(run)) await catchUp(run)
      else if (!(await sleepUntilWoken(run, IDLE_CHECK_MS))) await checkCursor(run)
      run.failing = null
      run.retryMs = RETRY_FIRST_MS
    } catch (error) {
      if (error instanceof AssertionFailed) throw error
      run.state = null // It may be folded half.
      await pauseAfter(run, error)
    }
  }
}

function isBehind(run: Run): boolean {
  return !run.paused && (run.state === null || run.stored.eventNo < run.target.eventNo)
}

/** Folds and writes batches until everything released is stored. */
async function catchUp(run: Run): Promise<void> {
  run.state ??= await loadProjection(run.pool)
  setStored(run, run.state.cursor)
  if (run.stored.eventNo >= run.target.eventNo) return
  await sleep(run.target.eventNo - run.stored.eventNo < BATCH_EVENTS ? GATHER_MS : 0)
  const fold = { state: run.state, batch: emptyBatch() }
  let events = 0
  for await (const { cells, from, to } of run.readEvents(run.stored.eventNo)) {
    for (let at = from; at < to; at += cellCount(cells, at)) {
      foldEvent(fold, decodeEvent(cells, at))
      events += 1
      if (events % TURN_EVENTS === 0) await turn()
      if (events < run.batchEvents) continue
      await store(run, fold)
      if (run.state === null || run.paused || run.closed) return
      fold.batch = emptyBatch()
      events = 0
    }
  }
  if (events > 0) await store(run, fold)
}

type Fold = { readonly state: ProjectionState; batch: ProjectionBatch }

/** Tries until the batch is in the database, or until the database turns out to be elsewhere. */
async function store(run: Run, fold: Fold): Promise<void> {
  const { state, batch } = fold
  const step: BatchStep = { from: run.stored.eventNo, to: { ...state.cursor }, batch }
  for (;;) {
    const outcome = await tryStore(run, step)
    if (outcome === 'elsewhere') {
      run.state = null
      return
    }
    if (outcome === 'written') break
  }
  forgetFinished(fold)
  run.batches += 1
  setStored(run, step.to)
}

async function tryStore(run: Run, step: BatchStep) {
  try {
    const outcome = await writeBatch(run.pool, step)
    run.failing = null
    run.retryMs = RETRY_FIRST_MS
    return outcome
  } catch (error) {
    await pauseAfter(run, error)
    // What is not written by the end is folded again at the next start.
    return run.closed ? 'elsewhere' : 'not_written'
  }
}

/** An embedded server that was killed may come back without its last commits. */
async function checkCursor(run: Run): Promise<void> {
  if (run.paused || run.state === null) return
  const stored = { ...run.stored }
  const step = { from: stored.eventNo, to: stored, batch: emptyBatch() }
  if ((await findOutcome(run.pool, step)) !== 'written') run.state = null
}

function setStored(run: Run, cursor: Run['stored']): void {
  // What waits to be called passed was lost, or may be lost again once it is written anew.
  if (cursor.eventNo < run.stored.eventNo) run.setbacks += 1
  run.stored = { ...cursor }
  if (run.onPassed !== undefined) passLater(run, cursor.eventNo)
  answerWaiting(run)
}

function passLater(run: Run, eventNo: number): void {
  const { setbacks } = run
  const look = (): void => {
    if (run.closed || run.setbacks !== setbacks) return
    if (run.failing === null) run.onPassed?.(eventNo)
    else passLater(run, eventNo)
  }
  setTimeout(look, run.sureAfterMs).unref()
}

function answerWaiting(run: Run): void {
  const ready = run.waiting.filter(({ eventNo }) => eventNo <= run.stored.eventNo)
  for (const one of ready) {
    run.waiting.splice(run.waiting.indexOf(one), 1)
    one.done()
  }
}

async function pauseAfter(run: Run, error: unknown): Promise<void> {
  run.failing = error instanceof Error ? error.message : String(error)
  run.retries += 1
  run.log?.(`projector: ${run.failing}; trying again in ${run.retryMs} ms`)
  const pause = sleep(run.retryMs)
  run.retryMs = Math.min(RETRY_MAX_MS, run.retryMs * 2)
  await pause
}

/** True when woken, false when the time was over first. */
async function sleepUntilWoken(run: Run, ms: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, ms, false)
  run.wake = () => resolve(true)
  const woken = await promise
  clearTimeout(timer)
  run.wake = () => {}
  return woken
}
