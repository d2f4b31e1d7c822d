// Keystores: what is sealed opens with its passphrase alone, and no secret is ever told.
//
// The event loop goes on while a key is stretched, which takes a second of one core.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createDecipheriv, scryptSync } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { keccak256, scrypt, Wallet } from 'ethers'
import {
  keystoreAddress,
  newKey,
  openKeystore,
  readPassphrase,
  sealKey,
} from '#connectors/evm/signer/keystore.ts'
import { main } from '#scripts/keystore.ts'
import { signsAnything } from './signers.ts'

const CLI = resolve(import.meta.dirname, '../../../scripts/cli.ts')
const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
const ADDRESS = new Wallet(KEY).address.toLowerCase()
/** For what is not about strength: a millisecond. */
const WEAK = { N: 2 ** 10, r: 8, p: 1 }
const PASSPHRASE = 'twelve letters and a cow'
const SECRETS = [KEY.slice(2), PASSPHRASE]

const folder = mkdtempSync(join(tmpdir(), 'keystore-'))
after(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const write = (name: string, text: string, mode = 0o600) => {
  writeFileSync(at(name), text, { mode })
  chmodSync(at(name), mode)
  return at(name)
}
const sealed = await sealKey(KEY, PASSPHRASE)
const keystore = write('bot.json', sealed)
const quick = write('quick.json', await sealKey(KEY, PASSPHRASE, WEAK))

function tellsNothing(text: string): void {
  for (const secret of SECRETS) assert.ok(!text.toLowerCase().includes(secret), 'a secret is told')
}

const messageOf = async (run: () => unknown): Promise<string> => {
  try {
    await run()
  } catch (error) {
    assert.ok(error instanceof Error)
    tellsNothing(inspect(error, { depth: 9, showHidden: true }))
    return error.message
  }
  return assert.fail('it was not refused')
}

test('a sealed key is a keystore as geth writes it, and opens again', async () => {
  const { version, address, Crypto } = JSON.parse(sealed)
  assert.deepEqual([version, `0x${address}`], [3, ADDRESS])
  const { n, r, p } = Crypto.kdfparams
  assert.deepEqual([Crypto.kdf, n, r, p], ['scrypt', 2 ** 18, 8, 1])
  assert.equal((await openKeystore(keystore, PASSPHRASE)).address.toLowerCase(), ADDRESS)
  assert.equal(keystoreAddress(keystore), ADDRESS)
  tellsNothing(sealed)
})

test('a keystore is what the definition says: opened here without the library', async () => {
  const { Crypto: sealing } = JSON.parse(await sealKey(KEY, PASSPHRASE, WEAK))
  const bytes = (hex: string) => Buffer.from(hex, 'hex')
  const { salt, n: N, r, p } = sealing.kdfparams
  const stretched = scryptSync(PASSPHRASE, bytes(salt), 32, { N, r, p })
  const ciphertext = bytes(sealing.ciphertext)
  const mac = keccak256(Buffer.concat([stretched.subarray(16, 32), ciphertext]))
  assert.equal(mac, `0x${sealing.mac}`)
  const iv = bytes(sealing.cipherparams.iv)
  const cipher = createDecipheriv('aes-128-ctr', stretched.subarray(0, 16), iv)
  assert.equal(`0x${cipher.update(ciphertext).toString('hex')}`, KEY)
})

test('the event loop goes on while a key is stretched', async () => {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  const before = performance.eventLoopUtilization()
  const start = performance.now()
  await openKeystore(keystore, PASSPHRASE)
  const took = performance.now() - start
  delays.disable()
  const { utilization } = performance.eventLoopUtilization(before)
  assert.ok(utilization < 0.5, `the event loop was busy for ${utilization} of ${took} ms`)
  assert.ok(delays.max / 1e6 < took / 2, `${delays.max / 1e6} ms of ${took} ms were one step`)
  assert.match(String(await scrypt(new Uint8Array(1), new Uint8Array(1), 2, 1, 1, 16)), /^0x/)
})

test('a wrong passphrase and a broken file are refused and nothing is told', async () => {
  const wrong = await messageOf(() => openKeystore(quick, 'twelve letters, no cow'))
  assert.equal(wrong, `${quick} does not open with this passphrase`)
  const torn = write('torn.json', sealed.slice(0, -20))
  assert.equal(
    await messageOf(() => openKeystore(torn, PASSPHRASE)),
    `${torn} cannot be read as a keystore`,
  )
  const naked = write('naked.json', KEY)
  assert.match(await messageOf(() => keystoreAddress(naked)), /cannot be read as a keystore$/)
  assert.match(await messageOf(() => sealKey(`${KEY}0`, PASSPHRASE)), /^this is not a private key/)
})

test('a keystore that would block, or take too much, is refused before it is opened', async () => {
  const { Crypto, ...rest } = JSON.parse(await sealKey(KEY, PASSPHRASE, WEAK))
  const withParams = (kdf: string, params: object) => {
    const crypto = { ...Crypto, kdf, kdfparams: { ...Crypto.kdfparams, ...params } }
    return write('other.json', JSON.stringify({ ...rest, crypto }))
  }
  for (const [n, r, p, why] of [
    [2 ** 17, 15, 1, /does not open/],
    [2 ** 17, 16, 1, /does not open/],
    [2 ** 17, 17, 1, /too much memory or time$/],
    [2 ** 10, 8, 15, /does not open/],
    [2 ** 10, 8, 16, /does not open/],
    [2 ** 10, 8, 17, /too much memory or time$/],
    [2 ** 15, 1, 1, /does not open/],
    [2 ** 16, 1, 1, /too small blocks/],
    [2 ** 17, 1, 1, /too small blocks/],
  ] as const) {
    const path = withParams('scrypt', { n, r, p })
    assert.match(await messageOf(() => openKeystore(path, PASSPHRASE)), why, `${n} ${r} ${p}`)
  }
  const path = withParams('pbkdf2', {})
  assert.match(await messageOf(() => openKeystore(path, PASSPHRASE)), /not stretched by scrypt/)
})

test('a passphrase is of a file of its owner alone, or of the environment, once', async () => {
  assert.equal(readPassphrase({ file: write('mine', `${PASSPHRASE}\n`) }), PASSPHRASE)
  const open = write('open', PASSPHRASE, 0o640)
  assert.equal(
    await messageOf(() => readPassphrase({ file: open })),
    `${open} may be read by others: chmod 600 ${open}`,
  )
  const environment = { CROSSBOOK_KEY: PASSPHRASE }
  assert.equal(readPassphrase({ env: 'CROSSBOOK_KEY' }, environment), PASSPHRASE)
  const said = await messageOf(() => readPassphrase({ env: 'CROSSBOOK_KEY' }, environment))
  assert.equal(said, 'the variable CROSSBOOK_KEY holds no passphrase')
  for (const [length, isRefused] of [
    [11, true],
    [12, false],
    [13, false],
  ] as const) {
    const file = write('length', 'x'.repeat(length))
    if (!isRefused) assert.equal(readPassphrase({ file }).length, length)
    else assert.match(await messageOf(() => readPassphrase({ file })), /less than 12 letters$/)
  }
})

test('no JSON and no log of a signer holds its key', async () => {
  const signer = signsAnything(await openKeystore(quick, PASSPHRASE))
  const holder = { signer, deep: { list: [signer] } }
  tellsNothing(JSON.stringify(holder))
  tellsNothing(inspect(holder, { depth: 20, showHidden: true, getters: true }))
  tellsNothing(Object.values(signer).map(String).join())
})

test('the command makes, imports and shows keystores and tells addresses alone', async () => {
  const sealing = ['--passphrase-file', write('passphrase', PASSPHRASE)]
  const run = (args: string[], more: { input?: string; env?: NodeJS.ProcessEnv } = {}) => {
    const { input = '', env = process.env } = more
    const said = spawnSync(process.execPath, [CLI, 'keystore', ...args], { env, input })
    const [out, err] = [String(said.stdout), String(said.stderr)]
    tellsNothing(out + err)
    return { code: said.status, out, err }
  }
  const made = run(['make', at('made.json'), ...sealing, '--json'])
  assert.equal(made.code, 0, made.err)
  assert.equal(JSON.parse(made.out).address, keystoreAddress(at('made.json')))
  assert.equal(statSync(at('made.json')).mode & 0o777, 0o600)
  const env = { ...process.env, BOT_PASSPHRASE: PASSPHRASE }
  const fromEnv = ['--passphrase-env', 'BOT_PASSPHRASE']
  const piped = run(['import', at('piped.json'), '--key-file', '-', ...fromEnv], {
    input: KEY,
    env,
  })
  assert.deepEqual([piped.code, piped.out], [0, `${ADDRESS}\n`])
  assert.equal(run(['show', at('piped.json')]).out, `${ADDRESS}\n`)

  const before = readFileSync(at('made.json'), 'utf8')
  const refusedBy = (args: string[]) => messageOf(() => main(args))
  assert.equal(
    await refusedBy(['make', at('made.json'), ...sealing]),
    `${at('made.json')} is there already`,
  )
  assert.equal(readFileSync(at('made.json'), 'utf8'), before)
  assert.match(
    await refusedBy(['show', at('none.json')]),
    /none.json cannot be read as a keystore$/,
  )
  const wrongKey = ['import', at('x'), '--key-file', write('key', `${KEY}0`), ...sealing]
  assert.match(await refusedBy(wrongKey), /^this is not a private key/)
  for (const args of [[], ['make'], ['make', at('x')], ['open', at('x')], ['import', at('x')]]) {
    assert.equal(await main(args), 2, args.join(' '))
  }
})

test('every new key is another one', () => {
  assert.equal(new Set(Array.from({ length: 20 }, newKey)).size, 20)
})
