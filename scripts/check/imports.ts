// The import rules of .dependency-cruiser.mjs over the whole tree. Prints what breaks them.
//
// It fails when nothing was cruised: a tool that silently read no file would otherwise pass.

import { existsSync } from 'node:fs'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTypeScript from 'dependency-cruiser/config-utl/extract-ts-config'

const FOLDERS = ['platform', 'bots', 'connectors', 'scripts', 'test']

const options = await extractOptions('./.dependency-cruiser.mjs')
const { output } = await cruise(
  FOLDERS.filter((folder) => existsSync(folder)),
  options,
  undefined,
  { tsConfig: extractTypeScript('tsconfig.json') },
)
const { modules, summary } = output as ICruiseResult // without a reporter the output is the result
const files = modules.filter(({ source }) => /^[a-z]+\/.*[.]tsx?$/.test(source)).length
for (const { rule, from, to, cycle } of summary.violations) {
  const comment = summary.ruleSetUsed?.forbidden?.find(({ name }) => name === rule.name)?.comment
  const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' -> ')
  console.log(`${from} -> ${path}\n    ${rule.name}: ${comment ?? ''}`)
}
if (files === 0) console.log('no module was read; the configuration finds nothing')
process.exit(files === 0 || summary.error > 0 ? 1 : 0)
