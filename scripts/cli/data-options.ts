// Data options: --data FOLDER and --json, which the commands about a data folder share.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type DataOptions = { readonly folder: string; readonly isJson: boolean }

/** Reads the options; null, and one line on stderr, when they are used wrongly. */
export function dataOptions(args: string[]): DataOptions | null {
  try {
    const { values } = parseArgs({
      args,
      options: { data: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
    return { folder: dataFolderOf(values.data), isJson: values.json }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return null
  }
}

/** The folder that was named, else that of the environment, else the one beside us. */
export function dataFolderOf(named: string | undefined): string {
  return resolve(named ?? process.env.CROSSBOOK_DATA ?? '.crossbook')
}
