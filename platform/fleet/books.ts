// Books: the money of a bot. A sub-account of its own, its budget moved in, everything moved back.
//
// Every step looks at what is before it does anything, so that each may be done again after a
// crash: an account is found by its name, a budget is what is still missing, a settling ends with
// an empty account that is closed. What does not go is a refusal, and nothing was done that the
// next try would not find.

import { randomBytes } from 'node:crypto'
import { type Amount, asUnit, parseDecimal } from '#kernel/amount.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { asMicros, type Clock } from '#kernel/time.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { Asset, Market } from '#views/listing.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { Money } from './port.ts'

export type BooksDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: LiveViews
  readonly clock: Clock
}

export type Books = {
  /** Whether the user could pay it now. asset.unknown, request.malformed, funds.insufficient */
  check(userId: string, budget: readonly Money[]): Result<null>
  /** The bot's account, opened unless it is there. account.limit */
  open(userId: string, bot: string): Promise<Result<number>>
  /** What is missing of the budget; for an account that has never traded. */
  fund(account: number, budget: readonly Money[]): Promise<Result<null>>
  /** Cancels every order of the account. */
  cancel(account: number): Promise<Result<null>>
  /** Sells what it has more of than its budget, buys what it has less of, at the market. */
  flatten(account: number, budget: readonly Money[]): Promise<void>
  /** All the money to the owner's main account, and the account closed for ever. */
  settle(account: number): Promise<Result<null>>
}

/** Orders of one flattening: what a halted market or a thin book leaves is moved as it is. */
const FLATTENS_MAX = 5

export function createBooks(deps: BooksDeps): Books {
  const { sequencer, views } = deps
  return {
    check(userId, budget) {
      const main = views.accountOfUser(userId)?.account
      const amounts = amountsOf(views, budget)
      if (main === undefined) return refuse('account.unknown')
      if (!amounts.ok) return amounts
      const isThere = amounts.value.every(
        ({ asset, amount }) => available(views, main, asset) >= amount,
      )
      return isThere ? accept(null) : refuse('funds.insufficient')
    },
    open: (userId, bot) => open(deps, userId, bot),
    fund: (account, budget) => fund(deps, asId(account), budget),
    async cancel(account) {
      const all = { kind: 'cancelAll', market: null, side: null } as const
      const { code } = await sequencer.submit({ ...all, account: asId(account) })
      return code === null ? accept(null) : refuse(code)
    },
    async flatten(account, budget) {
      const amounts = amountsOf(views, budget)
      if (!amounts.ok) return
      for (const market of views.listing.markets()) {
        const given = amounts.value.find(({ asset }) => asset.id === market.base.id)?.amount ?? 0
        for (let times = 0; times < FLATTENS_MAX; times += 1) {
          if (!(await trade(deps, { account: asId(account), market, given }))) break
        }
      }
    },
    settle: (account) => settle(deps, asId(account)),
  }
}

type AssetAmount = { readonly asset: Asset; readonly amount: number }

function amountsOf({ listing }: LiveViews, budget: readonly Money[]): Result<AssetAmount[]> {
  const amounts: AssetAmount[] = []
  for (const { asset: symbol, amount: text } of budget) {
    const asset = listing.assetBySymbol(symbol)
    if (asset === undefined) return refuse('asset.unknown')
    const amount = parseDecimal(text, asset.scale)
    const isTwice = amounts.some((one) => one.asset === asset)
    if (!amount.ok || amount.units === 0 || isTwice) {
      return refuse('request.malformed', { field: 'budget' })
    }
    amounts.push({ asset, amount: amount.units })
  }
  return accept(amounts)
}

function available(views: LiveViews, account: AccountId, { id }: Asset): number {
  const { cash = 0, held = 0 } = views.balance(account, id) ?? {}
  return cash - held
}

/** What keeps a step from being done twice is the look before it, and never its id. */
function stampOf({ clock }: BooksDeps) {
  const requestId = `bot-${randomBytes(12).toString('hex')}`
  return { requestId, sentAt: asMicros(clock()), sentAtGiven: false }
}

async function open(deps: BooksDeps, userId: string, bot: string): Promise<Result<number>> {
  const { sequencer, views } = deps
  const main = views.accountOfUser(userId)?.account
  if (main === undefined) return refuse('account.unknown')
  const name = `bot ${bot}`
  const found = views.accountsOfOwner(main).find((row) => row.name === name && !row.closed)
  if (found !== undefined) return accept(found.account)
  const { code, events } = await sequencer.submit({
    ...{ kind: 'openSubAccount', account: main, name },
    ...stampOf(deps),
  })
  const opened = events.find((event) => event.kind === 'accountOpened')
  if (code !== null || opened === undefined) return refuse(code ?? 'unknown')
  return accept(opened.account)
}

type Move = {
  readonly owner: AccountId
  readonly from: AccountId
  readonly to: AccountId
  readonly asset: Asset
  readonly amount: number
}

async function move(deps: BooksDeps, { owner, from, to, asset, amount }: Move) {
  const { code } = await deps.sequencer.submit({
    ...{ kind: 'transfer', account: owner, from, to, asset: asset.id },
    ...{ amount: asUnit<Amount>(amount), ...stampOf(deps) },
  })
  return code === null ? accept(null) : refuse(code)
}

async function fund(
  deps: BooksDeps,
  account: AccountId,
  budget: readonly Money[],
): Promise<Result<null>> {
  const { views } = deps
  const owner = views.account(account)?.owner
  const amounts = amountsOf(views, budget)
  if (owner === undefined) return refuse('account.unknown')
  if (!amounts.ok) return amounts
  for (const { asset, amount } of amounts.value) {
    const missing = amount - (views.balance(account, asset.id)?.cash ?? 0)
    if (missing <= 0) continue
    const moved = await move(deps, { owner, from: owner, to: account, asset, amount: missing })
    if (!moved.ok) return moved
  }
  return accept(null)
}

async function settle(deps: BooksDeps, account: AccountId): Promise<Result<null>> {
  const { sequencer, views } = deps
  const row = views.account(account)
  if (row === undefined || row.closed) return accept(null)
  const { owner } = row
  for (const { asset: id } of views.balances(account)) {
    const asset = views.listing.asset(id)
    const amount = available(views, account, asset)
    if (amount <= 0) continue
    const moved = await move(deps, { owner, from: account, to: owner, asset, amount })
    if (!moved.ok) return moved
  }
  const closing = { kind: 'closeAccount', account: owner, closing: account } as const
  const { code } = await sequencer.submit({ ...closing, ...stampOf(deps) })
  return code === null ? accept(null) : refuse(code)
}

type Trade = { readonly account: AccountId; readonly market: Market; readonly given: number }

/** One order at the market toward what was given; whether anything was traded. */
async function trade(deps: BooksDeps, { account, market, given }: Trade): Promise<boolean> {
  const { sequencer, views } = deps
  const more = (views.balance(account, market.base.id)?.cash ?? 0) - given
  const lots = Math.floor(Math.abs(more) / market.lotUnits)
  if (lots === 0) return false
  const { code, events } = await sequencer.submit({
    ...{ kind: 'place', account, market: market.id, side: more > 0 ? 'sell' : 'buy' },
    ...{ type: 'market', timeInForce: 'IOC', postOnly: false, selfTrade: 'cancel-taker' },
    ...{ price: asUnit(0), size: asUnit(lots), quoteAmount: asUnit(0) },
    ...{ clientOrderId: '', sentAt: asMicros(deps.clock()), sentAtGiven: false },
  })
  return code === null && events.some(({ kind }) => kind === 'fill')
}
