// crossbook bot VERB ...: bots of one's own on a running exchange, over its API and nothing else.
//
//   bot login --email E-MAIL            the password comes from standard input, once
//   bot box [NAME]                      strategies that come with the platform
//   bot deploy FILE.ts|NAME OF THE BOX --budget USDC=1000 [--id ID]
//   bot update ID [FILE.ts]             both: [--params JSON] [--limits JSON] [--venues A,B]
//   bot list | show ID | logs ID [--follow] | pause ID | resume ID | rollback ID [--to N]
//   bot stop ID [--flatten]             for good; its money goes back

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Client } from '#client/client.ts'
import type { BotLogLine, BotPlot, DeployBody, DeployedBot } from '#client/shapes.ts'
import { StartError } from '#kernel/start-error.ts'
import { readConfig } from '#platform/config.ts'
import { clientOf, signIn, told } from '#scripts/cli/bot-key.ts'
import { plotLines } from '#scripts/cli/plot-lines.ts'

const USAGE = `usage: crossbook bot login --email E-MAIL [--url http://127.0.0.1:3000] < PASSWORD
       crossbook bot box [NAME]
       crossbook bot deploy FILE.ts|NAME --budget USDC=1000 [--id ID]
                            [--params JSON] [--limits JSON] [--venues internal]
       crossbook bot update ID [FILE.ts] [--params JSON] [--limits JSON] [--venues internal]
       crossbook bot rollback ID [--to VERSION]
       crossbook bot list | show ID | logs ID [--follow] | pause ID | resume ID
       crossbook bot stop ID [--flatten]
       all of them: [--key-file FILE] [--json]`

const TEXT = { type: 'string' } as const
const MANY = { type: 'string', multiple: true } as const
const FLAG = { type: 'boolean' } as const
const OPTIONS = {
  ...{ email: TEXT, url: TEXT, 'key-file': TEXT, id: TEXT, params: TEXT, limits: TEXT, to: TEXT },
  ...{ venues: TEXT, budget: MANY, request: TEXT },
  ...{ json: FLAG, flatten: FLAG, follow: FLAG },
} as const

type Values = ReturnType<typeof parsed>['values']
type Asked = { readonly values: Values; readonly words: readonly string[]; readonly file: string }
type Verb = (client: Client, asked: Asked) => Promise<unknown>

const FOLLOW_MS = 500
/** What can be no file of a strategy may be one of the box. */
const NAME_OF_BOX = /^[a-z0-9][a-z0-9-]{0,63}$/

function parsed(args: string[]) {
  return parseArgs({ args, allowPositionals: true, options: OPTIONS })
}

const VERBS: Readonly<Record<string, { readonly words: readonly number[]; readonly run: Verb }>> = {
  box: { words: [0, 1], run: box },
  deploy: { words: [1], run: deploy },
  list: { words: [0], run: async (client) => told(await client.myBots()).items },
  show: { words: [1], run: show },
  logs: { words: [1], run: logs },
  pause: { words: [1], run: (client, { words: [id = ''] }) => changed(client.pauseBot(id)) },
  resume: { words: [1], run: (client, { words: [id = ''] }) => changed(client.resumeBot(id)) },
  update: { words: [1, 2], run: update },
  rollback: { words: [1], run: rollBack },
  stop: { words: [1], run: stop },
}

