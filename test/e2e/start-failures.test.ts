// What an operator can mend is one clear line and exit code 1: no stack trace, no half start.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'

import { lockFolder } from '#journal/lock.ts'
import { createDiskStorage } from '#journal/storage.ts'
import { newMasterKey } from '#platform/vault/master-key.ts'
import { temporaryFolder } from '../database/temporary.ts'

const LATE_MS = 40_000

type Ending = { readonly code: number | null; readonly said: string }

/** Starts the platform on a folder of its own and waits for its end. */
function start(env: Record<string, string>, ...args: string[]): Promise<Ending> {
  const dataFolder = join(temporaryFolder(), 'data')
  const child = spawn(process.execPath, ['platform/main.ts', '--headless', ...args], {
    env: { ...process.env, CROSSBOOK_DATA: dataFolder, PORT: '0', CHAIN_PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LATE_MS,
    killSignal: 'SIGKILL',
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return new Promise((done) => child.once('close', (code) => done({ code, said })))
}

function refuses({ code, said }: Ending, message: RegExp): void {
  assert.equal(code, 1, said)
  assert.match(said.trim().split('\n').at(-1) ?? '', message)
  assert.doesNotMatch(said, /^\s+at /m)
}

async function portInUse() {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  return { port, close: () => server.close() }
}

test('a port in use is named', async () => {
  const used = await portInUse()
  refuses(await start({ PORT: used.port }), new RegExp(`port ${used.port} .*in use`))
  used.close()
})

test('a chain port in use is named', async () => {
  const used = await portInUse()
  refuses(await start({ CHAIN_PORT: used.port }), new RegExp(`${used.port}`))
  used.close()
})

test('a data folder that is a file is refused', async () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, '')
  refuses(await start({ CROSSBOOK_DATA: path }), new RegExp(path))
})

test('a folder that holds something else is refused and left alone', async () => {
  const path = join(temporaryFolder(), 'photos')
  mkdirSync(path)
  writeFileSync(join(path, 'holiday.jpg'), 'x')
  refuses(await start({ CROSSBOOK_DATA: path }), new RegExp(path))
})

test('a data folder that another process uses is refused', async () => {
  const path = temporaryFolder()
  const lock = await lockFolder(createDiskStorage(), path)
  refuses(await start({ CROSSBOOK_DATA: path }), new RegExp(path))
  await lock.release()
})

test('an unreachable DATABASE_URL is refused without its password', async () => {
  const url = 'postgresql://crossbook:canary@127.0.0.1:1/crossbook'
  const ending = await start({ DATABASE_URL: url })
  refuses(ending, /cannot use the database/)
  assert.doesNotMatch(ending.said, /canary/)
})

test('a bad row of a price file is named by its line', async () => {
  const path = join(temporaryFolder(), 'prices.csv')
  const rows = ['time,open,high,low,close,volume', '2022-01-03T00:00Z,1,1,1,1,1', 'oops']
  writeFileSync(path, rows.join('\n'))
  refuses(await start({}, '--prices', `BTC-USDC=${path}`), /prices\.csv:3: 1 columns, not 6/)
})

test('an unknown option is refused before anything starts', async () => {
  const { code, said } = await start({}, '--fast')
  assert.equal(code, 1)
  assert.match(said, /^Unknown option '--fast'/)
})

test('a malformed setting is named', async () => {
  refuses(await start({ PORT: 'http' }), /^PORT must be a port from 0 to 65535/)
})

const PRODUCTION = { CROSSBOOK_PROFILE: 'production', TRUST_PROXY: '127.0.0.1' }

test('production runs without a demo, and measures nothing', async () => {
  const ending = await start(PRODUCTION, '--seconds', '1')
  assert.match(ending.said, /crossbook is running: http:/)
  assert.match(ending.said, /letters are not sent; read them with crossbook mailbox/)
  refuses(ending, /--headless measures the demo profile only/)
})

test('production refuses a folder that holds the secrets of a demo', async () => {
  const path = temporaryFolder()
  writeFileSync(join(path, 'demo.json'), '{}')
  refuses(await start({ ...PRODUCTION, CROSSBOOK_DATA: path }), /demo\.json is a demo's/)
})

test('production refuses to start without TLS or a proxy that is named', async () => {
  refuses(await start({ CROSSBOOK_PROFILE: 'production' }), /^production needs TLS/)
})

test('a master key that others can read refuses the start', async () => {
  const path = join(temporaryFolder(), 'master.key')
  writeFileSync(path, `${newMasterKey()}\n`, { mode: 0o644 })
  refuses(await start({ CROSSBOOK_MASTER_KEY_FILE: path }), /can be read by others: chmod 600/)
})

test('a certificate that does not fit its key refuses the start', async () => {
  const path = join(temporaryFolder(), 'tls.pem')
  writeFileSync(path, 'canary', { mode: 0o600 })
  const ending = await start({ TLS_CERT: path, TLS_KEY: path })
  refuses(ending, /no certificate and key that fit/)
  assert.doesNotMatch(ending.said, /canary/)
})
