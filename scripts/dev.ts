// crossbook dev FILE.ts: the strategy on paper against a running exchange, again at every save.
//
// The file is checked first, as with crossbook check; what is wrong is shown, and the next save is
// waited for. Market data is the exchange's, orders stay here (docs/paper.md says how they are
// filled), the strategy runs in its sandbox as it will when it is deployed. It prints what the
// strategy does, its fills and what it has earned, all of it on paper. Ctrl-C ends it.

import { existsSync, readFileSync, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StartError } from '#kernel/start-error.ts'
import { checked } from '#scripts/cli/dev-check.ts'
import { createDevSession, type DevSession } from '#scripts/cli/dev-session.ts'

const TEXT = { type: 'string' } as const
const OPTIONS = {
  ...{ params: TEXT, url: TEXT, seconds: TEXT },
  balance: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const

const URL_INITIAL = 'http://127.0.0.1:3000'
const BALANCES = ['USDC=100000']
const SETTLE_MS = 150

/** crossbook dev FILE.ts [--params JSON] [--url URL] [--balance USDC=1000]... [--seconds N] */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
  const [given] = positionals
  if (given === undefined || positionals.length > 1) {
    console.error('usage: crossbook dev FILE.ts [--params JSON] [--balance USDC=1000] [--url URL]')
    return 2
  }
  const path = resolve(given)
  if (!existsSync(path)) throw new StartError(`${path} is not there`)
  const port = process.env.PORT
  const usual = port === undefined ? URL_INITIAL : `http://127.0.0.1:${port}`
  const session = await createDevSession({
    ...{ path, url: values.url ?? usual, print: (line) => console.log(line) },
    balances: balancesOf(values.balance ?? BALANCES),
  })
  const turns = { last: turn(session, path, values.params) }
  const watcher = onSave(path, () => {
    turns.last = turns.last.then(() => turn(session, path, values.params))
  })
  await untilTheEnd(values.seconds)
  watcher.close()
  await turns.last
  const end = await session.close()
  if (values.json === true) console.log(JSON.stringify(end))
  return 0
}

/** Starts the strategy anew, or says why not and leaves the one that runs. */
async function turn(session: DevSession, path: string, params: string | undefined) {
  const check = await checked(path, params)
  if (check.ok) await session.run(check.params, check.markets)
  else console.log(`${check.wrong}\nwaiting for the next save`)
}

/** Editors write in several steps, or put another file in its place: the folder is watched. */
function onSave(path: string, then: () => void) {
  let text = readFileSync(path, 'utf8')
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    const now = existsSync(path) ? readFileSync(path, 'utf8') : text
    if (now === text) return
    text = now
    then()
  }
  return watch(dirname(path), (_event, name) => {
    if (name !== null && name !== basename(path)) return
    clearTimeout(timer)
    timer = setTimeout(look, SETTLE_MS)
  })
}

function balancesOf(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text) => {
    const [, asset = '', amount = ''] = /^([A-Z0-9]{2,10})=(\d+(?:\.\d+)?)$/.exec(text) ?? []
    if (asset === '') throw new StartError(`--balance ${text} is not like USDC=1000`)
    return [asset, amount]
  })
  return Object.fromEntries(pairs)
}

async function untilTheEnd(seconds: string | undefined): Promise<void> {
  const limit = seconds === undefined ? undefined : Number(seconds)
  if (limit !== undefined && !(limit > 0)) throw new StartError(`--seconds ${seconds} is no number`)
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
    if (limit !== undefined) setTimeout(done, limit * 1_000)
  })
}
