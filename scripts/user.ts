// crossbook user grant E-MAIL ROLE: gives a user a role; revoke takes it away. A running platform
// notices within seconds.

import { parseArgs } from 'node:util'
import { createDatabase } from '#database/connection.ts'
import { REFUSALS } from '#kernel/refusals.ts'
import { grantCapability } from '#platform/auth/grant.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { readConfig } from '#platform/config.ts'

const USAGE = 'usage: crossbook user grant|revoke E-MAIL ROLE [--data FOLDER] [--json]'

/** Answers the exit code: 0 granted, 1 refused, 2 used wrongly. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    strict: false,
    options: { data: { type: 'string' }, json: { type: 'boolean' } },
  })
  const [verb, email, capability, ...rest] = positionals
  const revokes = verb === 'revoke'
  if (
    (verb !== 'grant' && !revokes) ||
    email === undefined ||
    capability === undefined ||
    rest.length > 0
  ) {
    console.error(USAGE)
    return 2
  }
  const config = readConfig()
  const dataFolder = typeof values.data === 'string' ? values.data : config.dataFolder
  const databaseUrl = config.databaseUrl ?? undefined
  const database = await createDatabase({ dataFolder, databaseUrl, whenRunning: 'join' })
  try {
    const now = Date.now() * 1_000
    const store = createAuthStore(database)
    const granted = await grantCapability({ store, email, capability, now, revokes })
    if (!granted.ok) {
      const details = Object.values(granted.details ?? {}).join(', ')
      console.error(`${granted.code}: ${REFUSALS[granted.code].text} ${details}`.trim())
      return 1
    }
    const capabilities = granted.value
    console.log(
      values.json === true ? JSON.stringify({ email, capabilities }) : capabilities.join(' '),
    )
    return 0
  } finally {
    await database.close()
  }
}
