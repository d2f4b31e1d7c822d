// Edges: the last number that passes and the first that does not, on engine and model alike.
//
// Random choice seldom hits an exact bound; here each check of an order, a movement and a caller's
// id is tried on both sides of it. INV-10: what is refused leaves the business digest as it was.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import {
  ASSET_TOTAL_MAX,
  ASSETS_MAX,
  FAUCET_ASSETS_MAX,
  FEE_RATE_MAX,
  MARKETS_MAX,
  OUTCOME_WINDOW_US,
  PRICE_TICKS_MAX,
  SENT_AHEAD_US,
  SIZE_LOTS_MAX,
  SUB_ACCOUNTS_MAX,
} from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import {
  caller,
  issue,
  limit,
  listAsset,
  listMarket,
  market,
  opening,
} from '#test/support/commands.ts'
import type { Lockstep } from '#test/support/lockstep.ts'
import { createLockstep } from '#test/support/lockstep.ts'

const FUNDS = 1_000_000

function codeOf(lockstep: Lockstep, body: CommandBody): string {
  const before = lockstep.engine.businessDigest()
  const { code } = lockstep.submit(body)
  if (code !== null) assert.equal(lockstep.engine.businessDigest(), before, `INV-10: ${code}`)
  return code ?? 'done'
}

test('an order may hold the last unit that is available and not one more', () => {
  const lockstep = createLockstep(opening(FUNDS))
  const size = Math.floor(FUNDS / 3)
  assert.equal(codeOf(lockstep, limit('sell', { size: size + 1 })), 'funds.insufficient')
  assert.equal(codeOf(lockstep, limit('sell', { size })), 'done')
  // 317,460 lots at 1 tick: 952,380 + 47,619 + 1 is the whole balance.
  const last = limit('buy', { account: 17, price: 1, size: 317_460 })
  assert.equal(codeOf(lockstep, { ...last, size: asUnit(317_461) }), 'funds.insufficient')
  assert.equal(codeOf(lockstep, last), 'done')
  const row = lockstep.image().balances.find((b) => b.account === 17 && b.asset === 0)
  assert.deepEqual(row?.held, FUNDS)
})

test('a market buy costs at most what is available, fee included', () => {
  for (const [funds, answer] of [
    [315, 'done'],
    [314, 'funds.insufficient'],
  ] as const) {
    const lockstep = createLockstep([...opening(FUNDS), { kind: 'openAccount', userId: 'dan' }])
    lockstep.submit(limit('sell', { account: 17, size: 5 }))
    lockstep.submit(faucetOf(19, [[0, funds]]))
    assert.equal(codeOf(lockstep, market('buy', { account: 19, size: 1 })), answer)
  }
})

test('a notional is at least the minimum, by size and by quote amount', () => {
  const more = [listAsset('SOL'), listMarket('SOL-USD', 3, { minNotional: 300 })]
  const lockstep = createLockstep([...opening(FUNDS), ...more])
  const of = { market: 2, timeInForce: 'IOC' } as const
  assert.equal(codeOf(lockstep, limit('buy', { ...of, price: 99, size: 1 })), SMALL)
  assert.equal(codeOf(lockstep, limit('buy', { ...of, price: 100, size: 1 })), 'done')
  assert.equal(codeOf(lockstep, market('buy', { market: 2, quoteAmount: 299 })), SMALL)
  assert.equal(codeOf(lockstep, market('buy', { market: 2, quoteAmount: 300 })), 'done')
})
const SMALL = 'order.notional_too_small'

test('prices are 1 to PRICE_TICKS_MAX and sizes 1 to SIZE_LOTS_MAX', () => {
  const lockstep = createLockstep(opening(FUNDS))
  const tried = (price: number, size: number) => codeOf(lockstep, limit('buy', { price, size }))
  assert.equal(tried(0, 1), 'order.price_out_of_band')
  assert.equal(tried(PRICE_TICKS_MAX, 1), 'funds.insufficient')
  assert.equal(tried(PRICE_TICKS_MAX + 1, 1), 'order.price_out_of_band')
  assert.equal(tried(1, 0), 'request.malformed')
  assert.equal(tried(1, SIZE_LOTS_MAX), 'funds.insufficient')
  assert.equal(tried(1, SIZE_LOTS_MAX + 1), 'order.too_large')
})

