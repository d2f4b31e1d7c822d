// crossbook mailbox: the newest letters, to one address or to all, with the codes that are in them.
//
// For a machine without a mail server. It reads the database and the keys beside it, so it shows
// nothing to whoever may not read those.

import { parseArgs } from 'node:util'
import { createDatabase } from '#database/connection.ts'
import { readConfig } from '#platform/config.ts'
import { createMailer } from '#platform/notifications/mailer.ts'
import { keepingPostman } from '#platform/notifications/postmen.ts'
import { createMailStore } from '#platform/notifications/store.ts'
import { createDirectJobs } from '#platform/transport/direct-jobs.ts'
import { masterKeySource } from '#platform/vault/master-key.ts'
import { openVault } from '#platform/vault/open-vault.ts'

const USAGE = 'usage: crossbook mailbox [--to E-MAIL] [--limit N] [--data FOLDER] [--json]'
const LIMIT = /^([1-9][0-9]{0,2}|1000)$/

/** Answers the exit code: 0 read, 2 used wrongly. */
export async function main(args: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    ...{ args, allowPositionals: true, strict: false },
    options: { to: text, limit: text, data: text, json: { type: 'boolean' } },
  })
  const { to, limit = '10' } = values
  if (positionals.length > 0 || !LIMIT.test(String(limit)) || typeof to === 'boolean') {
    console.error(USAGE)
    return 2
  }
  const config = readConfig()
  const dataFolder = typeof values.data === 'string' ? values.data : config.dataFolder
  const databaseUrl = config.databaseUrl ?? undefined
  const database = await createDatabase({ dataFolder, databaseUrl, whenRunning: 'join' })
  try {
    const now = (): number => Date.now() * 1_000
    const masterKey = masterKeySource(config)
    const mailbox = createMailer({
      ...{ store: createMailStore(database), jobs: createDirectJobs(), now },
      vault: await openVault({ database, dataFolder, masterKey, now }),
      postman: keepingPostman(),
    })
    const mails = await mailbox.list({ to: to?.toLowerCase(), limit: Number(limit) })
    if (values.json === true) console.log(JSON.stringify(mails))
    else for (const mail of mails) console.log(`To: ${mail.to}\n${mail.subject}\n\n${mail.text}\n`)
    return 0
  } finally {
    await database.close()
  }
}
