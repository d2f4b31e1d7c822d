// One set-up at a time: a folder is the lock, because making one is atomic everywhere.
//
// It holds the owner's pid; a lock whose owner is gone is taken over, so a killed set-up blocks
// nobody. It must never be held when nothing has to be done: a quiet start does not come here.

import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const POLL_MS = 200
const UNSIGNED_MS = 5000

/** Runs `work` while holding the lock `folder`; waits, saying so once, while another one does. */
export async function locked(folder, { work, say }) {
  let told = false
  while (!take(folder)) {
    if (releaseStale(folder)) continue
    if (!told) say(`waiting for the set-up that process ${owner(folder)} runs`)
    told = true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  const release = () => rmSync(folder, { recursive: true, force: true })
  process.on('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function take(folder) {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
  writeFileSync(join(folder, 'pid'), String(process.pid))
  return true
}

/** Moves a dead owner's lock aside; the move can succeed for one process only. */
function releaseStale(folder) {
  const pid = owner(folder)
  if (pid === undefined ? !isOld(folder) : isAlive(pid)) return false
  const aside = `${folder}.${process.pid}`
  try {
    renameSync(folder, aside)
  } catch {
    return true
  }
  if (owner(aside) === pid) rmSync(aside, { recursive: true, force: true })
  else renameSync(aside, folder)
  return true
}

function owner(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function isOld(folder) {
  const made = statSync(folder, { throwIfNoEntry: false })
  return made === undefined || Date.now() - made.mtimeMs > UNSIGNED_MS
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
