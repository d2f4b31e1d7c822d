// Audit: what must hold inside the core after a restart, and what HTTP does not show.
//
// INV-01 over the live balances, INV-11 of tables against live views and among themselves, INV-09
// of trade ids, and the event digests that were published before the kill, folded again from the
// segments. Nothing trades meanwhile. It tells what it found and changes nothing.

import type { Pool } from 'pg'
import { type Cells, cellCount, decodeEvent } from '#engine/codec.ts'
import { CELL_BYTES } from '#journal/record.ts'
import { createEventDigest, type EventDigestState } from '#sequencer/event-digest.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { Projector } from '#views/projector.ts'
import { queryRows } from '#views/query.ts'
import { AUDIT_QUERIES, storedBalances } from './audit-queries.ts'

/** What /v1/health said once: the digest of all events up to a command. */
export type Published = { readonly seq: number; readonly digest: string }
/** How far the events were folded by an earlier audit. */
export type DigestMark = { readonly eventNo: number; readonly state: EventDigestState }
export type AuditOrder = { readonly mark: DigestMark | null; readonly published: Published[] }
export type Audit = {
  readonly findings: readonly string[]
  readonly mark: DigestMark
  readonly eventNo: number
  readonly catchUpMs: number
}

type Audited = {
  readonly sequencer: Sequencer
  readonly views: LiveViews
  readonly projector: Projector
  readonly pool: Pool
}

const CATCH_UP_MS = 60_000

export async function auditExchange(audited: Audited, order: AuditOrder): Promise<Audit> {
  const { views, sequencer } = audited
  const begin = performance.now()
  const findings: string[] = []
  if (await isCaughtUp(audited)) findings.push(...(await auditTables(audited)))
  else findings.push(`INV-11: the views did not catch up: ${audited.projector.metrics().failing}`)
  const catchUpMs = performance.now() - begin
  findings.push(...ledgerSums(views))
  const { mark, wrong } = await foldDigests(sequencer, order)
  findings.push(...wrong)
  if (createEventDigest(mark.state).hex() !== (await sequencer.eventDigest()).eventDigest) {
    findings.push('INV-08: the digest of the events on disk is not the published one')
  }
  return { findings, mark, eventNo: views.asOf().eventNo, catchUpMs }
}

async function isCaughtUp({ views, projector }: Audited): Promise<boolean> {
  const passed = projector.passed(views.asOf().eventNo).then(() => true)
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, CATCH_UP_MS, false)
  const result = await Promise.race([passed, late])
  clearTimeout(timer)
  return result
}

async function auditTables({ pool, views }: Audited): Promise<string[]> {
  const findings: string[] = []
  for (const { name, text, finding } of AUDIT_QUERIES) {
    const [row] = await queryRows<{ count: number }>(pool, { name, text })
    if (row?.count !== 0) findings.push(`${finding}: ${row?.count} rows`)
  }
  const text = ({ account, asset, cash, held }: Balance) => `${account} ${asset} ${cash} ${held}`
  const stored = new Set((await queryRows<Balance>(pool, storedBalances)).map(text))
  const live = new Set(views.allBalances().map(text))
  const differing = [...stored.symmetricDifference(live)].sort()
  if (differing.length > 0) {
    findings.push(`INV-11: balances of database and memory differ: ${differing.join('; ')}`)
  }
  return findings
}

type Balance = Pick<ReturnType<LiveViews['allBalances']>[number], 'account' | 'asset'> & {
  readonly cash: number
  readonly held: number
}

function ledgerSums(views: LiveViews): string[] {
  const sums = new Map<number, number>()
  for (const { asset, cash } of views.allBalances()) sums.set(asset, (sums.get(asset) ?? 0) + cash)
  const wrong = [...sums].filter(([, sum]) => sum !== 0)
  return wrong.map(([asset, sum]) => `INV-01: the ledger of asset ${asset} sums to ${sum}`)
}

/** The events since the mark, and whether each published digest was that of its prefix. */
async function foldDigests(sequencer: Sequencer, { mark, published }: AuditOrder) {
  const digest = createEventDigest(mark?.state)
  const waiting = [...published].sort((a, b) => a.seq - b.seq)
  const wrong: string[] = []
  let eventNo = mark?.eventNo ?? 0
  const compareBelow = (seq: number): void => {
    while (waiting[0] !== undefined && waiting[0].seq < seq) {
      const { seq: at, digest: told } = waiting.shift() ?? waiting[0]
      if (told !== digest.hex()) wrong.push(`the events up to ${at} are not those released before`)
    }
  }
  for await (const { cells, from, to } of sequencer.readEvents(eventNo)) {
    for (let at = from; at < to; at += cellCount(cells, at)) {
      const event = decodeEvent(cells, at)
      compareBelow(event.seq)
      digest.add(bytesOf(cells, at))
      eventNo = event.eventNo
    }
  }
  compareBelow(sequencer.status().releasedSeq + 1)
  for (const { seq } of waiting) wrong.push(`seq ${seq} was released before the kill and is gone`)
  return { mark: { eventNo, state: digest.state() }, wrong }
}

function bytesOf(cells: Cells, at: number): Uint8Array {
  return cells.bytes.subarray(at * CELL_BYTES, (at + cellCount(cells, at)) * CELL_BYTES)
}
