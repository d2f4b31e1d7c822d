// Rebalancing: one request under one id until it is known, and done only when it is settled.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '#client/outcome.ts'
import { createRebalancing, type RebalancingDeps } from '#connectors/internal/rebalancing.ts'

type Client = RebalancingDeps['client']
type Withdrawal = { withdrawal: { status: string; [name: string]: unknown } }

const UNKNOWN: Outcome<never> = { kind: 'unknown', why: 'lost' }
const REQUEST = {
  ...{ requestId: 'move-1', sentAt: 7, asset: 'USDC', amount: '100', address: '0xabc' },
}

function withdrawal(status: string): Outcome<Withdrawal> {
  return { kind: 'done', value: { withdrawal: { id: 9, status, fee: '0.5', txHash: '0x1' } } }
}

/** Answers from lists, one a call; the last one again and again. */
function setUp(answers: { withdraw?: unknown[]; look?: unknown[]; deposits?: unknown[] }) {
  const asked: unknown[] = []
  const next = (list: unknown[] = [UNKNOWN]) => (list.length > 1 ? list.shift() : list[0])
  const client = {
    createDepositAddress: async () => UNKNOWN,
    async withdraw(body: unknown) {
      asked.push(body)
      return next(answers.withdraw)
    },
    withdrawal: async () => next(answers.look),
    deposits: async () => next(answers.deposits),
  } as unknown as Client // Only what is called is there.
  return { asked, rebalancing: createRebalancing({ client, pollMs: 1, patienceMs: 10 }) }
}

test('an unknown withdrawal is asked for again with the same id and sentAt', async () => {
  const { asked, rebalancing } = setUp({
    withdraw: [UNKNOWN, UNKNOWN, withdrawal('pending')],
    look: [UNKNOWN, withdrawal('pending'), withdrawal('sent'), withdrawal('settled')],
  })
  assert.deepEqual(await rebalancing.withdraw(REQUEST), { kind: 'done', fee: '0.5', txHash: '0x1' })
  assert.deepEqual(asked, [REQUEST, REQUEST, REQUEST])
})

test('a refusal keeps its code, a payout that failed is refused', async () => {
  const refused = { kind: 'refused', status: 422, code: 'funds.insufficient', message: '' }
  const { rebalancing } = setUp({ withdraw: [refused] })
  const outcome = await rebalancing.withdraw(REQUEST)
  assert.deepEqual(outcome, { kind: 'refused', code: 'funds.insufficient' })
  const failed = setUp({ withdraw: [withdrawal('pending')], look: [withdrawal('failed')] })
  const answer = await failed.rebalancing.withdraw(REQUEST)
  assert.deepEqual(answer, { kind: 'refused', code: 'withdrawal.failed' })
})

test('what is not known after a while is unknown and never done', async () => {
  const { rebalancing } = setUp({ withdraw: [withdrawal('pending')], look: [withdrawal('sent')] })
  assert.deepEqual(await rebalancing.withdraw(REQUEST), { kind: 'unknown' })
  assert.equal(await rebalancing.depositAddress('USDC'), undefined)
})

test('a deposit is done when its transaction is credited', async () => {
  const page = (txHashes: string[]) => {
    return { kind: 'done', value: { items: txHashes.map((txHash) => ({ txHash })), next: null } }
  }
  const { rebalancing } = setUp({ deposits: [page([]), page(['0x2']), page(['0x3', '0x2'])] })
  assert.equal((await rebalancing.credited('0x3')).kind, 'done')
  assert.equal(
    (await setUp({ deposits: [page(['0x2'])] }).rebalancing.credited('0x9')).kind,
    'unknown',
  )
})
