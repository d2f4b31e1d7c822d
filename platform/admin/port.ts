// Admin's port: what takes two people.
//
// One person proposes, another one approves, then it is a command of the journal like any other;
// the record names both and the number of the command. The database itself refuses that one person
// does both.

import type { RefusalCode } from '#kernel/refusals.ts'
import type { Result } from '#kernel/result.ts'

export type ActionStatus = 'proposed' | 'approved' | 'rejected' | 'done' | 'refused'

export type Action = {
  readonly id: string
  readonly kind: string
  readonly params: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly proposedBy: string
  readonly proposedAt: number
  readonly expiresAt: number
  readonly status: ActionStatus
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  /** Of its command in the journal. */
  readonly seq: number | null
  /** Why the exchange refused the command. */
  readonly code: RefusalCode | null
}

export type Proposal = Pick<Action, 'kind' | 'params' | 'reason' | 'proposedBy'>
export type Decision = { readonly id: string; readonly by: string }

export type AdminActions = {
  /** request.malformed, asset.unknown, market.unknown */
  propose(proposal: Proposal): Promise<Result<Action>>
  /** not_found, admin.same_person, admin.decided; then it is done or refused by the exchange. */
  approve(decision: Decision): Promise<Result<Action>>
  /** Whoever proposed it may take it back. not_found, admin.decided */
  reject(decision: Decision): Promise<Result<Action>>
  list(limit: number): Promise<Action[]>
  find(id: string): Promise<Action | undefined>
  /** Submits what was approved and whose outcome is not known, such as before a crash. */
  resume(): Promise<number>
}
