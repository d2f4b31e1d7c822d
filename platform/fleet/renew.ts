// Renew: a version more of a bot, by an update or like an earlier one.
//
// It is tried with a copy of the saved state; then the strategy that runs ends, its orders are
// cancelled, and the new one goes on from there. Asked again with the same id it answers how the
// bot is, and does nothing.

import { accept, type Result, refuse } from '#kernel/result.ts'
import { cancelled, type FleetState, hashOf, note, repeated, run } from './fleet-state.ts'
import { VERSIONS_PER_BOT_MAX } from './limits.ts'
import type { BotUpdate, DeployedBot, Deployments, Terms } from './port.ts'
import { botOf, type Entry, NEW_VERSION } from './roster.ts'
import type { RequestMark } from './store.ts'

export async function update(state: FleetState, wish: BotUpdate): Promise<Result<DeployedBot>> {
  const { id, by, requestId, ...asked } = wish
  const entry = state.entries.get(id)
  if (entry === undefined) return refuse('not_found')
  const mark = { requestId, requestHash: hashOf(asked) }
  const { version } = entry
  const source = asked.source ?? (await state.store.source(version.hash)) ?? ''
  const terms: Terms = {
    hash: hashOf(source),
    params: asked.params ?? version.params,
    venues: asked.venues ?? version.venues,
    limits: { ...version.limits, ...asked.limits },
  }
  const unknown = terms.venues.find((name) => !state.venues.includes(name))
  if (unknown !== undefined) return refuse('bot.venue_unknown', { venue: unknown })
  return renew(state, entry, { terms, source, by, mark, like: null })
}

export async function rollBack(
  state: FleetState,
  { id, by, requestId, version: number }: Parameters<Deployments['rollBack']>[0],
): Promise<Result<DeployedBot>> {
  const entry = state.entries.get(id)
  const earlier = (await state.store.versions(id)).find((one) => one.number === number)
  if (entry === undefined || earlier === undefined) return refuse('not_found')
  const { hash, params, venues, limits } = earlier
  const source = (await state.store.source(hash)) ?? ''
  const mark = { requestId, requestHash: hashOf({ rollBackTo: number }) }
  return renew(state, entry, {
    ...{ terms: { hash, params, venues, limits }, source, by, mark, like: number },
  })
}

type Renewal = {
  readonly terms: Terms
  readonly source: string
  readonly by: string
  readonly mark: RequestMark
  readonly like: number | null
}

/** A version more; the strategy that runs ends, and the new one goes on from its saved state. */
async function renew(
  state: FleetState,
  entry: Entry,
  renewal: Renewal,
): Promise<Result<DeployedBot>> {
  const { terms, source, by, mark, like } = renewal
  const { id } = entry.row
  if ((await state.store.madeBy(id, mark.requestId)) !== undefined) {
    return repeated(state, entry, mark)
  }
  if (entry.row.wanted === 'stopped') return refuse('bot.stopped')
  const number = entry.version.number + 1
  if (number > VERSIONS_PER_BOT_MAX) return refuse('bot.limit')
  const checked = await state.checks.run({ ...terms, source, after: id })
  if (!checked.ok) return checked
  const { name } = checked.value
  const at = state.clock()
  await state.store.keepSource({ hash: terms.hash, name, source, at })
  const version = { ...terms, number, like, by, at }
  if (!(await state.store.insertVersion(id, { ...version, ...mark }))) return refuse('unknown')
  await state.supervisor.drop(id)
  await cancelled(state, entry)
  entry.version = { ...version, strategy: name }
  entry.crash = undefined
  note(state, id, `${NEW_VERSION}${number}${like === null ? '' : `, like version ${like}`}`)
  await run(state, entry)
  return accept(botOf(entry))
}
