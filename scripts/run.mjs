// Runs one TypeScript file of the project after the set-up, with the project's Node 24.
//
// node scripts/run.mjs [flags of Node] FILE [arguments]     FILE is relative to the clone.
// The exit code, the signals and the streams are those of the file.

import { resolve } from 'node:path'
import { becomeNode24, ROOT } from './node24.mjs'
import { setUpOrExit } from './setup.mjs'

const given = process.argv.slice(2)
const at = given.findIndex((argument) => !argument.startsWith('-'))
if (at < 0) {
  process.stderr.write('usage: node scripts/run.mjs [flags of Node] FILE [arguments]\n')
  process.exit(2)
}
const [file, ...args] = given.slice(at)
await setUpOrExit()
becomeNode24(resolve(ROOT, file), args, given.slice(0, at))
