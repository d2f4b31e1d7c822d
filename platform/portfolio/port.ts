// Portfolio's port: which accounts a caller may touch, and private messages as a stream.

import type { AccountId } from '#kernel/ids.ts'
import type { Result } from '#kernel/result.ts'
import type { Principal } from '#platform/auth/port.ts'

export type AccountAccess = {
  /** The account asked for, or the caller's own when none is named; not_found unless it is his. */
  resolve(principal: Principal, asked: number | undefined): Result<AccountId>
  /** Whether the account belongs to the caller, within what his key may touch. */
  covers(principal: Principal, account: AccountId): boolean
  /** Every account of the caller that his key may touch, oldest first. */
  all(principal: Principal): readonly AccountId[]
}

export const PRIVATE_CHANNELS = ['orders', 'fills', 'balances'] as const
export type PrivateChannel = (typeof PRIVATE_CHANNELS)[number]

export type AccountFeed = {
  /** The number of the account's last message. */
  lastSeq(account: AccountId): number
  /** Every message from now on, as a JSON text; returns how to stop. */
  subscribe(
    channel: { readonly name: PrivateChannel; readonly account: AccountId },
    listener: (text: string) => void,
  ): () => void
  /** Messages of these channels from that number on; null when some are no longer kept. */
  since(
    account: AccountId,
    accountSeq: number,
    names: ReadonlySet<PrivateChannel>,
  ): readonly string[] | null
  close(): void
}
