// The service behind admin's port: propose, decide, submit, record.
//
// Approving is recorded before the command is submitted; a crash between them is mended by
// `resume`, which submits it again. What the exchange answers is recorded last.

import { randomBytes } from 'node:crypto'
import { Check } from 'typebox/value'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { DAY_US } from '#kernel/time.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { Listing } from '#views/listing.ts'
import type { ActionKind } from './action-kind.ts'
import { ACTIONS } from './actions.ts'
import type { Action, AdminActions } from './port.ts'
import type { ActionStore } from './store.ts'

export type AdminDeps = {
  readonly store: ActionStore
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly listing: Listing
  /** Microseconds since 1970. */
  readonly now: () => number
}

/** A proposal that nobody decides is over after a day. */
export const PROPOSAL_US = DAY_US

export function createAdminActions(deps: AdminDeps): AdminActions {
  const { store, listing, now } = deps
  return {
    propose: async ({ kind, params, reason, proposedBy }) => {
      const known = kindOf(kind)
      if (known === undefined) return refuse('request.malformed', { field: 'kind' })
      const command = known.command(params, listing)
      if (!command.ok) return command
      const action: Action = {
        ...{ id: randomBytes(16).toString('base64url'), kind, params, reason, proposedBy },
        ...{ proposedAt: now(), expiresAt: now() + PROPOSAL_US, status: 'proposed' },
        ...{ decidedBy: null, decidedAt: null, seq: null, code: null },
      }
      await store.insert(action)
      return accept(action)
    },
    approve: async ({ id, by }) => {
      const approved = await store.decide({ id, by, now: now(), status: 'approved' })
      if (approved === undefined) return whyNot(store, { id, by })
      return accept((await submit(deps, approved)) ?? approved)
    },
    reject: async ({ id, by }) => {
      const rejected = await store.decide({ id, by, now: now(), status: 'rejected' })
      if (rejected !== undefined) return accept(rejected)
      return (await store.find(id)) === undefined ? refuse('not_found') : refuse('admin.decided')
    },
    list: store.list,
    find: store.find,
    resume: async () => {
      const waiting = await store.approved()
      for (const action of waiting) await submit(deps, action)
      return waiting.length
    },
  }
}

function kindOf(kind: string): ActionKind | undefined {
  if (!Object.hasOwn(ACTIONS, kind)) return undefined
  // Rows differ in what they take; the schema of the route has checked that it fits the name.
  return ACTIONS[kind as keyof typeof ACTIONS] as ActionKind
}

async function whyNot(store: ActionStore, { id, by }: { id: string; by: string }) {
  const action = await store.find(id)
  if (action === undefined) return refuse('not_found')
  const isOwn = action.status === 'proposed' && action.proposedBy === by
  return refuse(isOwn ? 'admin.same_person' : 'admin.decided')
}

/** undefined while the outcome is not known: it is submitted again later. */
async function submit({ store, sequencer, listing }: AdminDeps, action: Action) {
  const kind = kindOf(action.kind)
  // A row may be older than the bounds of its kind: it ends here, not in a start that fails.
  const fits = kind !== undefined && Check(kind.params, action.params)
  const command: Result<never> | ReturnType<ActionKind['command']> = fits
    ? kind.command(action.params, listing)
    : refuse('request.malformed')
  if (!command.ok) {
    return store.finish(action.id, { status: 'refused', seq: null, code: command.code })
  }
  const { code, seq } = await sequencer.submit(command.value)
  if (code === 'unknown' || seq === 0) return undefined
  const isDone = code === null || kind?.isDone(action.params, listing) === true
  const status = isDone ? 'done' : 'refused'
  return store.finish(action.id, { status, seq, code: isDone ? null : code })
}
