// Schemas of deployed bots. Money is in the quote asset of the bot, decimal.
//
// Parameters are a strategy's own: here they are held to be small and plain, what they mean is
// checked by the strategy's description of them.

import { type Static, Type } from 'typebox'
import { CHARTS_MAX, NOTES_MAX, POINTS_MAX, SERIES_MAX } from '#kernel/plots.ts'
import {
  AccountNumber,
  CallerId,
  closed,
  Decimal,
  DecimalInput,
  DecimalOrNull,
  Instant,
  LimitText,
  oneOf,
  PAGE_MAX,
  SymbolParam,
  WholeNumber,
  WholeText,
} from '#platform/http/port.ts'
import { Envelope, PartialEnvelope } from './envelope.ts'
import { DEPLOY_EXAMPLES, ROLL_BACK_EXAMPLES, STOP_EXAMPLES, UPDATE_EXAMPLES } from './examples.ts'
import {
  BOTS_MAX,
  BUDGET_ASSETS_MAX,
  LOG_CHARS_MAX,
  PARAMS_MAX,
  SOURCE_CHARS_MAX,
  VENUES_MAX,
  VERSIONS_PER_BOT_MAX,
} from './limits.ts'

export const Bot = closed({
  id: Type.String({ maxLength: 64 }),
  strategy: Type.String({ maxLength: 64 }),
  account: AccountNumber,
  state: oneOf(['running', 'paused', 'starting', 'stopped', 'failed']),
  equity: DecimalOrNull,
  pnl: DecimalOrNull,
  fees: Decimal,
  gas: Decimal,
  /** The code of the limit that halted it, until somebody resumes it. */
  halted: Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 64 }),
  since: Instant,
})
export type Bot = Static<typeof Bot>

export const Bots = closed({ items: Type.Array(Bot, { maxItems: BOTS_MAX }), next: Type.Null() })
export const BotParams = closed({
  id: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', maxLength: 64 }),
})

/** Of a bot that is deployed: it names files and folders. */
const BotId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,31}$', maxLength: 32 })
/** What a database keeps as it is: no NUL, no half of a pair. */
const KEPT = '^[^\\u0000\\uD800-\\uDFFF]*$'
const Source = Type.String({ minLength: 1, maxLength: SOURCE_CHARS_MAX, pattern: KEPT })
const Name = Type.String({ pattern: '^[A-Za-z0-9_]{1,64}$', maxLength: 64 })
const PlainText = Type.String({ maxLength: 1_000, pattern: KEPT })
const Plain = [Type.Number(), Type.Boolean(), PlainText] as const
const Value = Type.Union([...Plain, Type.Array(Type.Union([...Plain]), { maxItems: 64 })])
const Params = Type.Record(Name, Value, {
  ...{ maxProperties: PARAMS_MAX, additionalProperties: false },
})
const Venues = Type.Array(Type.String({ pattern: '^[a-z0-9-]{1,32}$', maxLength: 32 }), {
  ...{ minItems: 1, maxItems: VENUES_MAX, uniqueItems: true },
})
const Budget = Type.Array(closed({ asset: SymbolParam, amount: DecimalInput }), {
  ...{ minItems: 1, maxItems: BUDGET_ASSETS_MAX },
})

export const DeployBody = closed(
  {
    id: BotId,
    requestId: CallerId,
    /** The text of its file; it may import 'crossbook/strategy' and nothing else. */
    source: Source,
    params: Type.Optional(Params),
    venues: Type.Optional(Venues),
    budget: Budget,
    limits: Type.Optional(PartialEnvelope),
  },
  { examples: DEPLOY_EXAMPLES },
)
export type DeployBody = Static<typeof DeployBody>

/** What is left out stays as it is. */
export const UpdateBody = closed(
  {
    requestId: CallerId,
    source: Type.Optional(Source),
    params: Type.Optional(Params),
    venues: Type.Optional(Venues),
    limits: Type.Optional(PartialEnvelope),
  },
  { examples: UPDATE_EXAMPLES },
)

const VersionNumber = Type.Integer({ minimum: 1, maximum: VERSIONS_PER_BOT_MAX })
export const RollBackBody = closed(
  { requestId: CallerId, version: VersionNumber },
  { examples: ROLL_BACK_EXAMPLES },
)
export const StopBody = closed(
  /** Whether what it has bought is sold, and what it has sold bought back, at the market. */
  { flatten: Type.Optional(Type.Boolean()) },
  { examples: STOP_EXAMPLES },
)

export const Hash = Type.String({ maxLength: 64 })
const NumberOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 0 })

export const Version = closed({
  number: VersionNumber,
  strategy: Type.String({ maxLength: 64 }),
  hash: Hash,
  params: Params,
  venues: Venues,
  limits: Envelope,
  /** Of a roll-back: the version that it is like. */
  like: NumberOrNull,
  at: Instant,
})

export const DeployedBot = closed({
  ...Bot.properties,
  wanted: oneOf(['running', 'paused', 'stopped']),
  why: Type.String({ maxLength: 300 }),
  version: Version,
  budget: Type.Array(closed({ asset: SymbolParam, amount: Decimal }), {
    maxItems: BUDGET_ASSETS_MAX,
  }),
  drawdown: DecimalOrNull,
  crashes: WholeNumber,
  crash: Type.Optional(Type.String({ maxLength: 300 })),
})
export type DeployedBot = Static<typeof DeployedBot>

export const DeployedBots = closed({
  items: Type.Array(DeployedBot, { maxItems: BOTS_MAX }),
  next: Type.Null(),
})
export const OneDeployedBot = closed({ bot: DeployedBot })
/** What pause and resume answer: of a bot of the platform's own no more than everybody sees. */
export const ChangedBot = closed({ bot: Type.Union([DeployedBot, Bot]) })
export const Versions = closed({
  items: Type.Array(Version, { maxItems: VERSIONS_PER_BOT_MAX }),
  next: Type.Null(),
})

export const SourceQuery = closed({ version: Type.Optional(WholeText) })
export const SourceAnswer = closed({ version: VersionNumber, source: Source })

export const AfterQuery = closed({
  after: Type.Optional(WholeText),
  limit: Type.Optional(LimitText),
})

export const LogLine = closed({
  number: WholeNumber,
  at: Instant,
  text: Type.String({ maxLength: LOG_CHARS_MAX }),
})
/** `next` is the number of the last line, to ask after. */
export const LogPage = closed({
  items: Type.Array(LogLine, { maxItems: PAGE_MAX }),
  next: NumberOrNull,
})

export const Sample = closed({ at: Instant, equity: Decimal, pnl: Decimal, fees: Decimal })
export const Samples = closed({
  items: Type.Array(Sample, { maxItems: PAGE_MAX }),
  next: NumberOrNull,
})

const PlotName = Type.String({ maxLength: 64 })
/** A value of each series at every time; when a bar began, in microseconds. */
export const Plot = closed({
  chart: PlotName,
  /** Prices of this market, or null: values of a kind of their own. */
  over: Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 64 }),
  at: Type.Array(Instant, { maxItems: POINTS_MAX }),
  series: Type.Array(
    closed({ name: PlotName, values: Type.Array(Type.Number(), { maxItems: POINTS_MAX }) }),
    { maxItems: SERIES_MAX },
  ),
})
export type Plot = Static<typeof Plot>
export const Plots = closed({
  items: Type.Array(Plot, { maxItems: CHARTS_MAX }),
  next: Type.Null(),
})
export const NotesPage = closed({
  items: Type.Array(LogLine, { maxItems: NOTES_MAX }),
  next: NumberOrNull,
})
