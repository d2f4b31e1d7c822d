// Schemas of deployed bots: the shapes of api.md. Money is in the quote asset of the bot, decimal.

import { type Static, Type } from 'typebox'
import {
  AccountNumber,
  closed,
  Decimal,
  DecimalOrNull,
  Instant,
  oneOf,
} from '#platform/http/port.ts'

export const BOTS_MAX = 1_000

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
export const OneBot = closed({ bot: Bot })
export const BotParams = closed({
  id: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', maxLength: 64 }),
})
