// crossbook keystore: a key in an encrypted file (Ethereum's keystore v3).
//
//   keystore make FILE --passphrase-file F                 a new key
//   keystore import FILE --key-file K --passphrase-file F  a key that you have; - is stdin
//   keystore show FILE                                     its address, without opening it
//
// Keys and passphrases are never arguments, because those stand in the process list and in shell
// histories; nothing that is printed holds one. A file that is there is never written over.

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  KeystoreError,
  keystoreAddress,
  newKey,
  readPassphrase,
  sealKey,
} from '#connectors/evm/signer/keystore.ts'
import { StartError } from '#kernel/start-error.ts'

const USAGE = `usage: crossbook keystore make FILE PASSPHRASE [--json]
       crossbook keystore import FILE --key-file K PASSPHRASE [--json]
       crossbook keystore show FILE [--json]
PASSPHRASE is --passphrase-file F or --passphrase-env NAME; K may be - for stdin`

type Values = Readonly<Record<string, unknown>>

/** Answers the exit code: 0 done, 1 refused, 2 used wrongly. */
export async function main(args: string[]): Promise<number> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    ...{ args, allowPositionals: true, strict: false },
    options: {
      'passphrase-file': text,
      'passphrase-env': text,
      'key-file': text,
      json: { type: 'boolean' },
    },
  })
  const [command = '', path = '', ...more] = positionals
  const isKnown = ['make', 'import', 'show'].includes(command) && path !== '' && more.length === 0
  const isImport = command === 'import'
  const hasKey = typeof values['key-file'] === 'string'
  if (!isKnown || hasKey !== isImport || (command !== 'show' && !hasSource(values))) {
    console.error(USAGE)
    return 2
  }
  try {
    if (command !== 'show') await write(path, isImport ? readKey(values) : newKey(), values)
    const address = keystoreAddress(path)
    console.log(values.json === true ? JSON.stringify({ address, file: path }) : address)
    return 0
  } catch (error) {
    if (error instanceof KeystoreError) throw new StartError(error.message)
    throw error
  }
}

function hasSource(values: Values): boolean {
  const given = [values['passphrase-file'], values['passphrase-env']]
  return given.filter((one) => typeof one === 'string').length === 1
}

async function write(path: string, privateKey: string, values: Values): Promise<void> {
  const file = values['passphrase-file']
  const env = String(values['passphrase-env'])
  const passphrase = readPassphrase(typeof file === 'string' ? { file } : { env }, process.env)
  const keystore = await sealKey(privateKey, passphrase)
  try {
    writeFileSync(path, `${keystore}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    throw new KeystoreError(
      code === 'EEXIST' ? `${path} is there already` : `${path} cannot be written (${code})`,
    )
  }
}

function readKey(values: Values): string {
  const from = String(values['key-file'])
  try {
    return readFileSync(from === '-' ? 0 : from, 'utf8').trim()
  } catch {
    throw new KeystoreError(`${from} cannot be read`)
  }
}
