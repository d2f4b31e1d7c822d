// Master key: wraps data keys. It comes from a file or from the environment.
//
// The text holds one key or several, separated by commas or line breaks: the first one wraps, all
// of them unwrap, so that a new one can be put in front before the old one goes. The file is read
// again at every use: a rotation in another process is seen at once.

import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { StartError } from '#kernel/start-error.ts'
import { decrypt, encrypt, KEY_BYTES } from './cipher.ts'
import { readKey, readOrMakeKey, writeKey } from './key-files.ts'
import type { MasterKey } from './port.ts'

export type MasterKeySource =
  | { readonly kind: 'given'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  /** `keys/master.key` of the data folder, made when it is not there. */
  | { readonly kind: 'folder'; readonly dataFolder: string }

const KEY = /^[A-Za-z0-9_-]{43}$/
const FILE = 'master.key'

type Keys = ReadonlyMap<string, Uint8Array>

/** Throws StartError when the source cannot be used; never with a key in its text. */
export function createMasterKey(source: MasterKeySource): MasterKey {
  readKeys(source)
  return {
    currentId: () => first(readKeys(source)).id,
    wrap: async (dataKeyId, dataKey) => {
      const { key } = first(readKeys(source))
      return Uint8Array.from(encrypt(key, aboutOf(dataKeyId), dataKey))
    },
    unwrap: async (dataKeyId, { master, wrapped }) => {
      const key = readKeys(source).get(master)
      if (key === undefined) {
        throw new StartError(`master key ${master} is missing: it wraps data key ${dataKeyId}`)
      }
      return decrypt(key, aboutOf(dataKeyId), wrapped)
    },
  }
}

/** What the settings name; undefined for the file of the data folder. */
export function masterKeySource(given: {
  readonly masterKey: string | null
  readonly masterKeyFile: string | null
}): MasterKeySource | undefined {
  if (given.masterKey !== null) return { kind: 'given', text: given.masterKey }
  return given.masterKeyFile === null ? undefined : { kind: 'file', path: given.masterKeyFile }
}

/** A text that a new master key may have. */
export function newMasterKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url')
}

/** Puts a new key in front of the folder's file; the old ones still unwrap. */
export function prependMasterKey(dataFolder: string): void {
  const folder = join(dataFolder, 'keys')
  const known = readOrMakeKey(folder, FILE, newMasterKey)
  writeKey(join(folder, FILE), `${newMasterKey()}\n${known}`)
}

/** Leaves only the first key in the folder's file. */
export function dropOldMasterKeys(dataFolder: string): void {
  const path = join(dataFolder, 'keys', FILE)
  writeKey(path, splitKeys(readKey(path))[0] ?? '')
}

function readKeys(source: MasterKeySource): Keys {
  const texts = splitKeys(textOf(source))
  if (texts.length === 0 || !texts.every((text) => KEY.test(text))) {
    throw new StartError(`${nameOf(source)} must hold keys of 32 bytes in base64url`)
  }
  const keys = texts.map((text) => Buffer.from(text, 'base64url'))
  return new Map(keys.map((key) => [idOf(key), key]))
}

function textOf(source: MasterKeySource): string {
  if (source.kind === 'given') return source.text
  if (source.kind === 'file') return readKey(source.path)
  return readOrMakeKey(join(source.dataFolder, 'keys'), FILE, newMasterKey)
}

function nameOf(source: MasterKeySource): string {
  if (source.kind === 'given') return 'the master key of the environment'
  return source.kind === 'file' ? source.path : join(source.dataFolder, 'keys', FILE)
}

function splitKeys(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '')
}

function first(keys: Keys): { id: string; key: Uint8Array } {
  const [entry] = keys
  if (entry === undefined) throw new StartError('there is no master key')
  return { id: entry[0], key: entry[1] }
}

function idOf(key: Uint8Array): string {
  return createHash('sha256').update('master').update(key).digest('hex').slice(0, 16)
}

function aboutOf(dataKeyId: string): string {
  return `data key ${dataKeyId}`
}
