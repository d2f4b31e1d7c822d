// Replay: a tape through a strategy again, beside what it answered then.
//
// The same events at the same times with the same ids, so a strategy that has not changed acts as
// it did, to the last character of its state. Events that followed from what it did then are told
// as they were then: of a strategy that acts differently the first difference is what counts.

import type { Action, EventMessage, Handled, Start } from '../runtime/channel.ts'
import { createStrategyHost, type StrategyHost } from '../runtime/strategy-host.ts'
import type { Strategy } from '../strategy.ts'
import type { Seam, TapeEntry } from './tape-format.ts'

export type Difference = {
  readonly no: number
  /** Microseconds. */
  readonly at: number
  readonly what: string
  /** As JSON. */
  readonly before: string
  readonly now: string
}

export type Replayed = {
  /** Starts of the strategy's process. */
  readonly starts: number
  readonly events: number
  readonly answers: number
  readonly equal: number
  /** Events whose answer is not on the tape: a crash took it, or the tape ends. */
  readonly unanswered: number
  /** Lines that the tape lacks, by its own word. */
  readonly missing: number
  /** It begins in the middle of a run: indicators warm up anew, so answers may differ. */
  readonly isCut: boolean
  readonly acts: Readonly<Record<string, number>>
  readonly differences: readonly Difference[]
  /** The record of the strategy after the last answer that is on the tape, too. */
  readonly state: object | undefined
}

export type ReplayOptions = {
  /** Every answer of the strategy now, where there is one on the tape. */
  readonly onTurn?: (turn: { readonly at: number; readonly handled: Handled }) => void
}

const DIFFERENCES_KEPT = 20
const ANSWER_CHARS = 2_000

type Counts = { -readonly [key in keyof Omit<Replayed, 'acts' | 'differences'>]: Replayed[key] }

type Playing = Counts & {
  readonly strategy: Strategy
  readonly options: ReplayOptions
  readonly acts: Record<string, number>
  readonly differences: Difference[]
  host: StrategyHost | undefined
  /** Answered now, to be compared with what was answered then. */
  waiting: { readonly at: number; readonly handled: Handled } | undefined
}

export async function replayTape(
  tape: AsyncIterable<TapeEntry>,
  strategy: Strategy,
  options: ReplayOptions = {},
): Promise<Replayed> {
  const playing: Playing = {
    ...{ strategy, options, acts: {}, differences: [], host: undefined, waiting: undefined },
    ...{ starts: 0, events: 0, answers: 0, equal: 0, unanswered: 0, missing: 0 },
    ...{ isCut: false, state: undefined },
  }
  for await (const entry of tape) play(playing, entry)
  forget(playing)
  const { starts, events, answers, equal, unanswered, missing, isCut } = playing
  const { acts, differences, state } = playing
  const counts = { starts, events, answers, equal, unanswered, missing, isCut }
  return { ...counts, acts, differences, state }
}

function play(playing: Playing, entry: TapeEntry): void {
  switch (entry.kind) {
    case 'start':
      begin(playing, entry)
      break
    case 'seam':
      if (playing.starts === 0) beginCut(playing, entry)
      break
    case 'event':
      playing.events += 1
      turn(playing, entry)
      break
    case 'handled':
      compare(playing, entry)
      break
    default:
      playing.missing += entry.lines
  }
}

function begin(playing: Playing, start: Start): void {
  forget(playing)
  playing.starts += 1
  playing.state = start.saved
  playing.host = createStrategyHost(playing.strategy, start)
  playing.waiting = { at: start.at, handled: playing.host.started }
}

/** What a start is told first is told, and what it does about it is what it did long ago. */
function beginCut(playing: Playing, { start, beginning }: Seam): void {
  playing.isCut = true
  begin(playing, start)
  for (const message of beginning) playing.host?.handle({ ...message, at: start.at })
  playing.waiting = undefined
}

function turn(playing: Playing, message: EventMessage): void {
  forget(playing)
  const { host } = playing
  if (host === undefined) return
  playing.waiting = { at: message.at, handled: host.handle(message) }
}

function forget(playing: Playing): void {
  if (playing.waiting !== undefined) playing.unanswered += 1
  playing.waiting = undefined
}

function compare(playing: Playing, then: Handled): void {
  const { waiting } = playing
  if (waiting === undefined) return
  playing.waiting = undefined
  playing.answers += 1
  const { at, handled: now } = waiting
  // A host changes its record in place: what it was now must be kept as text.
  if (now.state !== undefined) playing.state = JSON.parse(textOf(now.state))
  for (const { kind } of now.actions) playing.acts[kind] = (playing.acts[kind] ?? 0) + 1
  playing.options.onTurn?.({ at, handled: now })
  const what = differing(then, now)
  if (what === undefined) playing.equal += 1
  else if (playing.differences.length < DIFFERENCES_KEPT) {
    playing.differences.push({
      no: then.no,
      at,
      what,
      before: told(then, what),
      now: told(now, what),
    })
  }
}

function differing(then: Handled, now: Handled): string | undefined {
  if (then.no !== now.no) return 'number'
  if (textOf(then.actions) !== textOf(now.actions)) return 'acts'
  return textOf(then.state) === textOf(now.state) ? undefined : 'state'
}

function textOf(value: readonly Action[] | object | undefined): string {
  return JSON.stringify(value) ?? ''
}

function told({ no, actions, state }: Handled, what: string): string {
  if (what === 'number') return String(no)
  return textOf(what === 'acts' ? actions : state).slice(0, ANSWER_CHARS)
}
