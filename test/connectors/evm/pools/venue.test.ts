// A venue of pools as a bot sees it: decimal strings, quotes that come true, ids that hold.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createBalanceReader } from '#connectors/evm/balances.ts'
import { createHeads } from '#connectors/evm/heads.ts'
import { createNonceQueue } from '#connectors/evm/nonce-queue.ts'
import { pairMarkets } from '#connectors/evm/pools/market.ts'
import { createPoolMirror } from '#connectors/evm/pools/mirror.ts'
import { createSwapper } from '#connectors/evm/pools/swap.ts'
import { createPoolTrading } from '#connectors/evm/pools/trading.ts'
import { createPoolVenue } from '#connectors/evm/pools/venue.ts'
import { createMemoryStore, type TransactionStore } from '#connectors/evm/transaction-store.ts'
import type { MarketUpdate, OrderRequest } from '#connectors/venue.ts'
import { startDevChain } from '../dev-chain.ts'
import { signsAnything } from '../signers.ts'

const { rpc, keys, deployment } = await startDevChain()
const { executor } = deployment
const markets = pairMarkets(deployment)

async function open(t: TestContext, store: TransactionStore = createMemoryStore()) {
  const heads = createHeads({ rpc })
  const mirror = createPoolMirror({ rpc, heads, pools: markets })
  const signer = signsAnything(keys.wallet('bots', 0))
  const queue = createNonceQueue({ rpc, store, signer, pollMs: 20 })
  t.after(queue.close)
  const swapper = createSwapper({ rpc, queue, executor })
  const readBalances = createBalanceReader(rpc)
  const account = signer.address
  const deps = { account, markets, mirror, swapper, heads, readBalances, nativeAsset: 'ETH' }
  const trading = createPoolTrading(deps)
  await heads.refresh()
  return {
    venue: createPoolVenue({ name: 'uniswap-v2', markets, mirror, trading }),
    trading,
    heads,
  }
}

function order(clientOrderId: string, rest: Partial<OrderRequest>): OrderRequest {
  const quantity = { in: 'base', amount: '1' } as const
  const common = {
    sentAt: 0,
    symbol: 'ETH-USDC',
    side: 'buy',
    quantity,
    timeInForce: 'FOK',
  } as const
  return { clientOrderId, ...common, ...rest }
}

test('instruments tell fee, tick and lot of every pool', async (t) => {
  const { venue } = await open(t)
  const instruments = await venue.instruments()
  assert.deepEqual(
    instruments.map(({ symbol, takerFee, lot }) => [symbol, takerFee, lot]),
    [
      ['BTC-USDC', '0.003000', '0.00000001'],
      ['ETH-USDC', '0.003000', '0.000000000000000001'],
    ],
  )
})

for (const side of ['buy', 'sell'] as const) {
  for (const [unit, amount] of [
    ['base', '1.5'],
    ['quote', '4000'],
  ] as const) {
    const names = (side === 'buy') === (unit === 'quote') ? 'its input' : 'its output'
    test(`a ${side} by ${unit}, naming ${names}, pays its quote and gets no less`, async (t) => {
      const { venue, trading, heads } = await open(t)
      const quantity = { in: unit, amount }
      const quote = await venue.quote({ symbol: 'ETH-USDC', side, quantity })
      assert.ok(quote.kind === 'quote')
      const limitPrice = side === 'buy' ? '2600' : '2400'
      const answer = await trading.place(order(`${side}-${unit}`, { side, quantity, limitPrice }))
      assert.ok(answer.kind === 'accepted', JSON.stringify(answer))
      assert.equal(answer.order.state, 'filled')
      const [fill] = answer.fills
      assert.ok(fill !== undefined)
      const [paid, got] =
        side === 'buy' ? (['quote', 'base'] as const) : (['base', 'quote'] as const)
      assert.equal(fill[paid], quote[paid])
      // The smallest input that gives the output may give a little more.
      const surplus = units(fill[got]) - units(quote[got])
      assert.ok(surplus >= 0n && (names === 'its output' || surplus === 0n), `${surplus}`)
      assert.ok(Number(answer.fills[0]?.gas?.amount) > 0)
      await heads.refresh()
    })
  }
}

test('a limit the pool cannot meet is refused with its cause', async (t) => {
  const { trading } = await open(t)
  const answer = await trading.place(order('limit', { limitPrice: '2000' }))
  assert.deepEqual(answer.kind === 'refused' && answer.code, 'swap.slippage')
  const sale = await trading.place(order('limit-2', { side: 'sell', limitPrice: '3000' }))
  assert.deepEqual(sale.kind === 'refused' && sale.code, 'swap.slippage')
})

