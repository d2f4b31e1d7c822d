// Runs one TypeScript file of the project after the set-up, with the project's Node 24.
//
// node scripts/run.mjs FILE [arguments]     FILE is relative to the clone; arguments go to it.
// The exit code, the signals and the streams are those of the file.

import { resolve } from 'node:path'
import { becomeNode24, ROOT } from './node24.mjs'
import { setUpOrExit } from './setup.mjs'

const [file, ...args] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: node scripts/run.mjs FILE [arguments]\n')
  process.exit(2)
}
await setUpOrExit()
becomeNode24(resolve(ROOT, file), args)
