// Fleet's port: the deployed bots, what may be done with them, and what runs them.
//
// What people want of a bot is a record and survives everything; what a bot does is told by its
// runner. A pause is done when the bot's orders are cancelled at the venue; asking again answers
// the state. The runner is a process behind a port: it may end at any moment.

import type { Chart } from '#kernel/plots.ts'
import type { Result } from '#kernel/result.ts'
import type { Principal } from '#platform/auth/port.ts'
import type { Envelope, PartialEnvelope } from './envelope.ts'
import type { Bot } from './schemas.ts'

export type FleetBot = Bot & {
  /** The user whose bot it is. */
  readonly ownerId: string
}

/** The bots that everybody sees, and how to pause one of them. */
export type Fleet = {
  /** From memory; equity and the like as of the last second. */
  list(): readonly FleetBot[]
  /** not_found, unknown when the runner does not answer in time. */
  pause(id: string): Promise<Result<FleetBot>>
  resume(id: string): Promise<Result<FleetBot>>
}

export type Wanted = 'running' | 'paused' | 'stopped'
export type Params = Readonly<Record<string, unknown>>
export type Money = { readonly asset: string; readonly amount: string }

/** What a version of a bot runs. */
export type Terms = {
  /** SHA-256 of the strategy's text. */
  readonly hash: string
  readonly params: Params
  readonly venues: readonly string[]
  readonly limits: Envelope
}

export type Version = Terms & {
  readonly number: number
  /** By its own word. */
  readonly strategy: string
  /** A roll-back: the version that it is like. */
  readonly like: number | null
  readonly by: string
  readonly at: number
}

/** A bot with everything that is known of it. */
export type DeployedBot = FleetBot & {
  readonly wanted: Wanted
  /** Why it is as it is: the last thing that was done to it, or that it did. */
  readonly why: string
  readonly version: Version
  readonly budget: readonly Money[]
  /** Below the most it has earned since the platform began; null while nobody knows. */
  readonly drawdown: string | null
  /** Of its strategy, since its runner began. */
  readonly crashes: number
  /** Why its version crashed last, over restarts of the platform. */
  readonly crash?: string
  readonly pid: number | null
}

export type LogLine = { readonly number: number; readonly at: number; readonly text: string }
export type Sample = {
  readonly at: number
  readonly equity: string
  readonly pnl: string
  readonly fees: string
}

type Request = { readonly by: string; readonly requestId: string }

export type NewBot = Request & {
  readonly id: string
  readonly source: string
  readonly params: Params
  /** All there are unless given. */
  readonly venues?: readonly string[] | undefined
  readonly budget: readonly Money[]
  readonly limits: PartialEnvelope
}
export type BotUpdate = Request & {
  readonly id: string
  readonly source?: string | undefined
  readonly params?: Params | undefined
  readonly venues?: readonly string[] | undefined
  readonly limits?: PartialEnvelope | undefined
}

/** A parameter as a strategy describes it; of a kind that a later release may have more of. */
export type DescribedParam = {
  readonly name: string
  readonly kind: string
  readonly initial: Plain | readonly Plain[]
  readonly min?: number
  readonly max?: number
  readonly choices?: readonly string[]
}
type Plain = string | number | boolean

/** What a strategy can be told, and what a deployment gets that says nothing of it. */
export type Description = {
  readonly name: string
  readonly params: readonly DescribedParam[]
  readonly limits: Envelope
  readonly venues: readonly string[]
}

/** A strategy that comes with the platform. */
export type BoxStrategy = Pick<Description, 'name'> & {
  /** In a sentence. */
  readonly idea: string
  readonly hash: string
  readonly source: string
  readonly params: readonly (DescribedParam & { readonly about: string })[]
}

