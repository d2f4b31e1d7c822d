// Dev check: crossbook check in a process of its own, because a module is read once a process.

import { execFile } from 'node:child_process'
import { join } from 'node:path'

export type DevCheck =
  | {
      readonly ok: true
      readonly params: Readonly<Record<string, unknown>>
      /** 'venue:SYMBOL'. */
      readonly markets: readonly string[]
    }
  | { readonly ok: false; readonly wrong: string }

const CLI = join(import.meta.dirname, '../cli.ts')

export async function checked(path: string, params = '{}'): Promise<DevCheck> {
  const args = [CLI, 'check', path, '--params', params, '--json']
  return await new Promise((resolve) => {
    execFile(process.execPath, args, { encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error !== null) return resolve({ ok: false, wrong: stderr.trim() })
      const { markets }: { markets: readonly string[] } = JSON.parse(stdout)
      resolve({ ok: true, params: JSON.parse(params), markets })
    })
  })
}
