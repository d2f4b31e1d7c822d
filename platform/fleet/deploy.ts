// Deploy: a strategy that was checked becomes a bot with an account, a budget and a key.
//
// Nothing is opened for a strategy that is wrong. What is cut short is gone on with at the next
// start; what cannot be opened is taken back, and its money with it.

import { accept, type Result, refuse } from '#kernel/result.ts'
import { ENVELOPE } from './envelope.ts'
import { type FleetState, hashOf, note, repeated, run, settleRow, want } from './fleet-state.ts'
import { BOTS_MAX, BOTS_PER_USER_MAX, STOPPED_KEPT_MAX } from './limits.ts'
import type { DeployedBot, NewBot, Terms } from './port.ts'
import { botOf, type Entry, entryOf } from './roster.ts'
import type { BotRow } from './store.ts'

export async function deploy(state: FleetState, bot: NewBot): Promise<Result<DeployedBot>> {
  const { by, requestId, id, ...asked } = bot
  const mark = { requestId, requestHash: hashOf(asked) }
  const known = state.entries.get(id)
  if (known !== undefined) {
    if (known.row.owner !== by) return refuse('idempotency.mismatch')
    return repeated(state, known, mark)
  }
  const { venues = state.venues } = bot
  const refused = refuseDeploy(state, { ...bot, venues })
  if (refused !== null) return refused
  const terms = {
    ...{ hash: hashOf(bot.source), params: bot.params, venues },
    limits: { ...ENVELOPE, ...bot.limits },
  }
  const checked = await state.checks.run({ ...terms, source: bot.source })
  if (!checked.ok) return checked
  const { name } = checked.value
  const at = state.clock()
  await state.store.keepSource({ hash: terms.hash, name, source: bot.source, at })
  const row: BotRow = {
    ...{ id, owner: by, wanted: 'running', why: 'deployed', account: null, budget: bot.budget },
    ...{ keyId: null, secret: null, createdAt: at, openedAt: null, settledAt: null },
    flatten: false,
  }
  const version = { ...terms, number: 1, like: null, by, at }
  if (!(await state.store.insertBot(row, { ...version, ...mark }))) {
    return refuse('idempotency.mismatch')
  }
  const entry = entryOf(row, { ...version, strategy: name })
  state.entries.set(id, entry)
  const opened = await openBot(state, entry)
  if (!opened.ok) return takeBack(state, entry, opened)
  note(state, id, `deployed: ${name}, version 1`)
  await run(state, entry)
  return accept(botOf(entry))
}

function refuseDeploy(state: FleetState, bot: NewBot & Pick<Terms, 'venues'>) {
  const { entries, venues, books, reserved } = state
  if (reserved(bot.id)) return refuse('idempotency.mismatch')
  const active = [...entries.values()].filter(({ row }) => row.settledAt === null)
  const own = active.filter(({ row }) => row.owner === bot.by)
  const isFull = active.length >= BOTS_MAX || own.length >= BOTS_PER_USER_MAX
  if (isFull || entries.size >= BOTS_MAX + STOPPED_KEPT_MAX) return refuse('bot.limit')
  const unknown = bot.venues.find((name) => !venues.includes(name))
  if (unknown !== undefined) return refuse('bot.venue_unknown', { venue: unknown })
  const payable = books.check(bot.by, bot.budget)
  return payable.ok ? null : payable
}

/** The account with its budget, and the key that may trade it. */
export async function openBot(state: FleetState, entry: Entry): Promise<Result<null>> {
  const { store, books, auth, vault } = state
  const { id, owner, budget } = entry.row
  const account = await books.open(owner, id)
  if (!account.ok) return account
  await store.setAccount(id, account.value)
  entry.row = { ...entry.row, account: account.value }
  const funded = await books.fund(account.value, budget)
  if (!funded.ok) return funded
  const name = `bot ${id}`
  const scopes = ['read', 'trade'] as const
  const key = await auth.createKey({ userId: owner, name, scopes, account: account.value })
  if (!key.ok) return key
  const sealed = await vault.seal(`bot:${id}`, key.value.secret)
  await store.setKey(id, { keyId: key.value.id, secret: sealed })
  const openedAt = state.clock()
  await store.setOpened(id, openedAt)
  entry.row = { ...entry.row, keyId: key.value.id, secret: sealed, openedAt }
  return accept(null)
}

/** Nothing of a bot that could not be opened stays, but its text. */
export async function takeBack<T extends Result<never>>(state: FleetState, entry: Entry, why: T) {
  const { account } = entry.row
  const settled = account === null ? accept(null) : await state.books.settle(account)
  if (!settled.ok) return refuse('unknown')
  await want(state, entry, 'stopped', `not opened: ${why.ok ? '' : why.code}`)
  await settleRow(state, entry)
  return why
}
