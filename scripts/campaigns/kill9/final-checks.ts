// Final checks: the folder that all the kills have left, read by others than who wrote it.
//
// INV-08: a replay from the beginning gives the state the core ended with. INV-11: views folded
// anew are the same tables. Every byte of both chains is walked. Nothing else runs on the folder.

import { rebuildFolder } from '#scripts/rebuild-views.ts'
import { replay } from '#scripts/replay.ts'
import { verifyJournal } from '#scripts/verify-journal.ts'

/** What is wrong with the folder; `business` is the digest the core ended with. */
export async function checkFolderAfter(folder: string, business: string): Promise<string[]> {
  const findings = verifyJournal(folder).problems.map((problem) => `verify-journal: ${problem}`)
  if (replay(folder).business !== business) {
    findings.push('INV-08: a replay from the beginning gives another state')
  }
  if (!(await rebuildFolder(folder, undefined)).equal) {
    findings.push('INV-11: views folded anew are other tables')
  }
  return findings
}
