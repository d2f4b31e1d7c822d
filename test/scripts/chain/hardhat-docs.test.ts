// docs/hardhat.md, word for word: its files are written, its commands run, in an empty folder.
//
// npm and npx are the only stand-ins: packages are linked from the clone, so that no registry is
// needed.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { after, test } from 'node:test'

const ROOT = resolve(import.meta.dirname, '../../..')
const BLOCK = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm

/** Links packages and their commands instead of fetching them. */
const NPM = `#!/bin/sh
set -e
mkdir -p node_modules/.bin node_modules/@nomicfoundation node_modules/@types
[ "$1 $2" = "install --save-dev" ] || exit 64
shift 2
for wanted in "$@"; do
  case $wanted in
    ../crossbook) ln -s '${ROOT}' node_modules/crossbook; command='${ROOT}/bin/crossbook' ;;
    *@*.*)
      name=\${wanted%@*}
      version=\${wanted##*@}
      grep -q "\\"version\\": \\"$version\\"" "${ROOT}/node_modules/$name/package.json"
      ln -s "${ROOT}/node_modules/$name" "node_modules/$name"
      command="${ROOT}/node_modules/.bin/$name" ;;
    *) exit 64 ;;
  esac
  [ "$wanted" != "\${wanted#typescript}" ] && command="${ROOT}/node_modules/.bin/tsc"
  [ ! -e "$command" ] || ln -s "$command" "node_modules/.bin/$(basename "$command")"
done
`
const NPX = '#!/bin/sh\ncommand=$1\nshift\nexec node_modules/.bin/"$command" "$@"\n'

const parent = mkdtempSync(join(tmpdir(), 'hardhat-docs-'))
after(() => rmSync(parent, { recursive: true }))
const [folder, bin] = [join(parent, 'my-defi'), join(parent, 'bin')]
for (const made of [folder, bin]) mkdirSync(made)
for (const [name, text] of [
  ['npm', NPM],
  ['npx', NPX],
] as const) {
  writeFileSync(join(bin, name), text)
  chmodSync(join(bin, name), 0o755)
}

function run(command: string): string {
  const PATH = [bin, dirname(process.execPath), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH, CI: 'true', HARDHAT_DISABLE_TELEMETRY: 'true' }
  // The runner of the project is not a file of ours.
  const own = { ...env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined }
  try {
    return execFileSync('sh', ['-e', '-c', command], { cwd: folder, env: own, encoding: 'utf8' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string } // What it adds.
    return assert.fail(`${command}\n${stdout}\n${stderr}`)
  }
}

test('the page leads from an empty folder to tests that pass', () => {
  const page = readFileSync(join(ROOT, 'docs/hardhat.md'), 'utf8')
  const said: string[] = []
  for (const [, language, path, text = ''] of page.matchAll(BLOCK)) {
    if (path === undefined) {
      assert.equal(language, 'sh')
      said.push(...text.trim().split('\n').map(run))
      continue
    }
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  assert.equal(said.length, 6)
  assert.match(said[3] ?? '', /usage: crossbook COMMAND/)
  assert.match(said.at(-1) ?? '', /5 passing/)
})