test('what a pool cannot do is refused, not faked', async (t) => {
  const { trading } = await open(t)
  const codes: (string | false)[] = []
  for (const rest of [
    { timeInForce: 'GTC', limitPrice: '2600' },
    { postOnly: true, limitPrice: '2600' },
    {},
    { symbol: 'GBP-USD', limitPrice: '1.3' },
    { limitPrice: '2600', quantity: { in: 'quote', amount: '1.0000001' } },
    { limitPrice: '-1' },
    { limitPrice: '2600', quantity: { in: 'base', amount: '0' } },
  ] as const) {
    const answer = await trading.place(order(`cannot-${codes.length}`, rest))
    codes.push(answer.kind === 'refused' && answer.code)
  }
  assert.deepEqual(codes, [
    'order.type_unsupported',
    'order.type_unsupported',
    'swap.limit_required',
    'market.unknown',
    'request.malformed',
    'request.malformed',
    'request.malformed',
  ])
})

test('subscribers are told the pool as text, at once and after every change', async (t) => {
  const { venue, trading, heads } = await open(t)
  const updates: MarketUpdate[] = []
  const end = venue.subscribe('ETH-USDC', (update) => updates.push(update))
  await trading.place(order('move', { limitPrice: '2700' }))
  await heads.refresh()
  end()
  await trading.place(order('unheard', { limitPrice: '2700' }))
  await heads.refresh()
  assert.deepEqual(
    updates.map(({ kind }) => kind),
    ['pool', 'book', 'pool', 'book'],
  )
  const [before, after] = updates.filter(({ kind }) => kind === 'pool')
  assert.ok(before?.kind === 'pool' && after?.kind === 'pool')
  assert.deepEqual(JSON.parse(JSON.stringify(after)), after)
  const bought = BigInt(before.reserveBase) - BigInt(after.reserveBase)
  assert.ok(bought >= 10n ** 18n && bought < 10n ** 18n + 10n ** 9n, `${bought}`)
})

test('an order is found by its id after a restart, and cancelling it tells its end', async (t) => {
  const store = createMemoryStore()
  const first = await open(t, store)
  const placed = await first.trading.place(order('mine', { side: 'sell', limitPrice: '2000' }))
  const second = await open(t, store)
  const found = await second.trading.order('mine')
  assert.ok(placed.kind === 'accepted' && found.kind === 'ok')
  assert.deepEqual(found.value, placed.order)
  const cancelled = await second.trading.cancel('mine')
  assert.ok(cancelled.kind === 'done' && cancelled.order.state === 'filled')
  assert.deepEqual(await second.trading.order('nobody'), { kind: 'ok', value: undefined })
  assert.deepEqual(await second.trading.orders('ETH-USDC'), { kind: 'ok', value: [] })
})

test('fills come once each, after the one asked for', async (t) => {
  const { trading } = await open(t)
  await trading.place(order('f1', { limitPrice: '2700' }))
  await trading.place(order('f1', { limitPrice: '2700' }))
  await trading.place(order('f2', { side: 'sell', limitPrice: '2000' }))
  const all = await trading.fills(undefined)
  assert.ok(all.kind === 'ok')
  assert.deepEqual(
    all.value.map(({ clientOrderId }) => clientOrderId),
    ['f1', 'f2'],
  )
  const rest = await trading.fills(all.value[0]?.fillId)
  assert.ok(rest.kind === 'ok')
  assert.deepEqual(
    rest.value.map(({ clientOrderId }) => clientOrderId),
    ['f2'],
  )
})

test('balances change by exactly the fill and by its gas', async (t) => {
  const { trading } = await open(t)
  const read = async () => {
    const answer = await trading.balances()
    assert.ok(answer.kind === 'ok')
    return new Map(answer.value.map(({ asset, available }) => [asset, units(available)]))
  }
  const before = await read()
  const answer = await trading.place(order('balance', { limitPrice: '2700' }))
  assert.ok(answer.kind === 'accepted')
  const after = await read()
  const moved = (asset: string) => (after.get(asset) ?? 0n) - (before.get(asset) ?? 0n)
  assert.equal(moved('ETH'), units(answer.fills[0]?.base ?? ''))
  assert.equal(moved('USDC'), -units(answer.fills[0]?.quote ?? ''))
  assert.equal(moved('native:ETH'), -units(answer.fills[0]?.gas?.amount ?? ''))
  assert.equal(moved('BTC'), 0n)
})

/** All decimals of one asset have the same number of digits, so the point may go. */
function units(decimal: string): bigint {
  return BigInt(decimal.replace('.', ''))
}
