// A clone in miniature: the real set-up scripts over tools that only write down that they were run.
//
// Every fake tool appends its name to `calls` and makes the folder the real one would make.

import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const PROJECT = resolve(import.meta.dirname, '../..')
const SCRIPTS = [
  'scripts/setup.mjs',
  'scripts/setup-lock.mjs',
  'scripts/node24.mjs',
  'scripts/run.mjs',
  'bin/crossbook',
]

export type Ending = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export type SmallClone = ReturnType<typeof createSmallClone>

export function createSmallClone() {
  const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'crossbook-clone-')))
  const write = (path: string, text: string) => {
    fs.mkdirSync(dirname(join(root, path)), { recursive: true })
    fs.writeFileSync(join(root, path), text)
  }
  for (const path of SCRIPTS) {
    write(path, fs.readFileSync(join(PROJECT, path), 'utf8'))
    fs.chmodSync(join(root, path), 0o755)
  }
  write('package.json', JSON.stringify({ name: 'small', type: 'module' }))
  write('npm/npm-cli.js', fakeTool({ name: 'npm', makes: 'node_modules' }))
  write('npm/package.json', '{}')
  lock(write, '1.0.0')
  install(write, '1.0.0')

  const start = (args: readonly string[], cwd = root) => {
    const env = { ...process.env, npm_execpath: join(root, 'npm/npm-cli.js') }
    return spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  }
  return {
    root,
    write,
    start,
    /** Runs to the end. */
    run: (args: readonly string[], cwd = root) => ended(start(args, cwd)),
    /** The lock file now asks for this version of its one package. */
    lock: (version: string) => lock(write, version),
    addDatabase() {
      const tool = fakeTool({ name: 'prisma', makes: 'platform/database/generated' })
      write('platform/database/schema.prisma', 'model A {}')
      write('prisma.config.ts', '')
      write('node_modules/prisma/build/index.js', tool)
      write('node_modules/prisma/package.json', '{}')
    },
    calls: () => fs.readFileSync(join(root, 'calls'), { encoding: 'utf8', flag: 'a+' }).trim(),
    remove: () => fs.rmSync(root, { recursive: true, force: true }),
  }
}

/** Collects what a process prints until it has ended. */
export async function ended(child: ReturnType<SmallClone['start']>): Promise<Ending> {
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((done) => {
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }))
  })
}

type Write = (path: string, text: string) => void

function lock(write: Write, version: string) {
  const packages = { '': {}, 'node_modules/a': { version }, 'node_modules/b': { optional: true } }
  write('package-lock.json', JSON.stringify({ packages }))
}

function install(write: Write, version: string) {
  const packages = { 'node_modules/a': { version } }
  write('node_modules/.package-lock.json', JSON.stringify({ packages }))
}

function fakeTool({ name, makes }: { name: string; makes: string }): string {
  return `
    const fs = require('node:fs')
    fs.appendFileSync('calls', '${name} ')
    if (fs.existsSync('break-${name}')) {
      console.error('some output\\nError: ${name} is broken\\n    at somewhere')
      process.exit(3)
    }
    fs.mkdirSync('${makes}', { recursive: true })
    setTimeout(() => {}, 300)
  `
}
