// The rows of the fleet: texts of strategies, bots, their versions, and how they stood.
//
// One statement a step. Texts and versions are only added, which the database itself holds to; of
// two requests that add a version at once exactly one does.

import type { Database } from '#database/connection.ts'
import type { Money, Sample, Terms, Version, Wanted } from './port.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type BotRow = {
  readonly id: string
  readonly owner: string
  readonly wanted: Wanted
  readonly why: string
  readonly account: number | null
  readonly budget: readonly Money[]
  readonly keyId: string | null
  /** Of its API key, sealed. */
  readonly secret: Bytes | null
  readonly createdAt: number
  readonly openedAt: number | null
  readonly settledAt: number | null
  readonly flatten: boolean
}

export type RequestMark = { readonly requestId: string; readonly requestHash: string }
type NewVersion = Terms & RequestMark & Pick<Version, 'number' | 'like' | 'by' | 'at'>

export type FleetStore = {
  /** Does nothing when the text is there. */
  keepSource(row: { hash: string; name: string; source: string; at: number }): Promise<void>
  source(hash: string): Promise<string | undefined>
  /** A bot with its first version; false when there is a bot of this id. */
  insertBot(bot: BotRow, version: NewVersion): Promise<boolean>
  /** false when another version of this number was first, or one of this request. */
  insertVersion(bot: string, version: NewVersion): Promise<boolean>
  bots(): Promise<BotRow[]>
  /** The newest first. */
  versions(bot: string): Promise<Version[]>
  /** The version that a request made, and what it asked for. */
  madeBy(bot: string, requestId: string): Promise<{ number: number; hash: string } | undefined>
  setAccount(id: string, account: number): Promise<void>
  setKey(id: string, key: { readonly keyId: string; readonly secret: Bytes }): Promise<void>
  setOpened(id: string, at: number): Promise<void>
  setWanted(id: string, to: { wanted: Wanted; why: string; flatten: boolean }): Promise<void>
  setSettled(id: string, at: number): Promise<void>
  /** Deletes what is older than `from`, and before `allFrom` all but the last of each stretch. */
  thinSamples(kept: { from: number; allFrom: number; everyUs: number }): Promise<void>
  addSamples(rows: readonly (Sample & { readonly bot: string })[]): Promise<void>
  samples(bot: string, after: number, limit: number): Promise<Sample[]>
}

const BOT = `id, owner, wanted, why, account::float8 AS account, budget, key_id AS "keyId", secret,
  created_at::float8 AS "createdAt", opened_at::float8 AS "openedAt",
  settled_at::float8 AS "settledAt", flatten`

const VERSION = `v.number, v.hash, s.name AS strategy, v.params, v.venues, v.limits,
  v.like_version AS "like", v.created_by AS by, v.created_at::float8 AS at`

const VERSION_COLUMNS = `(bot, number, hash, params, venues, limits, like_version, created_by,
  created_at, request_id, request_hash)`

const INSERT_BOT = `WITH bot AS (
    INSERT INTO records.bots (id, owner, wanted, why, budget, created_at)
      VALUES ($1, $12, $13, $14, $15, $9) ON CONFLICT (id) DO NOTHING RETURNING id)
  INSERT INTO records.bot_versions ${VERSION_COLUMNS}
    SELECT $1, $2::int, $3, $4::jsonb, $5::text[], $6::jsonb, $7::int, $8, $9::bigint, $10, $11
      FROM bot`

const INSERT_VERSION = `INSERT INTO records.bot_versions ${VERSION_COLUMNS}
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`

function valuesOf(bot: string, version: NewVersion): unknown[] {
  const { number, hash, params, venues, limits, like, by, at } = version
  const { requestId, requestHash } = version
  const texts = [JSON.stringify(params), venues, JSON.stringify(limits)]
  return [bot, number, hash, ...texts, like, by, at, requestId, requestHash]
}

