// Orders over all pools, on real contracts: the best route is what is swapped, after gas.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderRequest, Side } from '#connectors/venue.ts'
import { createRandom } from '#scripts/campaigns/random.ts'
import { createRandomTrades } from './random-trades.ts'
import { filled, scaled, startRouteWorld } from './route-world.ts'

const world = await startRouteWorld()
const { rpc, keys, deployment } = world
const SINGLE = [
  ['uniswap-v2', ''],
  ['uniswap-v3', '-500'],
  ['uniswap-v3', '-3000'],
] as const
const FAR = { buy: '1000000000', sell: '0.000000001' } as const
const count = { ids: 0 }

function order(symbol: string, side: Side, amount: string, rest: Partial<OrderRequest> = {}) {
  count.ids += 1
  const request: OrderRequest = {
    ...{ clientOrderId: `route-${count.ids}`, sentAt: 0, symbol, side, timeInForce: 'FOK' },
    ...{ quantity: { in: 'base', amount }, limitPrice: FAR[side] },
  }
  return { ...request, ...rest }
}

test('the pairs are those that pools trade, and what only a longer route connects', async (t) => {
  const { venues } = await world.open(t)
  const instruments = await venues.uniswap.instruments()
  assert.deepEqual(
    instruments.map(({ symbol, takerFee }) => [symbol, takerFee]),
    [
      ['BTC-USDC', '0'],
      ['ETH-USDC', '0'],
      ['BTC-ETH', '0'],
    ],
  )
})

test('an order is never worse than on the best single pool, after gas', async (t) => {
  const { venues, heads, account: accountOf } = await world.open(t)
  const { venues: others } = await world.open(t, 2)
  const push = others['uniswap-v3'].trading ?? assert.fail()
  const small = await createRandomTrades({
    ...{ rpc, signer: keys.wallet('bots', 1), deployment, seed: 7, feeMin: 500 },
  })
  const random = createRandom(11)
  const reached = { several: 0, v2: 0, v3: 0 }
  for (let round = 0; round < 14; round++) {
    await small.one()
    await small.oneOfV3()
    const coins = String(1 + random.below(4))
    filled(await push.place(order('BTC-ETH-500', round % 2 === 0 ? 'sell' : 'buy', coins)))
    await heads.refresh()
    const pair = random.pick(['BTC-USDC', 'ETH-USDC'] as const)
    const side = random.pick(['buy', 'sell'] as const)
    const smallest = pair === 'BTC-USDC' ? 0.0004 : 0.01
    const amount = (smallest * 10 ** (random.below(350) / 100)).toFixed(8)
    const quote = await venues.uniswap.quote({
      ...{ symbol: pair, side, quantity: { in: 'base', amount } },
    })
    assert.ok(quote.kind === 'quote' && quote.route !== undefined, JSON.stringify(quote))
    reached.several += quote.route.length > 1 ? 1 : 0
    for (const name of quote.route) reached[/-\d+$/.test(name) ? 'v3' : 'v2'] += 1
    const price = await etherPrice()
    const swapped = async (venue: 'uniswap' | 'uniswap-v2' | 'uniswap-v3', symbol: string) =>
      world.tried(async () => {
        await heads.refresh()
        // An account that remembers what was put back would send it again first.
        const account = accountOf(keys.wallet('bots', 0))
        t.after(account.close)
        const { trading } = account.venues[venue]
        const answer = await (trading ?? assert.fail()).place(order(symbol, side, amount))
        account.close()
        const { quote: came, gas: wei } = filled(answer)
        const gas = (wei * price) / 10n ** 18n
        return { net: side === 'sell' ? came - gas : -(came + gas), gas, quote: came }
      })
    const routed = await swapped('uniswap', pair)
    assert.equal(routed.quote, scaled(quote.quote), 'what was quoted is what was swapped')
    for (const [venue, fee] of SINGLE) {
      const single = await swapped(venue, pair + fee)
      // Gas is estimated when routes are compared: a twentieth, and what an approval differs by.
      assert.ok(routed.net >= single.net - single.gas / 10n, `${round}: ${pair}${fee} was better`)
    }
  }
  assert.ok(reached.several > 0 && reached.v2 > 0 && reached.v3 > 0, JSON.stringify(reached))

  async function etherPrice(): Promise<bigint> {
    const quantity = { in: 'base', amount: '0.01' } as const
    const answer = await venues.uniswap.quote({ symbol: 'ETH-USDC', side: 'sell', quantity })
    return answer.kind === 'quote' ? scaled(answer.quote) * 100n : assert.fail(answer.reason)
  }
})

test('what no pool trades directly is swapped over two', async (t) => {
  const { venues } = await world.open(t)
  const quantity = { in: 'base', amount: '0.5' } as const
  const quote = await venues.uniswap.quote({ symbol: 'BTC-ETH', side: 'sell', quantity })
  assert.ok(quote.kind === 'quote')
  assert.equal(quote.gas?.asset, 'ETH')
  const { trading } = venues.uniswap
  const { base, gas } = filled(
    await (trading ?? assert.fail()).place(order('BTC-ETH', 'sell', '0.5')),
  )
  assert.equal(base, scaled('0.5'))
  const off = Number(gas) / Number(scaled(quote.gas?.amount ?? '0'))
  assert.ok(off > 0.8 && off < 1.2, `the gas was ${off} of what was quoted, approval included`)
})

test('a limit that no route meets is refused before anything is sent', async (t) => {
  const { venues } = await world.open(t)
  const { trading } = venues.uniswap
  for (const [side, limitPrice] of [
    ['buy', '100'],
    ['sell', '9000'],
  ] as const) {
    const quantity = { in: side === 'buy' ? 'quote' : 'base', amount: '2' } as const
    for (const rest of [{ limitPrice }, { limitPrice, quantity }]) {
      const answer = await trading?.place(order('ETH-USDC', side, '1', rest))
      assert.equal(answer?.kind === 'refused' && answer.code, 'swap.slippage')
    }
  }
})
