// Deposits and withdrawals through the API, with a real chain behind it.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { transferCall } from '#connectors/evm/erc20.ts'
import { createKeys } from '#connectors/evm/keys.ts'
import { asId } from '#kernel/ids.ts'
import { walletRoutes } from '#platform/wallet/routes.ts'
import { createSender } from '#scripts/chain/sender.ts'
import { loadPrices } from '#scripts/demo/prices.ts'
import { openWorld, type World } from '#scripts/demo/world.ts'
import { type Answer, createCustomer, createExchange, signedCall } from '#test/api/exchange.ts'
import { temporaryDatabase, temporaryFolder } from '#test/database/temporary.ts'
import { MNEMONIC } from './small-platform.ts'
import { paidTo } from './small-wallet.ts'

const opened: { world?: World } = {}
after(() => opened.world?.close()) // First of all hooks: it needs all the others end.

const exchange = await createExchange()
const { sequencer, views, clock } = exchange
const keys = createKeys(MNEMONIC)
const dataFolder = temporaryFolder()
const database = await temporaryDatabase(dataFolder)
const world = await openWorld({
  ...{ sequencer, views, clock, keys, dataFolder, pool: database.pool('wallet', 2) },
  ...{ prices: loadPrices(new Map(), {}), chainPort: 0, log: () => {} },
})
opened.world = world

const BOT = keys.address('bots', 0)
const rebalancer = { account: 0 }
const routes = walletRoutes({
  ...{ sequencer, views, clock, wallet: world.wallet },
  ...{ history: exchange.open.accountHistory, access: exchange.open.access },
  registeredAddress: (account) => (account === rebalancer.account ? BOT.toLowerCase() : undefined),
})
const app = exchange.open.serve({ ...exchange.serving, more: [routes] })
await app.ready()
const alice = await createCustomer({ ...exchange, app }, 'alice')
const bob = await createCustomer({ ...exchange, app }, 'bob')
const CUSTODY = keys.address('custody', 0)
const TO = keys.address('swappers', 1)

let number = 0
const body = (changes: object = {}) => {
  number += 1
  return { requestId: `w-${number}`, asset: 'USDC', amount: '5', address: TO, ...changes }
}
const withdraw = (changes: object = {}) => alice.post('/v1/withdrawals', body(changes))
const short = ({ status, body: { code } }: Answer) => [status, code]

async function keyOf(customer: typeof alice, scopes: readonly string[]) {
  const { body: made } = await customer.post('/v1/auth/keys', { name: scopes.join(), scopes })
  const key = { id: made.id, secret: made.secret }
  return (changes: object = {}) =>
    signedCall(app, key, { method: 'POST', url: '/v1/withdrawals', body: body(changes) })
}

async function statusOf(id: number): Promise<unknown> {
  const { text } = await alice.get(`/v1/withdrawals/${id}`)
  return JSON.parse(text).withdrawal?.status
}

const balances = async () => (await alice.get('/v1/balances')).body.items

async function settled(id: number): Promise<void> {
  for (let look = 0; (await statusOf(id)) !== 'settled'; look += 1) {
    assert.ok(look < 500, 'the withdrawal is not settled')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a withdrawal goes from pending over sent to settled and is paid once', async () => {
  const before = await paidTo(world.chain, CUSTODY, TO)
  const statuses: unknown[] = []
  sequencer.follow(() => {
    const status = views.withdrawalsOf(asId(alice.account))[0]?.status
    if (status !== undefined && statuses.at(-1) !== status) statuses.push(status)
  })
  const answer = await withdraw({ amount: '5.25' })
  assert.equal(answer.status, 201, answer.text)
  const { withdrawal } = JSON.parse(answer.text)
  assert.deepEqual([withdrawal.status, withdrawal.fee], ['pending', '0.500000'])
  await settled(withdrawal.id)
  assert.deepEqual(statuses, ['pending', 'sent', 'settled'])
  assert.deepEqual((await paidTo(world.chain, CUSTODY, TO)).slice(before.length), [5_250_000n])
})

test('the same request repeated gives the same bytes and is paid once', async () => {
  const before = await paidTo(world.chain, CUSTODY, TO)
  const request = body({ amount: '7', sentAt: clock() })
  const first = await alice.post('/v1/withdrawals', request)
  const [again, other] = await Promise.all([
    alice.post('/v1/withdrawals', request),
    alice.post('/v1/withdrawals', { ...request, amount: '8' }),
  ])
  await settled(first.body.withdrawal.id)
  const late = await alice.post('/v1/withdrawals', request)
  assert.deepEqual([again.text, late.text], [first.text, first.text])
  assert.deepEqual(short(other), [409, 'idempotency.mismatch'])
  await world.settled()
  assert.deepEqual((await paidTo(world.chain, CUSTODY, TO)).slice(before.length), [7_000_000n])
})