/** Answers the exit code: 0 done, 1 refused, 2 used wrongly. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parsedOr(args)
  const [name = '', ...words] = positionals
  const file = resolve(values['key-file'] ?? join(readConfig().dataFolder, 'bot-key.json'))
  if (name === 'login' && words.length === 0 && values.email !== undefined) {
    const { email, url = `http://127.0.0.1:${readConfig().port}` } = values
    const [password = ''] = readFileSync(0, 'utf8').split('\n')
    await signIn({ url, email, password, file })
    console.log(values.json ? JSON.stringify({ file }) : `signed in; the key is in ${file}`)
    return 0
  }
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
  if (verb === undefined || !verb.words.includes(words.length)) {
    console.error(USAGE)
    return 2
  }
  const answer = await verb.run(clientOf(file), { values, words, file })
  if (answer !== undefined) console.log(values.json ? JSON.stringify(answer) : textOf(answer))
  return 0
}

function parsedOr(args: string[]) {
  try {
    return parsed(args)
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

async function changed(outcome: ReturnType<Client['pauseBot']>): Promise<unknown> {
  return told(await outcome).bot
}

/** Asked again in the same words, it is the same request. */
function requestOf({ values, words }: Asked, ...more: string[]): string {
  const { request } = values
  if (request !== undefined) return request
  const parts = JSON.stringify([words, values.params, values.limits, values.venues, ...more])
  return `cli-${createHash('sha256').update(parts).digest('hex').slice(0, 32)}`
}

async function deploy(client: Client, asked: Asked): Promise<DeployedBot> {
  const { values, words } = asked
  const [path = ''] = words
  const source = await sourceOf(client, path)
  const budget = (values.budget ?? []).map(moneyOf)
  if (budget.length === 0) throw new StartError('what may it trade with? --budget USDC=1000')
  const id = values.id ?? basename(path).replace(/\.[a-z]+$/, '')
  const requestId = requestOf(asked, source, JSON.stringify(budget))
  return told(await client.deployBot({ id, requestId, source, budget, ...termsOf(values) })).bot
}

async function update(client: Client, asked: Asked): Promise<DeployedBot> {
  const { values, words } = asked
  const [id = '', path] = words
  const source = path === undefined ? {} : { source: await sourceOf(client, path) }
  const { bot } = told(await client.bot(id))
  // The version it makes is part of what is asked: the same change may be wanted again later.
  const requestId = requestOf(asked, source.source ?? '', String(bot.version.number))
  return told(await client.updateBot(id, { requestId, ...source, ...termsOf(values) })).bot
}

async function rollBack(client: Client, asked: Asked): Promise<DeployedBot> {
  const { values, words } = asked
  const [id = ''] = words
  const { bot } = told(await client.bot(id))
  const { number } = bot.version
  const version = values.to === undefined ? number - 1 : Number(values.to)
  if (!(version >= 1)) throw new StartError(`${id} has no version ${values.to ?? version}`)
  const requestId = requestOf(asked, 'back', String(number))
  return told(await client.rollBackBot(id, { requestId, version })).bot
}

async function stop(client: Client, { values, words: [id = ''] }: Asked): Promise<DeployedBot> {
  return told(await client.stopBot(id, { flatten: values.flatten === true })).bot
}

async function show(client: Client, { words: [id = ''] }: Asked) {
  const { bot } = told(await client.bot(id))
  const { account } = bot
  const plots = told(await client.botPlots(id)).items
  const notes = told(await client.botNotes(id)).items
  const shown = { ...bot, plots, notes }
  if (bot.state === 'stopped') return { ...shown, openOrders: [], balances: [] }
  const orders = told(await client.orders({ account, status: 'open' })).items
  const balances = told(await client.balances({ account })).items
  return { ...shown, openOrders: orders, balances }
}

async function logs(client: Client, { values, words: [id = ''] }: Asked): Promise<undefined> {
  const state = { after: 0 }
  do {
    const { items, next } = told(await client.botLog(id, { after: state.after, limit: 1_000 }))
    for (const { at, text } of items) {
      console.log(values.json ? JSON.stringify({ at, text }) : `${timeOf(at)} ${text}`)
    }
    state.after = next ?? state.after
    if (values.follow) await sleep(FOLLOW_MS)
  } while (values.follow)
}

