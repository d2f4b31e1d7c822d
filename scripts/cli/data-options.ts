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
    const folder = resolve(values.data ?? process.env.CROSSBOOK_DATA ?? '.crossbook')
    return { folder, isJson: values.json }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return null
  }
}