export function createFleetStore(database: Pick<Database, 'pool'>): FleetStore {
  const pool = database.pool('fleet', 2)
  const rows = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await pool.query<T>(text, values)).rows
  const change = async (text: string, values: unknown[]): Promise<number> =>
    (await pool.query(text, values)).rowCount ?? 0
  return {
    keepSource: async ({ hash, name, source, at }) => {
      const text = `INSERT INTO records.strategies (hash, name, source, created_at)
        VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING`
      await change(text, [hash, name, source, at])
    },
    source: async (hash) => {
      const text = 'SELECT source FROM records.strategies WHERE hash = $1'
      return (await rows<{ source: string }>(text, [hash]))[0]?.source
    },
    insertBot: async (bot, version) => {
      const more = [bot.owner, bot.wanted, bot.why, JSON.stringify(bot.budget)]
      return (await change(INSERT_BOT, [...valuesOf(bot.id, version), ...more])) === 1
    },
    insertVersion: async (bot, version) =>
      (await change(INSERT_VERSION, valuesOf(bot, version))) === 1,
    ...lookUps(rows),
    ...changes(change),
    ...samples(rows, change),
  }
}

type Rows = <T extends object>(text: string, values?: unknown[]) => Promise<T[]>
type Change = (text: string, values: unknown[]) => Promise<number>

function lookUps(rows: Rows): Pick<FleetStore, 'bots' | 'versions' | 'madeBy'> {
  return {
    bots: () => rows<BotRow>(`SELECT ${BOT} FROM records.bots ORDER BY created_at, id`),
    versions: (bot) =>
      rows<Version>(
        `SELECT ${VERSION} FROM records.bot_versions v JOIN records.strategies s USING (hash)
          WHERE v.bot = $1 ORDER BY v.number DESC`,
        [bot],
      ),
    madeBy: async (bot, requestId) => {
      const text = `SELECT number, request_hash AS hash FROM records.bot_versions
        WHERE bot = $1 AND request_id = $2`
      return (await rows<{ number: number; hash: string }>(text, [bot, requestId]))[0]
    },
  }
}

type Changes = 'setAccount' | 'setKey' | 'setOpened' | 'setWanted' | 'setSettled'

function changes(change: Change): Pick<FleetStore, Changes> {
  return {
    setAccount: async (id, account) => {
      await change('UPDATE records.bots SET account = $2 WHERE id = $1', [id, account])
    },
    setKey: async (id, { keyId, secret }) => {
      const text = 'UPDATE records.bots SET key_id = $2, secret = $3 WHERE id = $1'
      await change(text, [id, keyId, secret])
    },
    setOpened: async (id, at) => {
      await change('UPDATE records.bots SET opened_at = $2 WHERE id = $1', [id, at])
    },
    // What was stopped stays stopped.
    setWanted: async (id, { wanted, why, flatten }) => {
      const text = `UPDATE records.bots SET wanted = $2, why = $3, flatten = flatten OR $4
        WHERE id = $1 AND (wanted <> 'stopped' OR $2 = 'stopped')`
      await change(text, [id, wanted, why, flatten])
    },
    setSettled: async (id, at) => {
      const text = 'UPDATE records.bots SET settled_at = $2, secret = NULL WHERE id = $1'
      await change(text, [id, at])
    },
  }
}

function samples(
  rows: Rows,
  change: Change,
): Pick<FleetStore, 'addSamples' | 'samples' | 'thinSamples'> {
  return {
    addSamples: async (all) => {
      const text = `INSERT INTO records.bot_samples (bot, at, equity, pnl, fees)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[])
        ON CONFLICT DO NOTHING`
      const of = (name: 'bot' | 'at' | 'equity' | 'pnl' | 'fees') => all.map((one) => one[name])
      await change(text, [of('bot'), of('at'), of('equity'), of('pnl'), of('fees')])
    },
    thinSamples: async ({ from, allFrom, everyUs }) => {
      const text = `DELETE FROM records.bot_samples s WHERE at < $1 OR at < $2 AND EXISTS (
        SELECT FROM records.bot_samples l
          WHERE l.bot = s.bot AND l.at > s.at AND l.at < (s.at / $3 + 1) * $3)`
      await change(text, [from, allFrom, everyUs])
    },
    samples: (bot, after, limit) =>
      rows<Sample>(
        `SELECT at::float8 AS at, equity, pnl, fees FROM records.bot_samples
          WHERE bot = $1 AND at > $2 ORDER BY at LIMIT $3`,
        [bot, after, limit],
      ),
  }
}
