// Settings of Prisma's command line; the platform itself reads none of them.
//
// `prisma generate` refuses to run without a schema engine and would download one. Any program
// that exists satisfies it: migrations are SQL files, applied by platform/database/migrate.ts.

import { defineConfig } from 'prisma/config'

process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath
process.env.CHECKPOINT_DISABLE ??= '1'

export default defineConfig({
  schema: 'platform/database/schema.prisma',
  migrations: { path: 'platform/database/migrations' },
})
