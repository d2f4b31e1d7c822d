// Rebuild views: empties the schema `views` and folds it again from the event segments.
//
// INV-11: the tables are the same as before, and the checksums say so. Interrupted, it is finished
// by the next start of the platform, because the cursor is emptied and moves with the rows.

import { checksumsOf, type TableChecksum } from '#views/checksums.ts'
import { createProjector, type ProjectorDeps } from '#views/projector.ts'
import { queryRows } from '#views/query.ts'
import { emptyViews } from '#views/sql/empty-views.sql.ts'

export type RebuildDeps = Omit<ProjectorDeps, 'onPassed'>

export type Rebuilt = {
  readonly events: number
  readonly seconds: number
  readonly checksums: readonly TableChecksum[]
}

/** Nothing else may write the views meanwhile: the platform does not run, or has paused. */
export async function rebuildViews(deps: RebuildDeps): Promise<Rebuilt> {
  const begin = performance.now()
  await queryRows(deps.pool, emptyViews)
  const projector = await createProjector(deps)
  await projector.passed(deps.released.eventNo)
  await projector.close()
  const seconds = (performance.now() - begin) / 1_000
  return { events: deps.released.eventNo, seconds, checksums: await checksumsOf(deps.pool) }
}

/** One line a table, for people. */
export function checksumLines(checksums: readonly TableChecksum[]): string[] {
  return checksums.map(
    ({ table, count, sum, checksum }) =>
      `${table.padEnd(12)} ${String(count).padStart(10)} rows  sum ${sum}  checksum ${checksum}`,
  )
}
