// The names of the box: its files that are strategies, and not a part of one.

import { globSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../../..')

export const NAMES = globSync('bots/strategies/*.ts', { cwd: ROOT })
  .filter((path) => /^export default /m.test(readFileSync(resolve(ROOT, path), 'utf8')))
  .map((path) => basename(path, '.ts'))
