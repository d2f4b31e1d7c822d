// crossbook test FILE.test.ts ...: runs tests of strategies with the project's Node, wherever they
// are.

import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'

export function main(args: string[]): number {
  const files = args.filter((argument) => !argument.startsWith('-')).map((file) => resolve(file))
  if (files.length === 0) {
    console.error('usage: crossbook test FILE.test.ts ...')
    return 2
  }
  const imports = join(import.meta.dirname, 'strategy-imports.ts')
  const flags = ['--disable-warning=ExperimentalWarning', '--import', imports, '--test']
  const { status } = spawnSync(process.execPath, [...flags, ...files], {
    stdio: 'inherit',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  })
  return status === 0 ? 0 : 1
}
