// Rebuild views: empties the schema `views` and folds it again from the event segments.
//
// INV-11: the tables are the same as before, and the checksums say so. Interrupted, it is finished
// by the next start of the platform, because the cursor is emptied and moves with the rows. The
// folder must not be in use: one process a data folder.

import { createDatabase } from '#database/connection.ts'
import { checkFolder } from '#journal/folder.ts'
import { createDiskStorage } from '#journal/storage.ts'
import { asMicros } from '#kernel/time.ts'
import { readConfig } from '#platform/config.ts'
import { dataOptions } from '#scripts/cli/data-options.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { checksumsOf, type TableChecksum } from '#views/checksums.ts'
import { createProjector, type ProjectorDeps } from '#views/projector.ts'
import { queryRows } from '#views/query.ts'
import { emptyViews } from '#views/sql/empty-views.sql.ts'

export type RebuildDeps = Omit<ProjectorDeps, 'onPassed'>

export type Rebuilt = {
  readonly events: number
  readonly seconds: number
  /** The tables were the same before. */
  readonly equal: boolean
  readonly checksums: readonly TableChecksum[]
}

/** Folds what is missing, then everything once more from the first event. */
export async function rebuildViews(deps: RebuildDeps): Promise<Rebuilt> {
  await project(deps)
  const before = await checksumsOf(deps.pool)
  const begin = performance.now()
  await queryRows(deps.pool, emptyViews)
  await project(deps)
  const seconds = (performance.now() - begin) / 1_000
  const checksums = await checksumsOf(deps.pool)
  const equal = JSON.stringify(before) === JSON.stringify(checksums)
  return { events: deps.released.eventNo, seconds, equal, checksums }
}

/** Rebuilds the views of a data folder. Throws StartError when the platform runs on it. */
export async function rebuildFolder(
  dataFolder: string,
  databaseUrl: string | undefined,
): Promise<Rebuilt> {
  checkFolder(createDiskStorage(), dataFolder)
  const clock = () => asMicros(Date.now() * 1_000)
  const sequencer = await createSequencer({ folder: dataFolder, clock })
  try {
    const database = await createDatabase({ dataFolder, databaseUrl })
    const pool = database.pool('projector', 2, { synchronous_commit: 'off' })
    const { eventNo, time } = sequencer.image()
    const released = { eventNo, time }
    try {
      return await rebuildViews({ pool, readEvents: sequencer.readEvents, released })
    } finally {
      await database.close()
    }
  } finally {
    await sequencer.close()
  }
}

/** crossbook rebuild-views [--data FOLDER] [--json] */
export async function main(args: string[]): Promise<number> {
  const options = dataOptions(args)
  if (options === null) return 2
  const rebuilt = await rebuildFolder(options.folder, readConfig().databaseUrl ?? undefined)
  if (options.isJson) console.log(JSON.stringify(rebuilt))
  else for (const line of linesOf(rebuilt)) console.log(line)
  return rebuilt.equal ? 0 : 1
}

function linesOf({ events, seconds, equal, checksums }: Rebuilt): string[] {
  const rows = checksums.map(({ table, count, sum, checksum }) => {
    const figures = [`${count} rows`.padStart(14), `sum ${sum}`, `checksum ${checksum}`]
    return `${table.padEnd(12)} ${figures.join('  ')}`
  })
  const told = equal ? 'the same tables as before' : 'OTHER TABLES THAN BEFORE'
  return [...rows, `${events} events in ${seconds.toFixed(1)} s: ${told}`]
}

async function project(deps: RebuildDeps): Promise<void> {
  const projector = await createProjector(deps)
  await projector.passed(deps.released.eventNo)
  await projector.close()
}
