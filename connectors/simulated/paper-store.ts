// Paper store: a paper account in one file, so that a restart finds it as it was answered.
//
// Written whole to a temporary file and renamed before an answer leaves, and not synced: it
// survives the end of any process; a power cut may take its last moment, for it is play money.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { StartError } from '#kernel/start-error.ts'
import type { Instrument } from '../venue.ts'
import type { SavedPaper } from './paper-exchange.ts'

export type PaperFile = {
  readonly form: 1
  /** Those that the account was made with. */
  readonly instruments: readonly Instrument[]
  readonly paper: SavedPaper
}

export type PaperStore = {
  readonly found: PaperFile | undefined
  /** Answers when what `make` gives then is in the file; calls of one turn share a write. */
  save(make: () => PaperFile): Promise<void>
}

/** Throws StartError for a file that is there and is not a paper account. */
export function openPaperStore(path: string): PaperStore {
  const state: { saving: Promise<void> | undefined } = { saving: undefined }
  return {
    found: existsSync(path) ? read(path) : undefined,
    save(make) {
      state.saving ??= new Promise((resolve, reject) => {
        setImmediate(() => {
          state.saving = undefined
          try {
            writeFileSync(`${path}.part`, JSON.stringify(make()), { mode: 0o600 })
            renameSync(`${path}.part`, path)
            resolve()
          } catch (error) {
            reject(error)
          }
        })
      })
      return state.saving
    },
  }
}

function read(path: string): PaperFile {
  try {
    const file: Partial<PaperFile> = JSON.parse(readFileSync(path, 'utf8'))
    const { form, instruments, paper } = file
    if (form === 1 && instruments !== undefined && paper !== undefined) {
      return { form, instruments, paper }
    }
  } catch {
    // Told below: whatever is wrong with it, a person must look.
  }
  throw new StartError(`${path} is not a paper account: move it away to begin anew`)
}