/** Of a file, or of a strategy of the exchange's box by its name. */
async function sourceOf(client: Client, path: string): Promise<string> {
  if (existsSync(path)) return readFileSync(path, 'utf8')
  const asked = NAME_OF_BOX.test(path) ? await client.ofBox(path) : undefined
  if (asked === undefined || (asked.kind === 'refused' && asked.code === 'not_found')) {
    throw new StartError(`${path} is not there, and not in the box: crossbook bot box`)
  }
  return told(asked).strategy.source
}

/** Without a name all of them, a line each; with one what it can be told. */
async function box(client: Client, { values, words: [name] }: Asked): Promise<undefined> {
  if (name === undefined) {
    const { items } = told(await client.box())
    const lines = items.map((one) => `${one.name.padEnd(20)} ${one.idea}`)
    console.log(values.json ? JSON.stringify(items) : lines.join('\n'))
    return
  }
  const { strategy } = told(await client.ofBox(name))
  const lines = strategy.params.map(
    ({ name: param, initial, about }) => `  ${param} = ${JSON.stringify(initial)}  ${about}`,
  )
  const text = [`${name}: ${strategy.idea}`, ...lines, `  text ${strategy.hash}`].join('\n')
  console.log(values.json ? JSON.stringify(strategy) : text)
}

function moneyOf(text: string) {
  const [asset = '', amount = '', ...rest] = text.split('=')
  if (asset === '' || amount === '' || rest.length > 0) {
    throw new StartError(`--budget ${text} is not like USDC=1000`)
  }
  return { asset, amount }
}

type GivenTerms = Pick<DeployBody, 'params' | 'limits' | 'venues'>

function termsOf({ params, limits, venues }: Values): GivenTerms {
  return {
    ...(params === undefined ? {} : { params: jsonOf<NonNullable<GivenTerms['params']>>(params) }),
    ...(limits === undefined ? {} : { limits: jsonOf<NonNullable<GivenTerms['limits']>>(limits) }),
    ...(venues === undefined ? {} : { venues: venues.split(',') }),
  }
}

/** What does not fit is refused by the exchange. */
function jsonOf<T extends object>(text: string): T {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as T // Checked by the exchange.
  } catch {
    // Said below.
  }
  throw new StartError(`${text} is no JSON object`)
}

function timeOf(at: number): string {
  return new Date(at / 1_000).toISOString().slice(0, 19)
}

function textOf(answer: unknown): string {
  const bots = (Array.isArray(answer) ? answer : [answer]) as DeployedBot[] // As the verbs answer.
  if (bots.length === 0) return 'no bots'
  return bots.map(lineOf).join('\n')
}

function lineOf(bot: DeployedBot): string {
  const { id, state, wanted, version, equity, pnl, fees, why } = bot
  const wants = state === wanted ? '' : ` (wanted: ${wanted})`
  const figures = `equity ${equity ?? '-'}, earned ${pnl ?? '-'}, fees ${fees}`
  const head = `${id}  ${state}${wants}  version ${version.number} of ${version.strategy}`
  const more = 'openOrders' in bot ? detailsOf(Object(bot)) : ''
  return `${head}\n  ${figures}\n  ${why}${more}`
}

type Details = {
  readonly openOrders: readonly { side: string; remaining: string; market: string; price: string }[]
  readonly balances: readonly { asset: string; total: string }[]
  readonly plots: readonly BotPlot[]
  readonly notes: readonly BotLogLine[]
}

const NOTES_SHOWN = 5

function detailsOf({ openOrders, balances, plots, notes }: Details): string {
  const orders = openOrders.map(
    ({ side, remaining, market, price }) => `\n  ${side} ${remaining} ${market} at ${price}`,
  )
  const money = balances.map(({ asset, total }) => `${total} ${asset}`).join(', ')
  const lines = plotLines(plots).map((line) => `\n  plots ${line}`)
  const last = notes.slice(-NOTES_SHOWN).map(({ at, text }) => `\n  note ${timeOf(at)} ${text}`)
  return [`\n  has ${money || 'nothing'}`, ...orders, ...lines, ...last].join('')
}
