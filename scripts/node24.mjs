// The project's own Node 24, on a machine whose Node is older.
//
// Plain JavaScript that Node 20 runs. When the running Node is 24 or newer it is used as it is;
// otherwise the npm package of this platform is put into .tools/, at one exact version. npm itself
// runs with that Node too: under Node 20 it silently drops native packages that ask for more.
// Nothing here may need a package of node_modules, and nothing may write to standard output.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const NODE_MAJOR = 24
const NODE_VERSION = '24.21.0'

/** The folder of the clone, wherever it was called from. */
export const ROOT = dirname(import.meta.dirname)
export const TOOLS = join(ROOT, '.tools')

const NODE_PACKAGE = `node-${process.platform}-${process.arch}`
const NODE_FOLDER = join(TOOLS, 'node_modules', NODE_PACKAGE)
const RUNNING_IS_ENOUGH = Number(process.versions.node.split('.')[0]) >= NODE_MAJOR

/** Path of a Node that is at least 24. It may still have to be installed: see `nodeIsThere`. */
export const NODE = RUNNING_IS_ENOUGH ? process.execPath : join(NODE_FOLDER, 'bin', 'node')

export function nodeIsThere() {
  if (RUNNING_IS_ENOUGH) return true
  const manifest = join(NODE_FOLDER, 'package.json')
  if (!existsSync(manifest) || !existsSync(NODE)) return false
  return JSON.parse(readFileSync(manifest, 'utf8')).version === NODE_VERSION
}

/** Installs Node 24 with the npm of the machine. Refuses with an Error whose text is one line. */
export async function installNode(execute) {
  const wanted = `${NODE_PACKAGE}@${NODE_VERSION}`
  const flags = ['--prefix', TOOLS, '--no-save', '--no-package-lock', '--loglevel=error']
  await execute(process.execPath, [npmScript(), 'install', ...flags, wanted])
  await execute(NODE, ['--version'])
}

/** For everything the project starts: its Node first, its headers, no tool that phones home. */
export function environment() {
  const env = { ...process.env, PATH: [dirname(NODE), process.env.PATH].join(delimiter) }
  Object.assign(env, { HARDHAT_DISABLE_TELEMETRY: 'true', CHECKPOINT_DISABLE: '1' })
  // Keeps stripped TypeScript and its code: starts are faster and 25 MB smaller.
  env.NODE_COMPILE_CACHE ??= join(TOOLS, 'compile-cache')
  for (const name of ['npm_config_local_prefix', 'npm_config_prefix']) delete env[name]
  if (!RUNNING_IS_ENOUGH) env.npm_config_nodedir = NODE_FOLDER
  return env
}

/** The JavaScript of npm: that of the npm that called us, of PATH, or beside the running Node. */
export function npmScript() {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'))
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  for (const candidate of [process.env.npm_execpath ?? '', ...onPath, beside]) {
    if (candidate === '' || !existsSync(candidate)) continue
    const path = realpathSync(candidate)
    if (path.endsWith('npm-cli.js')) return path
  }
  throw new Error('npm was not found; install npm or run this through it')
}

/**
 * Runs a file with Node 24 in the caller's folder, as if it had been called itself: same input and
 * output, signals passed on, same end. Answers only by ending this process.
 */
export function becomeNode24(file, args, flags = []) {
  const child = spawn(NODE, [...flags, file, ...args], { stdio: 'inherit', env: environment() })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal has already sent its Ctrl-C to the child, who must not see it twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`cannot start ${NODE}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => endAs(code, signal))
}

/** Ends as the child ended: with its code, or by its signal so that the caller's shell knows. */
function endAs(code, signal) {
  if (signal === null) process.exit(code ?? 1)
  process.removeAllListeners(signal)
  if (signal !== 'SIGKILL') process.kill(process.pid, signal)
  setTimeout(() => process.exit(128 + constants.signals[signal]), 50)
}
