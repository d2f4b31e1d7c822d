// The local chain as the parent sees it: a child process, its address and the ways to end it.
//
// Hardhat's chain holds nothing that must survive and may be killed at any moment; anvil's writes
// its state when it is stopped and was given a file. Settings go through the channel and not
// through arguments, because a mnemonic in a process list is public.

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createRpc, type Rpc } from '#connectors/evm/provider.ts'
import { StartError } from '#kernel/start-error.ts'
import type { ChainMessage, ChainSettings, Engine } from './settings.ts'

export type LocalChain = {
  readonly engine: Engine
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly rpc: Rpc
  /** Answers when the process has ended, however it did. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

const SERVERS: Readonly<Record<Engine, string>> = {
  hardhat: fileURLToPath(new URL('./server.ts', import.meta.url)),
  anvil: fileURLToPath(new URL('./anvil-server.ts', import.meta.url)),
}

// Measured: 107 MB at the start instead of 128, 175 after 2,000 swaps, then 17 to 34 a 1,000
// blocks.
const NODE_FLAGS = ['--max-old-space-size=160', '--max-semi-space-size=1', '--optimize-for-size']

/** Starts a chain and answers when it listens; throws StartError when it cannot. */
export async function startLocalChain(settings: ChainSettings): Promise<LocalChain> {
  const { engine = 'hardhat' } = settings
  const child = fork(SERVERS[engine], [], {
    execArgv: NODE_FLAGS,
    env: chainEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.send(settings)
  const port = await readyPort(child, settings.port)
  const url = `http://127.0.0.1:${port}`
  const rpc = createRpc({ url, chainId: settings.chainId })
  const stop = () => {
    // What anvil leaves behind is written by its guard; Hardhat's process has nothing to keep.
    child.kill(engine === 'anvil' ? 'SIGTERM' : 'SIGKILL')
    return ended
  }
  return { engine, url, port, pid: child.pid ?? 0, rpc, ended, stop }
}

// The EVM runs on native threads; with one allocator arena each, their freed memory stays spread.
function chainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  return {
    PATH,
    HOME,
    NODE_COMPILE_CACHE,
    MALLOC_ARENA_MAX: '1',
    HARDHAT_DISABLE_TELEMETRY: 'true',
  }
}

function readyPort(child: ChildProcess, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new StartError('the local chain ended while starting'))
    child.once('exit', gone)
    child.once('message', (message: ChainMessage) => {
      child.off('exit', gone)
      if (message.kind === 'ready') resolve(message.port)
      else reject(new StartError(whyNot(message.reason, wanted)))
    })
  })
}

function whyNot(reason: string, port: number): string {
  if (reason.includes('EADDRINUSE')) return `port ${port} of the local chain is in use (CHAIN_PORT)`
  return `the local chain did not start: ${reason}`
}
