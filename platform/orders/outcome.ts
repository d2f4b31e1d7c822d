// Outcome: what a command about an order came to, in rows.
//
// REST, batches and the stream tell it each in their own way; rows never change, so an outcome can
// be told later than it came about.

import type { Result } from '#kernel/result.ts'
import type { FillRow } from '#views/fill-row.ts'
import type { OrderRow } from '#views/order-row.ts'

/** The status as over REST, the order, and its fills as taker. */
export type Outcome = Result<{
  readonly status: 200 | 201
  readonly row: OrderRow
  readonly fills?: readonly FillRow[]
}>