test('base, notional and hold of an order stay below 2^53', () => {
  const wide = listMarket('SOL-USD', 3, { lotUnits: 10_007 })
  const lockstep = createLockstep([...opening(FUNDS), listAsset('SOL'), wide])
  const tried = (body: CommandBody) => codeOf(lockstep, body)
  const lots = Math.floor(Number.MAX_SAFE_INTEGER / 10_007)
  assert.equal(tried(limit('sell', { market: 2, price: 1, size: lots })), 'funds.insufficient')
  assert.equal(tried(limit('sell', { market: 2, price: 1, size: lots + 1 })), 'order.too_large')
  assert.equal(tried(market('sell', { market: 2, size: lots })), 'funds.insufficient')
  assert.equal(tried(market('sell', { market: 2, size: lots + 1 })), 'order.too_large')
  const size = SIZE_LOTS_MAX
  assert.equal(tried(limit('sell', { price: 3_002, size })), 'funds.insufficient')
  assert.equal(tried(limit('sell', { price: 3_003, size })), 'order.too_large')
  assert.equal(tried(limit('buy', { price: 2_859, size })), 'funds.insufficient')
  assert.equal(tried(limit('buy', { price: 2_860, size })), 'order.too_large')
})

test('by quote amount the own order is not met once the amount is used up', () => {
  for (const [quoteAmount, kinds] of [
    [315, ['accepted', 'fill']],
    [316, ['accepted', 'fill']],
    [630, ['accepted', 'fill', 'prevented', 'cancelled']],
  ] as const) {
    const lockstep = createLockstep(opening(FUNDS))
    lockstep.submit(limit('sell', { account: 17, size: 1 }))
    lockstep.submit(limit('sell', { account: 16, size: 5 }))
    const fok = market('buy', { quoteAmount, timeInForce: 'FOK' })
    const { events } = lockstep.submit(kinds.length === 2 ? fok : market('buy', { quoteAmount }))
    const told = events.map(({ kind }) => kind).filter((kind) => kind !== 'balance')
    assert.deepEqual(told, kinds)
    lockstep.image()
  }
})

test('by quote amount an own order that gives way does not end the order', () => {
  const lockstep = createLockstep(opening(FUNDS))
  lockstep.submit(limit('sell', { account: 16, size: 500 }))
  lockstep.submit(limit('sell', { account: 17, size: 500 }))
  const { events } = lockstep.submit(
    market('buy', { quoteAmount: 1_000, selfTrade: 'cancel-maker', timeInForce: 'FOK' }),
  )
  const told = events.map(({ kind }) => kind).filter((kind) => kind !== 'balance')
  assert.deepEqual(told, ['accepted', 'prevented', 'cancelled', 'fill'])
})

test('an amount that is used exactly is filled although the book is empty then', () => {
  for (const [quoteAmount, answer] of [
    [314, 'order.fok_unfillable'],
    [315, 'done'],
    [316, 'order.fok_unfillable'],
  ] as const) {
    const lockstep = createLockstep(opening(FUNDS))
    lockstep.submit(limit('sell', { account: 17, size: 1 }))
    const fok = market('buy', { quoteAmount, timeInForce: 'FOK' })
    assert.equal(codeOf(lockstep, fok), answer)
    lockstep.image()
  }
})

test('transfers and withdrawals take what is available and not one more', () => {
  const lockstep = createLockstep([...opening(FUNDS), openSub()])
  lockstep.submit(limit('sell', { size: 100 }))
  const all = FUNDS - 300
  const of = { account: 16, from: 16, to: 19, asset: 1 }
  assert.equal(codeOf(lockstep, withdraw(1, all - 6, 7)), 'funds.insufficient')
  assert.equal(codeOf(lockstep, transfer({ ...of, amount: all + 1 })), 'funds.insufficient')
  assert.equal(codeOf(lockstep, transfer({ ...of, amount: all - 50 })), 'done')
  assert.equal(codeOf(lockstep, withdraw(1, 44, 7)), 'funds.insufficient')
  assert.equal(codeOf(lockstep, withdraw(1, 43, 7)), 'done')
  lockstep.image()
})

