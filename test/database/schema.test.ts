// schema.prisma and the SQL of the migrations describe the same tables.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryDatabase } from './temporary.ts'

type Column = { readonly type: string; readonly nullable: boolean }
type Tables = Map<string, Map<string, Column>>

const SQL_TYPES: Record<string, string> = {
  String: 'text',
  'String[]': 'ARRAY',
  BigInt: 'bigint',
  Int: 'integer',
  Boolean: 'boolean',
  Float: 'double precision',
  Decimal: 'numeric',
  Json: 'jsonb',
  Bytes: 'bytea',
  DateTime: 'timestamp with time zone',
}

const schemaFile = new URL('../../platform/database/schema.prisma', import.meta.url)

/** Reads models the way they are written: one field a line, names mapped by @map and @@map. */
function readModels(text: string): { models: string[]; tables: Tables } {
  const models: string[] = []
  const tables: Tables = new Map()
  for (const [, name = '', body = ''] of text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name
    const schema = /@@schema\("(\w+)"\)/.exec(body)?.[1] ?? 'public'
    const columns = new Map<string, Column>()
    for (const line of body.split('\n')) {
      const field = /^ {2}(\w+) +(\w+(?:\[\])?)(\?)?/.exec(line)
      if (field === null) continue
      const [, label = '', type = '', optional] = field
      const column = /[^@]@map\("(\w+)"\)/.exec(line)?.[1] ?? label
      columns.set(column, { type: SQL_TYPES[type] ?? type, nullable: optional !== undefined })
    }
    models.push(`${name.charAt(0).toLowerCase()}${name.slice(1)}`)
    tables.set(`${schema}.${table}`, columns)
  }
  return { models, tables }
}

const { models, tables } = readModels(readFileSync(schemaFile, 'utf8'))
const database = await temporaryDatabase()

test('the schema file was read: it has models, and each has columns', () => {
  assert.ok(models.length >= 9)
  for (const [table, columns] of tables) assert.ok(columns.size >= 2, table)
})

test('schema.prisma and the migrated database have the same tables and columns', async () => {
  const { rows } = await database.pool('test', 1).query<{
    table: string
    column: string
    type: string
    nullable: boolean
  }>(
    `SELECT table_schema || '.' || table_name AS table, column_name AS column, data_type AS type,
       is_nullable = 'YES' AS nullable
     FROM information_schema.columns WHERE table_schema IN ('records', 'views')`,
  )
  const found: Tables = new Map()
  for (const { table, column, type, nullable } of rows) {
    const columns = found.get(table) ?? new Map<string, Column>()
    found.set(table, columns.set(column, { type, nullable }))
  }
  assert.deepEqual(sorted(found), sorted(tables))
})

test('Prisma can query every column of every model', async () => {
  for (const model of models) {
    const delegate: unknown = Reflect.get(database.prisma, model)
    assert.ok(hasFindMany(delegate), model)
    assert.deepEqual(await delegate.findMany({ take: 1 }), [], model)
  }
})

test('no foreign key crosses from one schema to the other', async () => {
  const { rows } = await database.pool('test', 1).query(
    `SELECT c.conname FROM pg_constraint c
       JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid
     WHERE c.contype = 'f' AND a.relnamespace <> b.relnamespace`,
  )
  assert.deepEqual(rows, [])
})

function sorted(given: Tables): unknown {
  const columns = (of: Map<string, Column>) =>
    [...of]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { type, nullable }]) => {
        return `${name} ${type}${nullable ? ' null' : ''}`
      })
  return Object.fromEntries([...given].sort().map(([table, of]) => [table, columns(of)]))
}

function hasFindMany(value: unknown): value is { findMany(args: object): Promise<unknown[]> } {
  return typeof value === 'object' && value !== null && 'findMany' in value
}
