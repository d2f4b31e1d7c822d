// Standing: a bot is paused, goes on, is stopped for good.
//
// A pause does not wait for the runner to believe it: the venue cancels at once, and again when the
// runner has answered. A stop revokes the bot's key before its money is moved.

import { accept, type Result, refuse } from '#kernel/result.ts'
import { cancelled, type FleetState, run, settleRow, tellState, want } from './fleet-state.ts'
import type { DeployedBot } from './port.ts'
import { botOf, type Entry } from './roster.ts'
import { GONE } from './supervisor.ts'

export async function pause(
  state: FleetState,
  id: string,
  why: string,
): Promise<Result<DeployedBot>> {
  const entry = state.entries.get(id)
  if (entry === undefined) return refuse('not_found')
  if (entry.row.wanted === 'stopped') return refuse('bot.stopped')
  if (entry.row.wanted !== 'paused') await want(state, entry, 'paused', why)
  const [, first] = await Promise.all([state.supervisor.pause(id), cancelled(state, entry)])
  const last = await cancelled(state, entry)
  if (!first.ok) return first
  if (!last.ok) return last
  if (entry.told !== undefined) entry.told = { ...entry.told, state: 'paused' }
  return accept(botOf(entry))
}

export async function resume(state: FleetState, id: string): Promise<Result<DeployedBot>> {
  const entry = state.entries.get(id)
  if (entry === undefined) return refuse('not_found')
  const { row, told, failure } = entry
  if (row.wanted === 'stopped') return refuse('bot.stopped')
  const isHalted = (told?.halted ?? null) !== null
  if (row.wanted !== 'running' || isHalted) await want(state, entry, 'running', 'resumed')
  if (failure !== null || told?.state === 'failed') {
    await state.supervisor.drop(id)
    await run(state, entry)
    return accept(botOf(entry))
  }
  const wrong = await state.supervisor.resume(id)
  if (wrong === null && entry.told !== undefined) {
    entry.told = { ...entry.told, state: 'running', halted: null }
  }
  // A runner that does not know it gets it.
  if (wrong !== null && wrong !== GONE) await run(state, entry)
  return accept(botOf(entry))
}

export async function stopBot(
  state: FleetState,
  { id, flatten }: { readonly id: string; readonly flatten: boolean },
): Promise<Result<DeployedBot>> {
  const entry = state.entries.get(id)
  if (entry === undefined) return refuse('not_found')
  if (entry.row.settledAt !== null) return accept(botOf(entry))
  const how = flatten ? 'stopped, positions closed' : 'stopped'
  if (entry.row.wanted !== 'stopped') await want(state, entry, 'stopped', how, flatten)
  return finishStop(state, entry)
}

export async function finishStop(state: FleetState, entry: Entry): Promise<Result<DeployedBot>> {
  const { account, budget, owner, keyId } = entry.row
  await state.supervisor.drop(entry.row.id)
  // Whatever is still on its way is refused from here on.
  if (keyId !== null) await state.auth.revokeKey({ userId: owner, keyId })
  const done = await cancelled(state, entry)
  if (!done.ok) return done
  if (account !== null) {
    if (entry.row.flatten) await state.books.flatten(account, budget)
    const settled = await state.books.settle(account)
    if (!settled.ok) return settled
  }
  await settleRow(state, entry)
  tellState(state, entry)
  return accept(botOf(entry))
}