test('what exists of an asset adds up to at most ASSET_TOTAL_MAX', () => {
  const lockstep = createLockstep([...opening(FUNDS), listAsset('SOL')])
  assert.equal(codeOf(lockstep, issue(3, ASSET_TOTAL_MAX - 5)), 'done')
  assert.equal(codeOf(lockstep, deposit(3, 6)), 'capacity.exhausted')
  assert.equal(codeOf(lockstep, issue(3, 6)), 'capacity.exhausted')
  assert.equal(codeOf(lockstep, deposit(3, 5)), 'done')
  assert.equal(codeOf(lockstep, issue(3, 1)), 'capacity.exhausted')
  assert.equal(codeOf(lockstep, faucetOf(17, [[3, ASSET_TOTAL_MAX - 4]])), 'funds.insufficient')
  assert.equal(codeOf(lockstep, faucetOf(17, [[3, ASSET_TOTAL_MAX - 5]])), 'done')
  lockstep.image()
})

test('a faucet pays 1 to FAUCET_ASSETS_MAX amounts and sums what it pays of one asset', () => {
  const lockstep = createLockstep([...opening(FUNDS), listAsset('SOL'), issue(3, 10)])
  const amounts = (count: number) => Array.from({ length: count }, () => [0, 1] as const)
  assert.equal(codeOf(lockstep, faucetOf(17, [])), 'request.malformed')
  assert.equal(codeOf(lockstep, faucetOf(17, amounts(FAUCET_ASSETS_MAX))), 'done')
  assert.equal(codeOf(lockstep, faucetOf(17, amounts(FAUCET_ASSETS_MAX + 1))), 'request.malformed')
  const twice = (amount: number) => [[3, 5] as const, [3, amount] as const]
  assert.equal(codeOf(lockstep, faucetOf(17, twice(6))), 'funds.insufficient')
  assert.equal(codeOf(lockstep, faucetOf(17, twice(5))), 'done')
})

test('a customer has at most SUB_ACCOUNTS_MAX sub-accounts', () => {
  const lockstep = createLockstep(opening(FUNDS))
  for (let nth = 1; nth < SUB_ACCOUNTS_MAX; nth += 1) lockstep.submit(openSub())
  assert.equal(codeOf(lockstep, openSub()), 'done', 'the last that fits')
  assert.equal(codeOf(lockstep, openSub()), 'account.limit')
  assert.equal(codeOf(lockstep, openSub(17)), 'done', 'another customer has his own')
  lockstep.image()
})

test('a market is listed only when its numbers fit exactly', () => {
  const lockstep = createLockstep(opening(FUNDS))
  const listed = (change: object, base = 2) => {
    const body = { ...listMarket('ETH-BTC', base), quote: asId<never>(1), ...change }
    return codeOf(lockstep, body as CommandBody) // The change keeps the kinds of its fields.
  }
  assert.equal(listed({ symbol: 'eth' }), 'request.malformed')
  assert.equal(listed({ symbol: 'BTC-USD' }), 'request.malformed')
  assert.equal(listed({}, 3), 'asset.unknown')
  assert.equal(listed({}, 1), 'market.invalid')
  assert.equal(listed({ priceScale: 1 }), 'market.invalid')
  assert.equal(listed({ tickUnits: 0 }), 'market.invalid')
  assert.equal(listed({ makerRate: FEE_RATE_MAX + 1 }), 'market.invalid')
  assert.equal(listed({ takerRate: FEE_RATE_MAX + 1 }), 'market.invalid')
  assert.equal(listed({ makerRate: FEE_RATE_MAX, takerRate: FEE_RATE_MAX }), 'done')
  assert.equal(listed({}), 'request.malformed')
  for (let nth = 3; nth < ASSETS_MAX; nth += 1) lockstep.submit(listAsset(`A${nth}`))
  assert.equal(codeOf(lockstep, listAsset('LAST')), 'capacity.exhausted')
  for (let nth = 3; nth < MARKETS_MAX - 1; nth += 1) lockstep.submit(listMarket(`M${nth}`, 1))
  assert.equal(codeOf(lockstep, listMarket('LAST-1', 1)), 'done')
  assert.equal(codeOf(lockstep, listMarket('LAST', 1)), 'capacity.exhausted')
  lockstep.image()
})

