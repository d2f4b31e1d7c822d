// A Redis server of one test, on a free port of loopback, with nothing on disk.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** Why tests with a Redis are skipped; undefined when the server is installed. */
export const NO_REDIS: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'redis-server is not installed (apt-get install redis-server)'

export type TemporaryRedis = { readonly url: string; stop(): Promise<void> }

export async function startRedis(...settings: readonly string[]): Promise<TemporaryRedis> {
  const port = await freePort()
  const nothingKept = ['--save', '', '--appendonly', 'no']
  const args = ['--bind', '127.0.0.1', '--port', String(port), ...nothingKept, ...settings]
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('Ready to accept connections')) break
  }
  server.stdout.resume()
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill('SIGKILL')
      await ended
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
