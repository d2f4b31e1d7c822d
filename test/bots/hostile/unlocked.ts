// What code finds that runs in the sandbox without the lockdown: told as JSON, once.
//
// Arguments: a port of loopback, a Unix socket, a file; 'light' leaves the memory alone.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

const [port = '', socket = '', file = '', how] = process.argv.slice(2)

function tried(act: () => unknown): string {
  try {
    act()
    return 'done'
  } catch (error) {
    return Object(error).code ?? Object(error).name
  }
}

function called(to: ReturnType<typeof connect>): Promise<string> {
  return new Promise((resolve) => {
    to.once('connect', () => resolve('connected'))
    to.once('error', (error) => resolve(Object(error).code))
  })
}

const held: Uint8Array[] = []

const found = {
  port: await called(connect(Number(port), '127.0.0.1')),
  socket: await called(connect(socket)),
  environment: Object.keys(process.env).length,
  read: tried(() => readFileSync(file)),
  write: tried(() => writeFileSync(`${import.meta.dirname}/written`, 'x')),
  program: tried(() => execFileSync('/bin/true')),
  worker: tried(() => new Worker('1', { eval: true })),
  memory: tried(() => {
    for (let count = 0; how !== 'light' && count < 100; count += 1)
      held.push(new Uint8Array(16_000_000).fill(1))
  }),
}
process.stdout.write(JSON.stringify(found))
process.exit(0)