test('sentAt may lie SENT_AHEAD_US ahead and OUTCOME_WINDOW_US back', () => {
  const lockstep = createLockstep(opening(FUNDS))
  lockstep.submit({ kind: 'tick' }, OUTCOME_WINDOW_US)
  const now = lockstep.image().time
  const place = (id: string, sentAt: number) => {
    const body = limit('buy', { clientOrderId: id, sentAt, bodyHash: id })
    return lockstep.submit(body, 0).code ?? 'done'
  }
  assert.equal(place('a', now + SENT_AHEAD_US + 1), 'idempotency.in_future')
  assert.equal(place('a', now + SENT_AHEAD_US), 'done', 'the refusal before is not remembered')
  assert.equal(place('b', now - OUTCOME_WINDOW_US - 1), 'idempotency.too_old')
  assert.equal(place('b', now - OUTCOME_WINDOW_US), 'done')
})

test('an outcome is remembered as long as a retry of it may be new enough', () => {
  const lockstep = createLockstep(opening(FUNDS))
  const now = lockstep.image().time
  const ahead = { clientOrderId: 'a', sentAt: now + SENT_AHEAD_US, bodyHash: 'one' }
  lockstep.submit(limit('buy', ahead), 0)
  lockstep.submit({ kind: 'tick' }, OUTCOME_WINDOW_US + SENT_AHEAD_US)
  assert.equal(lockstep.submit(limit('buy', ahead), 0).duplicate, true)
  assert.equal(lockstep.submit(limit('buy', ahead), 1).code, 'idempotency.too_old')
  const again = { ...ahead, sentAt: now + OUTCOME_WINDOW_US, bodyHash: 'two' }
  assert.equal(lockstep.submit(limit('buy', again), 0).code, null, 'the id is free again')
})

test('a refused order is refused alike when it is asked again, though it would pass now', () => {
  const lockstep = createLockstep(opening(FUNDS))
  const body = limit('sell', { size: 400_000, clientOrderId: 'a', bodyHash: 'x' })
  const first = lockstep.submit(body)
  assert.equal(first.code, 'funds.insufficient')
  lockstep.submit(faucetOf(16, [[1, 1_000_000]]))
  const again = lockstep.submit(body)
  assert.deepEqual([again.code, again.duplicate, again.seq], [first.code, true, first.seq])
})

test('an accepted withdrawal is known by its id long after the window', () => {
  const lockstep = createLockstep(opening(FUNDS))
  const body = withdraw(1, 100, 0, 'w-1')
  const first = lockstep.submit(body)
  const id = asId<never>(first.command.seq)
  lockstep.submit({ kind: 'settleWithdrawal', withdrawalId: id, txHash: '0x1' })
  lockstep.submit({ kind: 'tick' }, 3 * OUTCOME_WINDOW_US)
  lockstep.engine.restart()
  const again = lockstep.submit(body)
  assert.deepEqual([again.code, again.duplicate, again.seq], [null, true, id])
  const other = { ...body, bodyHash: 'other'.padEnd(24, '.') }
  assert.equal(codeOf(lockstep, other), 'idempotency.mismatch')
})

function openSub(account = 16): CommandBody {
  const name = 'bot'
  return { kind: 'openSubAccount', account: asId(account), name, requestId: '', ...caller() }
}

type Move = {
  readonly account: number
  readonly from: number
  readonly to: number
  readonly amount: number
  readonly asset?: number
}

function transfer({ account, from, to, amount, asset = 0 }: Move): CommandBody {
  return {
    kind: 'transfer',
    account: asId(account),
    from: asId(from),
    to: asId(to),
    asset: asId(asset),
    amount: asUnit(amount),
    requestId: '',
    ...caller(),
  }
}

function withdraw(asset: number, amount: number, fee: number, requestId = ''): CommandBody {
  return {
    kind: 'requestWithdrawal',
    account: asId(16),
    asset: asId(asset),
    amount: asUnit(amount),
    fee: asUnit(fee),
    address: '0xabc',
    requestId,
    ...caller('withdraw'),
  }
}

function faucetOf(account: number, amounts: readonly (readonly [number, number])[]): CommandBody {
  const list = amounts.map(([asset, amount]) => {
    return { asset: asId<never>(asset), amount: asUnit<never>(amount) }
  })
  return { kind: 'faucet', account: asId(account), requestId: '', amounts: list, ...caller() }
}

// The amount is the log's number, too: another amount is another deposit.
function deposit(asset: number, amount: number): CommandBody {
  const source = { instance: 'chain-1', txHash: '0x1', logIndex: amount }
  return {
    kind: 'credit',
    account: asId(16),
    asset: asId(asset),
    amount: asUnit(amount),
    ...source,
  }
}
