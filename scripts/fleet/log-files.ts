// Log files: the lines of each bot on disk, one a line, as JSON: number, time, text.
//
// A line that a crash has torn is left out. Nobody waits for the disk: a log is for people, and
// what money hangs on is written elsewhere.

import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogFiles, LogLine } from '#platform/fleet/port.ts'

const OWNER_ONLY = 0o600

export function createLogFiles(folder: string): LogFiles {
  const pathOf = (bot: string) => join(folder, `${bot}.log`)
  const made: { folder?: Promise<unknown> } = {}
  const inFolder = () => {
    made.folder ??= mkdir(folder, { recursive: true, mode: 0o700 })
    return made.folder
  }
  return {
    async read(bot) {
      const text = await readFile(pathOf(bot), 'utf8').catch(orEmpty)
      return text.split('\n').flatMap(lineOf)
    },
    async append(bot, lines) {
      await inFolder()
      await appendFile(pathOf(bot), textOf(lines), { mode: OWNER_ONLY })
    },
    async replace(bot, lines) {
      await inFolder()
      const part = `${pathOf(bot)}.part`
      await writeFile(part, textOf(lines), { mode: OWNER_ONLY })
      await rename(part, pathOf(bot))
    },
  }
}

/** Each begins a line, so that it does not go on where a torn one ended. */
function textOf(lines: readonly LogLine[]): string {
  return lines.map(({ number, at, text }) => `\n${JSON.stringify([number, at, text])}`).join('')
}

function lineOf(json: string): LogLine[] {
  try {
    const [number, at, text]: unknown[] = JSON.parse(json)
    const isLine = Number.isSafeInteger(number) && Number.isFinite(at) && typeof text === 'string'
    return isLine ? [{ number: Number(number), at: Number(at), text: String(text) }] : []
  } catch {
    return []
  }
}

function orEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}
