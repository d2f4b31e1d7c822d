// The set-up: everything between a fresh clone and a running Crossbook. npm start, npm test and the
// command line come here first.
//
// Each step is stamped with a hash of what it reads, so nothing is done twice and a second call is
// quiet. A step whose inputs are not in the tree is skipped. Plain JavaScript for Node 20; progress
// goes to standard error, because standard output belongs to the program that follows.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { environment, installNode, NODE, nodeIsThere, npmScript, ROOT, TOOLS } from './node24.mjs'
import { locked } from './setup-lock.mjs'

const LOG = join(TOOLS, 'setup.log')
const STAMPS = join(ROOT, 'node_modules', '.crossbook')

/** In this order. `reads` are hashed together with package-lock.json; `makes` must exist. */
const STEPS = [
  {
    name: 'packages',
    says: 'installing packages (half a minute)',
    reads: ['package-lock.json'],
    makes: 'node_modules',
    isDone: packagesAreInstalled,
    command: () => [npmScript(), 'ci', '--prefix', ROOT, '--include=dev', '--loglevel=error'],
  },
  {
    name: 'database client',
    says: 'generating the database client',
    reads: ['platform/database/schema.prisma', 'prisma.config.ts'],
    makes: 'platform/database/generated',
    command: () => ['node_modules/prisma/build/index.js', 'generate'],
  },
  {
    name: 'engine core',
    says: 'compiling the core of the engine',
    reads: ['platform/engine/core', 'platform/engine/limits.ts', 'scripts/build-core.mjs'],
    makes: 'platform/engine/generated',
    command: () => [
      'scripts/build-core.mjs',
      'platform/engine/core/calls.ts',
      'platform/engine/generated/core.ts',
    ],
  },
  {
    name: 'contracts',
    says: 'compiling the contracts',
    reads: ['hardhat.config.ts', 'contracts'],
    makes: 'artifacts',
    command: () => ['node_modules/hardhat/dist/src/cli.js', 'build', '--no-tests'],
  },
  {
    name: 'page',
    says: 'building the page',
    reads: ['platform/web/vite.config.ts', 'platform/web', 'platform/client', 'platform/kernel'],
    makes: 'platform/web/dist',
    command: () => ['node_modules/vite/bin/vite.js', 'build', '--logLevel=warn', 'platform/web'],
  },
]

/** Brings the clone up to date. Throws an Error whose text is one line when that fails. */
export async function setUp() {
  if (nodeIsThere() && STEPS.every(isFresh)) return
  fs.mkdirSync(TOOLS, { recursive: true })
  await locked(join(TOOLS, 'setup.lock'), { work: bringUpToDate, say })
}

/** The same for a program's first line: a failure is one line and exit code 1. */
export async function setUpOrExit() {
  try {
    await setUp()
  } catch (error) {
    say(error.message)
    process.exit(1)
  }
}

async function bringUpToDate() {
  fs.writeFileSync(LOG, '')
  if (!nodeIsThere()) await timed('bringing Node 24 into .tools', () => installNode(execute))
  for (const step of STEPS) {
    if (isFresh(step)) continue
    const stamp = hashOfInputs(step)
    fs.rmSync(stampFile(step), { force: true })
    if (!step.isDone?.()) await timed(step.says, () => execute(NODE, step.command()))
    fs.mkdirSync(STAMPS, { recursive: true })
    fs.writeFileSync(stampFile(step), stamp)
  }
}

async function timed(what, work) {
  const start = Date.now()
  say(`${what} ...`)
  await work()
  say(`${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`)
}

function isFresh(step) {
  if (!step.reads.every((path) => fs.existsSync(join(ROOT, path)))) return true
  if (!fs.existsSync(join(ROOT, step.makes)) || !fs.existsSync(stampFile(step))) return false
  return fs.readFileSync(stampFile(step), 'utf8') === hashOfInputs(step)
}

function stampFile(step) {
  return join(STAMPS, step.name.replaceAll(' ', '-'))
}

function hashOfInputs(step) {
  const hash = createHash('sha256')
  const made = join(ROOT, step.makes)
  for (const path of new Set(['package-lock.json', ...step.reads])) {
    for (const file of filesOf(join(ROOT, path), made)) {
      hash
        .update(`${relative(ROOT, file)}\0`)
        .update(fs.readFileSync(file))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

/** The files below a path in a fixed order, without what the step itself writes. */
function filesOf(path, made) {
  if (path === made) return []
  if (!fs.statSync(path).isDirectory()) return [path]
  return fs
    .readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name), made))
}

/** Whether npm's own record of node_modules says what the lock file says (after npm install). */
function packagesAreInstalled() {
  const record = join(ROOT, 'node_modules', '.package-lock.json')
  if (!fs.existsSync(record)) return false
  const installed = JSON.parse(fs.readFileSync(record, 'utf8')).packages
  const wanted = JSON.parse(fs.readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true
    const found = installed[path]
    return found === undefined ? optional === true : found.version === version
  })
}

/** Runs one command in the clone; its output goes to the log, its failure is one line. */
async function execute(program, args) {
  const env = { ...environment(), CI: 'true' }
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk) => {
    output += chunk
    fs.appendFileSync(LOG, chunk)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const end = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => resolve(signal ?? code))
  })
  if (end === 0) return
  const command = relative(ROOT, args[0]).startsWith('..') ? 'npm' : args[0]
  throw new Error(`${command} ${args[1] ?? ''} failed (${end}): ${reason(output)}; see ${LOG}`)
}

function reason(output) {
  const lines = output.split('\n').map((line) => line.trim())
  const told = lines.find((line) => /error/i.test(line) && !/error code/i.test(line))
  return told ?? lines.findLast((line) => line !== '') ?? 'it said nothing'
}

function say(text) {
  process.stderr.write(`set-up: ${text}\n`)
}

if (fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await setUpOrExit()
