// crossbook new FILE.ts: writes a strategy that runs, and its test beside it.
//
// Nothing that is there is overwritten. In a folder without a tsconfig.json it writes one that
// extends ours, so that an editor knows the types of 'crossbook/strategy'.

import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { strategyText, testText } from '#bots/new/strategy-text.ts'
import { StartError } from '#kernel/start-error.ts'

const FILE = /^(.*\/)?([a-z][a-z0-9-]{0,40})\.ts$/
const TSCONFIG = '{ "extends": "crossbook/tsconfig.json", "include": ["*.ts"] }\n'

export function main(args: string[]): number {
  const [given = ''] = args
  const [, , name = ''] = FILE.exec(given) ?? []
  if (name === '' || args.length !== 1) {
    console.error('usage: crossbook new FILE.ts, such as my-strategy.ts')
    return 2
  }
  const path = resolve(given)
  const test = join(dirname(path), `${name}.test.ts`)
  for (const file of [path, test]) {
    if (existsSync(file)) throw new StartError(`${file} is there already`)
  }
  writeFileSync(path, strategyText(name))
  writeFileSync(test, testText(name))
  const config = join(dirname(path), 'tsconfig.json')
  if (!isInProject(path) && !existsSync(config)) writeFileSync(config, TSCONFIG)
  console.log(`${path}\n${test}\n\nnext: crossbook check ${given}, crossbook test ${name}.test.ts`)
  return 0
}

function isInProject(path: string): boolean {
  return path.startsWith(`${resolve(import.meta.dirname, '..')}/`)
}
