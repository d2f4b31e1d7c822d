// Workshop: where the texts of deployed strategies lie, and the compiler that looks at one.
//
// Each text has a folder of its own, named by its hash, because a strategy may read its folder. The
// compiler is a process that is ended when it takes too long; the text was checked before for
// imports of anything but ours.

import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Workshop } from '#platform/fleet/port.ts'
import { typeErrors } from '#scripts/strategy-types.ts'

const FILE = 'strategy.ts'

export function createWorkshop(folder: string): Workshop {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return {
    file(hash, source) {
      const home = join(folder, hash)
      const path = join(home, FILE)
      if (existsSync(path)) return path
      mkdirSync(home, { recursive: true, mode: 0o700 })
      writeFileSync(`${path}.part`, source, { mode: 0o600 })
      renameSync(`${path}.part`, path)
      return path
    },
    async wrongTypes(source) {
      const home = join(folder, `check-${randomUUID()}`)
      mkdirSync(home, { mode: 0o700 })
      try {
        const path = join(home, FILE)
        writeFileSync(path, source)
        const wrong = await typeErrors(path)
        // The compiler names the file from where we stand; people know it by its name alone.
        return wrong.map((line) => line.replace(/^\S*strategy\.ts/, FILE))
      } finally {
        rmSync(home, { recursive: true, force: true })
      }
    },
  }
}
