// npm run chain -- list market: one more market on the exchange that runs, through its admin API.
//
// Listing takes two people, here as everywhere: one proposes, another one approves, at once or
// later by the id of the proposal. Passwords come from the environment and are never printed.
// Answers 0 done, 1 refused with one line, 2 used wrongly.

import { tokenAuthorization } from '#client/authorization.ts'
import { type Call, createCall } from '#client/call.ts'
import type { Outcome } from '#client/outcome.ts'
import { sendByFetch } from '#client/send.ts'
import type { Asset, Login, Page } from '#client/shapes.ts'
import { StartError } from '#kernel/start-error.ts'
import { given, optionsOf, unitsOf, type Values, whole } from './option-values.ts'

const USAGE = `usage: npm run chain -- list market BASE-QUOTE --tick N --lot N --by E-MAIL
                     [--with E-MAIL] [--min-notional N] [--maker-bps N] [--taker-bps N]
       npm run chain -- list asset ASSET --scale N --by E-MAIL [--with E-MAIL]
       npm run chain -- list approve ID --by E-MAIL
       each with [--url URL] [--reason TEXT] [--json]

One person with the role admin or compliance proposes (--by), another one approves: at once
(--with), or later by the id that is printed. An asset listed so exists in the ledger only.

  CROSSBOOK_PASSWORD          of --by
  CROSSBOOK_SECOND_PASSWORD   of --with
  CROSSBOOK_URL               of the exchange, http://127.0.0.1:3000 when not set

example: npm run chain -- list market BTC-ETH --tick 0.0001 --lot 0.0001 --by ada@example.com`

const TEXT = { type: 'string' } as const
const FLAG = { type: 'boolean' } as const
const OPTIONS = {
  ...{ tick: TEXT, lot: TEXT, scale: TEXT, by: TEXT, with: TEXT, url: TEXT, reason: TEXT },
  ...{ 'min-notional': TEXT, 'maker-bps': TEXT, 'taker-bps': TEXT, json: FLAG, help: FLAG },
}

const USUAL_URL = 'http://127.0.0.1:3000'
const RATE_PER_BPS = 100
const TIMEOUT_MS = 10_000

type Proposal = { readonly kind: 'market.list' | 'asset.list'; readonly params: object }
type Action = { readonly id: string; readonly status: string; readonly code: string | null }
type Row = { readonly id: string; readonly what: string; readonly status: string }

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = optionsOf(args, OPTIONS)
  if (values.help === true) {
    console.log(USAGE)
    return 0
  }
  const [kind, what, ...rest] = positionals
  const isKnown = kind === 'market' || kind === 'asset' || kind === 'approve'
  if (!isKnown || what === undefined || rest.length > 0) {
    console.error(USAGE)
    return 2
  }
  const row = await carriedOut(kind, what, values)
  const text = `${row.what} ${row.status}, action ${row.id}`
  console.log(values.json === true ? JSON.stringify(row) : text)
  return 0
}

async function carriedOut(
  kind: 'market' | 'asset' | 'approve',
  what: string,
  values: Values,
): Promise<Row> {
  const url = given(values, 'url', process.env['CROSSBOOK_URL'] ?? USUAL_URL).replace(/\/$/, '')
  const first = await signIn(url, given(values, 'by'), 'CROSSBOOK_PASSWORD')
  if (kind === 'approve') return { what, ...(await approve(first, what)) }
  const proposal = kind === 'market' ? await marketOf(first, what, values) : assetOf(what, values)
  const reason = given(values, 'reason', `${kind} ${what}`)
  const body = { ...proposal, reason }
  const proposed = await first<{ action: Action }>({
    ...{ method: 'POST', path: '/v1/admin/actions', body },
  })
  const { id, status } = resultOf(proposed, what).action
  if (values.with === undefined) return { what, id, status }
  const second = await signIn(url, given(values, 'with'), 'CROSSBOOK_SECOND_PASSWORD')
  return { what, ...(await approve(second, id)) }
}

async function approve(call: Call, id: string) {
  const path = `/v1/admin/actions/${encodeURIComponent(id)}/approve`
  const { action } = resultOf(await call<{ action: Action }>({ method: 'POST', path }), id)
  if (action.status === 'done') return { id, status: action.status }
  throw new StartError(`${id} was not carried out: ${action.code ?? action.status}`)
}

/** Calls in the name of somebody who signs in with a password alone. */
async function signIn(url: string, email: string, variable: string): Promise<Call> {
  const password = process.env[variable]
  if (password === undefined)
    throw new StartError(`${variable} is not set: the password of ${email}`)
  const deps = { baseUrl: url, send: sendByFetch(), timeoutMs: TIMEOUT_MS }
  const anybody = createCall({ ...deps, authorization: tokenAuthorization(() => undefined) })
  const body = { email, password }
  const login = resultOf(
    await anybody<Login>({ method: 'POST', path: '/v1/auth/login', body }),
    email,
  )
  const { accessToken } = login
  if (accessToken === undefined) throw new StartError(`${email} has a second step: use the API`)
  return createCall({ ...deps, authorization: tokenAuthorization(() => accessToken) })
}

function assetOf(symbol: string, values: Values): Proposal {
  const scale = values.scale === '0' ? 0 : whole(values, 'scale')
  return { kind: 'asset.list', params: { symbol, scale } }
}

/** Amounts as the exchange counts them: ticks by digits of the price, lots by the asset's scale. */
async function marketOf(call: Call, market: string, values: Values): Promise<Proposal> {
  const [base = '', quote = '', ...rest] = market.split('-')
  if (quote === '' || rest.length > 0) throw new StartError(`'${market}' is no BASE-QUOTE`)
  const { items } = resultOf(await call<Page<Asset>>({ method: 'GET', path: '/v1/assets' }), market)
  const scaleOf = (asset: string): number => {
    const scale = items.find(({ symbol }) => symbol === asset)?.scale
    if (scale === undefined)
      throw new StartError(`the exchange has no asset ${asset}; list it first`)
    return scale
  }
  const tick = given(values, 'tick')
  const priceScale = tick.split('.')[1]?.length ?? 0
  const params = {
    ...{ base, quote, priceScale, tickUnits: Number(unitsOf(tick, priceScale)) },
    lotUnits: Number(unitsOf(given(values, 'lot'), scaleOf(base))),
    minNotional: Number(unitsOf(given(values, 'min-notional', '1'), scaleOf(quote))),
    makerRate: rateOf(given(values, 'maker-bps', '2')),
    takerRate: rateOf(given(values, 'taker-bps', '5')),
  }
  return { kind: 'market.list', params }
}

/** Basis points with two digits as millionths. */
function rateOf(bps: string): number {
  const rate = Math.round(Number(bps) * RATE_PER_BPS)
  if (/^[0-9]{1,3}([.][0-9]{1,2})?$/.test(bps)) return rate
  throw new StartError(`'${bps}' is no rate in basis points with at most two digits`)
}

function resultOf<T>(outcome: Outcome<T>, what: string): T {
  if (outcome.kind === 'done') return outcome.value
  if (outcome.kind === 'unknown') throw new StartError(`${what}: no answer: ${outcome.why}`)
  throw new StartError(`${what}: ${outcome.code}: ${outcome.message}`)
}