export type Deployments = {
  /** By name; those that may be deployed as they stand. */
  box(): Promise<readonly BoxStrategy[]>
  /** Of a text that nobody has deployed yet. bot.strategy_invalid, capacity.exhausted. */
  describe(source: string): Promise<Result<Description>>
  /** Of one user, or of everybody; the oldest first. */
  bots(ownerId?: string): readonly DeployedBot[]
  find(id: string): DeployedBot | undefined
  /**
   * Checks the strategy, opens the account, moves the budget, starts. bot.strategy_invalid,
   * bot.venue_unknown, bot.limit, asset.unknown, funds.insufficient, idempotency.mismatch.
   */
  deploy(bot: NewBot): Promise<Result<DeployedBot>>
  /** A version more, which runs from now on. bot.strategy_invalid, bot.stopped, ... */
  update(update: BotUpdate): Promise<Result<DeployedBot>>
  /** A version more, like an earlier one. not_found when there is none of that number. */
  rollBack(
    back: Request & { readonly id: string; readonly version: number },
  ): Promise<Result<DeployedBot>>
  pause(id: string): Promise<Result<DeployedBot>>
  resume(id: string): Promise<Result<DeployedBot>>
  /** For good: orders cancelled, positions closed if asked, the money back, the account closed. */
  stop(stop: { readonly id: string; readonly flatten: boolean }): Promise<Result<DeployedBot>>

  /** The newest first; undefined when there is no such bot. */
  versions(id: string): Promise<readonly Version[]>
  source(id: string, version: number): Promise<string | undefined>
  /** Lines after this number, the oldest first. */
  log(id: string, after: number, limit: number): Promise<readonly LogLine[]>
  samples(id: string, after: number, limit: number): Promise<readonly Sample[]>
  /** What its strategy draws, since its runner began. */
  plots(id: string): readonly Chart[]
  /** What it notes for people, as log. */
  notes(id: string, after: number, limit: number): readonly LogLine[]
  /** Every line of a log and every change of a bot from now on; returns how to stop. */
  listen(id: string, listener: (message: BotMessage) => void): () => void
  /** Counts for /metrics. */
  gauges(): Readonly<Record<string, number>>
}

export type BotMessage =
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'state'; readonly bot: DeployedBot }
  /** null: its charts begin anew. */
  | { readonly type: 'plot'; readonly plot: Chart | null }
  | { readonly type: 'note'; readonly note: LogLine }

export type BotFeed = {
  /** not_found unless the caller may see the bot. */
  find(principal: Principal, id: string): Result<null>
  /** How it stands now, then every change and line, as JSON texts; returns how to stop. */
  subscribe(id: string, listener: (text: string) => void): () => void
}

/** What a runner is told of a bot. */
export type RunnerBot = {
  readonly id: string
  /** Where its text lies. */
  readonly file: string
  readonly key: { readonly id: string; readonly secret: string }
  readonly params: Params
  readonly venues: readonly string[]
  readonly limits: Envelope
  readonly state: 'running' | 'paused'
}

/** A set-up that is tried. */
export type RehearsedBot = Pick<RunnerBot, 'file' | 'params' | 'venues'> & {
  /** The bot whose saved state it would go on from. */
  readonly after?: string
}

export type RunnerFigures = Pick<Bot, 'id' | 'state' | 'fees' | 'gas'> & {
  readonly equity: string
  readonly pnl: string
  readonly lastAction: string
  readonly halted: string | null
  readonly crashes: number
  readonly pid: number | null
}

export type RunnerEvents = {
  readonly figures: (items: readonly RunnerFigures[]) => void
  readonly log: (bot: string, text: string, at: number) => void
  /** Points that follow those that were told, or take their place. */
  readonly plot: (bot: string, plot: Chart) => void
  readonly note: (bot: string, text: string, at: number) => void
}

/**
 * What is asked of a runner; each answers what is wrong, null for done. What begins with LATER says
 * nothing of the bot: the runner could not do it now.
 */
export type RunnerProcess = {
  readonly pid: number
  start(bot: RunnerBot): Promise<string | null>
  remove(id: string): Promise<string | null>
  pause(id: string): Promise<string | null>
  resume(id: string): Promise<string | null>
  rehearse(bot: RehearsedBot): Promise<string | null>
  /** Resolves when it may be asked, rejects when it ended before. */
  readonly ready: Promise<void>
  readonly ended: Promise<string>
  /** Since it said anything; it tells how its bots are each second. */
  silentMs(): number
  kill(): void
  /** Bots cancel their orders; killed after a grace period. */
  stop(): Promise<void>
}

export const LATER = 'later: '

export type StartRunner = (events: RunnerEvents) => RunnerProcess

/** Where the lines of bots lie, over restarts; the oldest first. */
export type LogFiles = {
  read(bot: string): Promise<readonly LogLine[]>
  append(bot: string, lines: readonly LogLine[]): Promise<void>
  /** In the place of all that are there. */
  replace(bot: string, lines: readonly LogLine[]): Promise<void>
}

/** Where texts of strategies lie, and what a compiler says of one. */
export type Workshop = {
  /** The path of the file with this text, written if it is not there. */
  file(hash: string, source: string): string
  /** Lines that say what is wrong; none when the types hold. */
  wrongTypes(source: string): Promise<readonly string[]>
}
