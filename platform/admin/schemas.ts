// The messages of /v1/admin: closed, strict and bounded like every other.
//
// A proposal is one of the kinds of actions.ts; in answers what it takes is told as JSON text,
// because each kind takes something else.

import { type TSchema, Type } from 'typebox'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import { AccountNumber, closed, Instant, LimitText, oneOf, pageOf } from '#platform/http/port.ts'
import { ACTIONS } from './actions.ts'

const EMAIL_MAX = 254
const REASON_MAX = 500
const CAPABILITIES_MAX = 32

const Id = Type.String({ minLength: 1, maxLength: 64 })
const IdOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 64 })
const InstantOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] })

export const IdParams = closed({ id: Id })
export const NoContent = Type.Null()
export const ListQuery = closed({ limit: Type.Optional(LimitText) })
export const UsersQuery = closed({ email: Type.String({ minLength: 1, maxLength: EMAIL_MAX }) })

export const Users = pageOf(
  closed({
    ...{ id: Id, email: Type.String({ maxLength: EMAIL_MAX }), createdAt: Instant },
    ...{ verified: Type.Boolean(), secondFactor: Type.Boolean() },
    account: Type.Union([AccountNumber, Type.Null()]),
    capabilities: Type.Array(Type.String({ maxLength: 32 }), { maxItems: CAPABILITIES_MAX }),
    ...{ sessions: AccountNumber, keys: AccountNumber },
  }),
)

/** Why, for whoever decides and whoever audits. */
const Reason = Type.String({ minLength: 1, maxLength: REASON_MAX, pattern: '^[^\\p{C}]+$' })

function proposalOf<Kind extends string, Params extends TSchema>(kind: Kind, params: Params) {
  return closed({ kind: Type.Literal(kind), params, reason: Reason })
}

export const ProposalBody = Type.Union([
  proposalOf('asset.list', ACTIONS['asset.list'].params),
  proposalOf('market.list', ACTIONS['market.list'].params),
  proposalOf('market.rules', ACTIONS['market.rules'].params),
  proposalOf('market.fees', ACTIONS['market.fees'].params),
  proposalOf('market.phase', ACTIONS['market.phase'].params),
  proposalOf('market.delist', ACTIONS['market.delist'].params),
  proposalOf('account.freeze', ACTIONS['account.freeze'].params),
  proposalOf('account.cancel_orders', ACTIONS['account.cancel_orders'].params),
])

const Action = closed({
  ...{ id: Id, kind: Type.String({ maxLength: 64 }), params: Type.String({ maxLength: 4_000 }) },
  ...{ reason: Type.String({ maxLength: REASON_MAX }), proposedBy: Id, proposedAt: Instant },
  expiresAt: Instant,
  status: oneOf(['proposed', 'approved', 'rejected', 'done', 'refused']),
  ...{ decidedBy: IdOrNull, decidedAt: InstantOrNull, seq: InstantOrNull },
  code: Type.Unsafe<RefusalCode | null>({
    type: ['string', 'null'],
    enum: [...Object.keys(REFUSALS), null],
  }),
})
export const OneAction = closed({ action: Action })
export const Actions = pageOf(Action)