test('addresses mistyped, of nobody, of custody and of contracts are refused', async () => {
  const { tokens, router, pairs } = world.chain.deployment
  const flipped = TO.replace(/[a-f]/, (letter) => letter.toUpperCase())
  const wrong = [
    ...[flipped, TO.slice(0, -1), TO.slice(2), `0x${'0'.repeat(40)}`, CUSTODY, router, ''],
    ...[tokens['USDC']?.address, pairs['BTC-USDC']?.address],
  ]
  for (const address of wrong) {
    const answer = await withdraw({ address })
    assert.deepEqual(short(answer), [422, 'withdrawal.address_invalid'], String(address))
  }
  assert.equal((await withdraw({ address: TO.toLowerCase() })).status, 201)
})

test('the minimum of each asset can be withdrawn and one unit less is refused', async () => {
  const edges = [
    ...[{ asset: 'USDC', minimum: '1', below: '0.999999' }],
    ...[{ asset: 'BTC', minimum: '0.0001', below: '0.00009999' }],
    ...[{ asset: 'ETH', minimum: '0.001', below: '0.00099999' }],
  ]
  for (const { asset, minimum, below } of edges) {
    assert.equal((await withdraw({ asset, amount: minimum })).status, 201)
    const refused = await withdraw({ asset, amount: below })
    assert.deepEqual(short(refused), [422, 'withdrawal.below_minimum'])
  }
})

test('what the ledger does not have or know is refused and holds nothing', async () => {
  await world.settled()
  const wishes = [
    [{ asset: 'USD' }, [422, 'asset.unknown']],
    [{ asset: 'DOGE' }, [422, 'asset.unknown']],
    [{ amount: '1000000' }, [422, 'funds.insufficient']],
    [{ amount: '5.0000001' }, [400, 'request.malformed']],
    [{ amount: '-5' }, [400, 'request.malformed']],
    [{ account: bob.account }, [404, 'not_found']],
  ] as const
  const before = await balances()
  for (const [wish, refusal] of wishes) assert.deepEqual(short(await withdraw(wish)), refusal)
  assert.deepEqual(await balances(), before)
  const mine = await withdraw()
  assert.equal((await bob.get(`/v1/withdrawals/${mine.body.withdrawal.id}`)).status, 404)
})

test('keys to read and trade withdraw nothing, and scope withdraw anywhere', async () => {
  for (const scopes of [['read'], ['read', 'trade']]) {
    const ask = await keyOf(alice, scopes)
    assert.deepEqual(short(await ask()), [403, 'auth.forbidden'])
  }
  const ask = await keyOf(alice, ['read', 'withdraw'])
  assert.equal((await ask()).status, 201)
})

test('a key to rebalance reaches the registered address of its own account alone', async () => {
  const ask = await keyOf(alice, ['read', 'rebalance'])
  assert.deepEqual(short(await ask({ address: BOT })), [403, 'auth.forbidden'])
  rebalancer.account = alice.account
  assert.deepEqual(short(await ask()), [403, 'auth.forbidden'])
  assert.equal((await ask({ address: BOT })).status, 201)
  rebalancer.account = bob.account
  assert.deepEqual(short(await ask({ address: BOT })), [403, 'auth.forbidden'])
})

test('an address to deposit is given once, and what reaches it is listed', async () => {
  const ask = (asset: string) => alice.post('/v1/deposit-addresses', { asset })
  const given = await ask('USDC')
  assert.equal(given.status, 201)
  assert.equal((await ask('USDC')).text, given.text)
  assert.deepEqual(short(await ask('GBP')), [422, 'asset.unknown'])
  const { address } = JSON.parse(given.text).depositAddress
  const sender = await createSender(world.chain.rpc, keys.wallet('bots', 0))
  const { address: token } = tokenOf(world.chain.deployment, 'USDC')
  await sender.send(transferCall(token, address, 11_000_001n))
  await world.settled()
  await exchange.caughtUp()
  const { items } = JSON.parse((await alice.get('/v1/deposits')).text)
  assert.deepEqual([items.length, items[0]?.amount], [1, '11.000001'])
  assert.equal((await bob.get('/v1/deposits')).body.items.length, 0)
  assert.equal(exchange.bugs.length, 0)
})
