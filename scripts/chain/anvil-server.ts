// The guard of anvil: starts the program, says when it listens, and sees to it that it ends.
//
// anvil comes from npm as a program for each platform. This process stands between it and the
// parent, because a program that was only spawned would outlive a parent that is killed. It ends
// anvil with SIGTERM, which makes it write its state, into a file beside the one that is renamed
// only when all of it is there. Its clock goes on where the saved chain's stood, if that was ahead.
// The states of past blocks, which it would leave in its user's home, end with it.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readHead } from '#connectors/evm/heads.ts'
import { createRpc, read } from '#connectors/evm/provider.ts'
import { type ChainMessage, type ChainSettings, PUBLIC_MNEMONIC } from './settings.ts'

const CPUS: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
const SYSTEMS: Readonly<Record<string, string>> = {
  ...{ linux: 'linux', darwin: 'darwin', win32: 'win32' },
}
const TOLD_MAX = 10_000

process.once('message', (settings) => {
  // The cast is right: settings.ts types the channel, and both ends import it.
  run(settings as ChainSettings).catch(fail)
})
// Ctrl-C reaches the whole group; only the parent decides when the chain ends.
process.on('SIGINT', () => {})

async function run(settings: ChainSettings): Promise<void> {
  const { stateFile } = settings
  if (stateFile !== undefined) mkdirSync(dirname(stateFile), { recursive: true, mode: 0o700 })
  const past = mkdtempSync(join(tmpdir(), 'crossbook-anvil-'))
  process.once('exit', () => rmSync(past, { recursive: true, force: true }))
  // In a group of its own, so that Ctrl-C does not end it before its state is wanted.
  const child = spawn(programOf(), [...argumentsOf(settings), '--cache-path', past], {
    ...{ stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  })
  const end = () => void child.kill('SIGTERM')
  process.once('disconnect', end)
  process.once('SIGTERM', end)
  child.once('error', fail)
  child.once('exit', (code) => {
    if (code === 0 && stateFile !== undefined) renameSync(partOf(stateFile), stateFile)
    process.exit(code === 0 ? 0 : 1)
  })
  const port = await listening(child)
  await keepClock(settings.chainId, port)
  process.send?.({ kind: 'ready', port } satisfies ChainMessage)
}

/** The program for this machine: an optional package, absent where there is none for it. */
function programOf(): string {
  const name = `@foundry-rs/anvil-${SYSTEMS[platform()]}-${CPUS[arch()]}`
  const file = platform() === 'win32' ? 'anvil.exe' : 'anvil'
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/${file}`)
  } catch {
    throw new Error(`the package ${name} is not installed: npm install --include=optional`)
  }
}

function argumentsOf({ port, chainId, funded, fork, stateFile }: ChainSettings): string[] {
  if (funded !== undefined && funded.mnemonic !== PUBLIC_MNEMONIC) {
    throw new Error('anvil takes a mnemonic in its arguments, where only a public one may stand')
  }
  const known = stateFile !== undefined && existsSync(stateFile) ? ['--load-state', stateFile] : []
  // Not its earlier states: they are 450 KB a block, and only questions about the past want them.
  const kept = stateFile === undefined ? [] : ['--dump-state', partOf(stateFile)]
  const block = fork?.block === undefined ? [] : ['--fork-block-number', String(fork.block)]
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId)],
    ...['--accounts', String(funded?.count ?? 0), '--gas-limit', '60000000'],
    ...known,
    ...kept,
    ...(fork === undefined ? [] : ['--fork-url', fork.url, '--no-storage-caching']),
    ...block,
  ]
}

function partOf(stateFile: string): string {
  return `${stateFile}.part`
}

/** What anvil prints besides, keys of public accounts among it, goes nowhere. */
async function listening({ stdout, stderr }: ChildProcess): Promise<number> {
  let told = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      if (told.length < TOLD_MAX) told += chunk.toString('utf8')
      const [, port] = /Listening on 127\.0\.0\.1:(\d+)/.exec(told) ?? []
      if (port !== undefined) resolve(Number(port))
    }
    stdout?.on('data', hear)
    stderr?.on('data', hear)
    stderr?.once('end', () => reject(new Error(reasonIn(told))))
  })
}

function reasonIn(told: string): string {
  const lines = told.split('\n').filter((line) => line.trim() !== '')
  return lines.find((line) => /error/i.test(line))?.trim() ?? lines.at(-1)?.trim() ?? 'it ended'
}

/** A loaded chain whose clock was moved forward would otherwise go back to the present. */
async function keepClock(chainId: number, port: number): Promise<void> {
  const rpc = createRpc({ url: `http://127.0.0.1:${port}`, chainId })
  const { timestamp } = await readHead(rpc, 'latest')
  const ahead = timestamp - Math.floor(Date.now() / 1_000)
  if (ahead > 0) await read(rpc, 'evm_increaseTime', [ahead])
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error)
  process.send?.({ kind: 'failed', reason } satisfies ChainMessage, () => process.exit(1))
}
