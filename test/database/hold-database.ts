// A process that opens the database of a folder and keeps it open until it is killed.

import { createDatabase } from '#database/connection.ts'

const [, , dataFolder = ''] = process.argv
const database = await createDatabase({ dataFolder })
process.stdout.write(`${database.serverPid()}\n`)
setInterval(() => {}, 1_000)
