// crossbook keys rotate: new keys in the place of old ones, while the platform runs.
//
//   keys rotate                      a new data key; everything sealed is sealed again under it
//   keys rotate --master             a new master key; every data key is wrapped again under it
//   keys rotate --signing            a new key for access tokens, which signs ten minutes from now
//   keys rotate --signing --urgent   at once, and every token of the old keys is refused

import { parseArgs } from 'node:util'
import { createDatabase, type Database } from '#database/connection.ts'
import { createSigningKeys } from '#platform/auth/signing-keys.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import { type Config, readConfig } from '#platform/config.ts'
import { dropOldMasterKeys, masterKeySource, prependMasterKey } from '#platform/vault/master-key.ts'
import { openVault } from '#platform/vault/open-vault.ts'

const USAGE =
  'usage: crossbook keys rotate [--master | --signing [--urgent]] [--data FOLDER] [--json]'

const now = (): number => Date.now() * 1_000

type Place = { readonly config: Config; readonly dataFolder: string; readonly database: Database }
type Told = Readonly<Record<string, string | number>>

/** Answers the exit code: 0 rotated, 1 refused, 2 used wrongly. */
export async function main(args: string[]): Promise<number> {
  const flag = { type: 'boolean' } as const
  const { values, positionals } = parseArgs({
    ...{ args, allowPositionals: true, strict: false },
    options: { data: { type: 'string' }, json: flag, master: flag, signing: flag, urgent: flag },
  })
  const isBoth = values.master === true && values.signing === true
  if (positionals.join(' ') !== 'rotate' || isBoth || (values.urgent && !values.signing)) {
    console.error(USAGE)
    return 2
  }
  const config = readConfig()
  const dataFolder = typeof values.data === 'string' ? values.data : config.dataFolder
  const databaseUrl = config.databaseUrl ?? undefined
  const database = await createDatabase({ dataFolder, databaseUrl, whenRunning: 'join' })
  try {
    const place = { config, dataFolder, database }
    const told = values.signing
      ? await rotateSigning(place, values.urgent === true)
      : await (values.master ? rotateMaster(place) : rotateData(place))
    const line = Object.entries(told).map(([name, value]) => `${name} ${value}`)
    console.log(values.json === true ? JSON.stringify(told) : line.join(', '))
    return 0
  } finally {
    await database.close()
  }
}

function vaultOf({ config, ...place }: Place) {
  return openVault({ ...place, masterKey: masterKeySource(config), now })
}

async function rotateData(place: Place): Promise<Told> {
  return { ...(await (await vaultOf(place)).rotate()) }
}

/** A key that the environment names is changed there: "new,old", and what is left is to wrap. */
async function rotateMaster(place: Place): Promise<Told> {
  const isOurs = masterKeySource(place.config) === undefined
  const vault = await vaultOf(place)
  if (isOurs) prependMasterKey(place.dataFolder)
  const rewrapped = await vault.rewrap()
  if (isOurs) dropOldMasterKeys(place.dataFolder)
  return { rewrapped }
}

async function rotateSigning(place: Place, urgent: boolean): Promise<Told> {
  const store = createAuthStore(place.database)
  const keys = await createSigningKeys({ store, vault: await vaultOf(place) }, now())
  return { kid: await keys.rotate(now(), { urgent }) }
}
