// The demo's secrets: random at first start, in files that only the owner can read.
//
// keys.json holds the mnemonic of every on-chain account, demo.json the sign-in and API key of
// every demo customer. A file that others can read refuses the start: it must not become a habit.

import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { Mnemonic } from 'ethers'

import { StartError } from '#kernel/start-error.ts'

const OWNER_ONLY = 0o600
const OTHERS = 0o077
const ENTROPY_BYTES = 16

/** The mnemonic of the data folder, made at the first start. */
export function demoMnemonic(folder: string): string {
  const made = () => ({ mnemonic: Mnemonic.fromEntropy(randomBytes(ENTROPY_BYTES)).phrase })
  return readOrMake(folder, 'keys.json', made).mnemonic
}

/** Reads a JSON file of secrets, or makes it. Throws StartError when it cannot be trusted. */
export function readOrMake<T>(folder: string, name: string, make: () => T): T {
  const path = join(folder, name)
  if (!existsSync(path)) {
    const made = make()
    writeSecrets(folder, name, made)
    return made
  }
  if ((statSync(path).mode & OTHERS) !== 0) {
    throw new StartError(`${path} can be read by others: chmod 600 it, or delete it`)
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T // Written by writeSecrets alone.
  } catch {
    throw new StartError(`${path} is not JSON: mend it, or delete it to start anew`)
  }
}

/** Writes a JSON file of secrets whole, readable by the owner alone. */
export function writeSecrets(folder: string, name: string, value: unknown): void {
  const path = join(folder, name)
  writeFileSync(`${path}.tmp`, `${JSON.stringify(value, null, 2)}\n`, { mode: OWNER_ONLY })
  chmodSync(`${path}.tmp`, OWNER_ONLY)
  renameSync(`${path}.tmp`, path)
}
