// The signer's policy: what it reads is what would happen, and each bound holds to the unit.
//
// Whatever is refused is never signed, whichever calldata tries it (fault F47).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Interface, MaxUint256, Transaction, Wallet } from 'ethers'
import fc from 'fast-check'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { approveCall, transferCall } from '#connectors/evm/erc20.ts'
import {
  payoutPolicy,
  stationPolicy,
  sweepPolicy,
} from '#connectors/evm/signer/custody-policies.ts'
import { createPolicy, GAS_LIMIT_MAX, type PolicyRules } from '#connectors/evm/signer/policy.ts'
import { SIGNER_REFUSALS, type UnsignedTransaction } from '#connectors/evm/signer/port.ts'
import { createSigner, type SigningWallet } from '#connectors/evm/signer/signer.ts'
import { botPolicy, USUAL_SIGNING } from '#connectors/evm/signer/signing-settings.ts'
import { arbitrageCall, swapCall } from '#connectors/evm/swap-executor.ts'

const wallet = new Wallet(`0x${'59'.repeat(32)}`)
const address = (digit: string) => `0x${digit.repeat(40)}`
const [USDC, WETH, POOL, EXECUTOR] = ['a1', 'b2', 'c3', 'd4'].map((two) => `0x${two.repeat(20)}`)
const [token, weth, pool, executor] = [USDC ?? '', WETH ?? '', POOL ?? '', EXECUTOR ?? '']
const FRIEND = address('5')
const STRANGER = address('6')
const GWEI = 10n ** 9n

function rules(more: Partial<PolicyRules> = {}): PolicyRules {
  return {
    ...{ chainId: 31_337, tokens: [token, weth], pools: [pool], executor },
    deeds: ['pay', 'transfer', 'approve', 'swap', 'arbitrage'],
    ...{ receivers: [FRIEND], valueMax: 10n, feeCapWei: 100n * GWEI, signaturesPerMinute: 1_000 },
    perTransaction: { [token]: 1_000n },
    ...more,
  }
}

/** A signer that counts what its wallet was asked for. */
function scene(more: Partial<PolicyRules> = {}) {
  let signed = 0
  const counting: SigningWallet = {
    address: wallet.address,
    signTransaction(transaction) {
      signed += 1
      return wallet.signTransaction(transaction)
    },
  }
  const signer = createSigner(counting, createPolicy(rules(more)))
  let nonce = 0
  const ask = async (
    call: { to: string; data: string },
    fields: Partial<UnsignedTransaction> = {},
  ) => {
    const before = signed
    const answer = await signer.sign(transaction(call, { nonce: nonce++, ...fields }))
    assert.equal(signed - before, answer.kind === 'signed' ? 1 : 0)
    return answer.kind === 'signed' ? 'signed' : answer.code
  }
  return { signer, ask }
}

function transaction(
  { to, data }: { to: string; data: string },
  fields: Partial<UnsignedTransaction> = {},
): UnsignedTransaction {
  return {
    ...{ chainId: 31_337, nonce: 0, to, data, value: 0n, gasLimit: 200_000n },
    ...{ maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: GWEI, ...fields },
  }
}

const order = { tokenIn: token, tokenOut: weth, amountIn: 900n, minOut: 1n, deadline: 9 }
const swapOf = (more: Partial<Parameters<typeof swapCall>[1]> = {}) =>
  swapCall(executor, { ...order, pools: [pool], ...more })
const circle = { token, amountIn: 900n, minProfit: 1n, deadline: 9, pools: [pool, pool] }
const bytes = new Interface([
  'function transferFrom(address, address, uint256)',
  'function permit(address, address, uint256, uint256, uint8, bytes32, bytes32)',
  'function increaseAllowance(address, uint256)',
  'function upgradeTo(address)',
  'function transferOwnership(address)',
  'function setOperator(address, bool)',
  'function execTransaction(address, uint256, bytes, uint8)',
  'function multicall(bytes[])',
  'function mint(address, uint256)',
])

test('what is signed is the transaction that was asked for, and every deed can be', async () => {
  const { signer, ask } = scene()
  const call = transferCall(token, FRIEND, 5n)
  const asked = transaction({ ...call, to: call.to })
  const answer = await signer.sign(asked)
  assert.ok(answer.kind === 'signed')
  const { hash, from, to, data, value, nonce, chainId, type, gasLimit } = Transaction.from(
    answer.raw,
  )
  assert.deepEqual([hash, from, type], [answer.hash, wallet.address, 2])
  assert.deepEqual([to?.toLowerCase(), data, value, nonce], [token, asked.data, 0n, 0])
  assert.deepEqual([chainId, gasLimit], [31_337n, 200_000n])
  const deeds = [
    approveCall(token, executor, 1_000n),
    swapOf(),
    arbitrageCall(executor, circle),
    { to: FRIEND, data: '0x' },
  ]
  for (const deed of deeds) assert.equal(await ask(deed), 'signed', deed.data.slice(0, 10))
})

test('every refusal is produced, and by nothing else than what it names', async () => {
  const { ask } = scene()
  const produced = new Map<string, string>([
    ['signer.chain', await ask(swapOf(), { chainId: 1 })],
    ['signer.contract', await ask(transferCall(address('7'), FRIEND, 1n))],
    [
      'signer.selector',
      await ask({ to: token, data: bytes.encodeFunctionData('mint', [FRIEND, 1]) }),
    ],
    ['signer.value', await ask(swapOf(), { value: 1n })],
    ['signer.spender', await ask(approveCall(token, STRANGER, 1n))],
    ['signer.receiver', await ask(transferCall(token, STRANGER, 1n))],
    ['signer.amount', await ask(transferCall(token, FRIEND, 1_001n))],
    ['signer.fees', await ask(swapOf(), { maxFeePerGas: 101n * GWEI })],
  ])
  const seldom = scene({ signaturesPerMinute: 1 })
  await seldom.ask(swapOf())
  produced.set('signer.rate', await seldom.ask(swapOf()))
  produced.set('signer.volume', await scene({ perHour: { [token]: 899n } }).ask(swapOf()))
  for (const code of SIGNER_REFUSALS) assert.equal(produced.get(code), code)
})

test('amounts are bounded to the unit, for every way that they leave', async () => {
  const { ask } = scene()
  const ways = [
    (amount: bigint) => transferCall(token, FRIEND, amount),
    (amount: bigint) => approveCall(token, executor, amount),
    (amountIn: bigint) => swapOf({ amountIn }),
    (amountIn: bigint) => arbitrageCall(executor, { ...circle, amountIn }),
  ]
  for (const way of ways) {
    assert.equal(await ask(way(999n)), 'signed')
    assert.equal(await ask(way(1_000n)), 'signed')
    assert.equal(await ask(way(1_001n)), 'signer.amount')
  }
  assert.equal(await ask(transferCall(weth, FRIEND, MaxUint256)), 'signed', 'a token without a row')
})

test('ether, gas and its price are bounded to the unit', async () => {
  const { ask } = scene()
  const pay = { to: FRIEND, data: '0x' }
  for (const [value, answer] of [
    [9n, 'signed'],
    [10n, 'signed'],
    [11n, 'signer.value'],
  ] as const) {
    assert.equal(await ask(pay, { value }), answer)
  }
  assert.equal(await ask({ ...pay, to: STRANGER }, { value: 1n }), 'signer.receiver')
  for (const step of [-1n, 0n, 1n]) {
    const answer = step > 0n ? 'signer.fees' : 'signed'
    assert.equal(await ask(pay, { gasLimit: GAS_LIMIT_MAX + step }), answer)
    assert.equal(await ask(pay, { maxFeePerGas: 100n * GWEI + step }), answer)
    assert.equal(await ask(pay, { maxPriorityFeePerGas: 10n * GWEI + step }), answer)
  }
})

test('signatures are counted by the minute, refused ones are not', async () => {
  let now = 0
  const { ask } = scene({ signaturesPerMinute: 3, now: () => now })
  const send = () => ask(transferCall(token, FRIEND, 1n))
  assert.deepEqual([await send(), await send(), await send()], ['signed', 'signed', 'signed'])
  assert.equal(await send(), 'signer.rate')
  now = 59_999
  assert.equal(await send(), 'signer.rate')
  now = 60_000
  assert.deepEqual([await send(), await send(), await send()], ['signed', 'signed', 'signed'])
  now = 60_001
  assert.equal(await send(), 'signer.rate')
})

test('what leaves in an hour is bounded to the unit; a replacement leaves once', async () => {
  let now = 0
  const { ask } = scene({ perHour: { [token]: 1_000n }, now: () => now })
  const first = transferCall(token, FRIEND, 600n)
  assert.equal(await ask(first, { nonce: 7 }), 'signed')
  assert.equal(await ask(first, { nonce: 7, maxFeePerGas: 20n * GWEI }), 'signed')
  assert.equal(await ask(swapOf({ amountIn: 401n })), 'signer.volume')
  assert.equal(await ask(approveCall(token, executor, 1_000n)), 'signed', 'nothing leaves by it')
  assert.equal(await ask(swapOf({ amountIn: 400n })), 'signed')
  assert.equal(await ask(transferCall(token, FRIEND, 1n)), 'signer.volume')
  now = 3_599_999
  assert.equal(await ask(transferCall(token, FRIEND, 1n)), 'signer.volume')
  now = 3_600_000
  assert.equal(await ask(transferCall(token, FRIEND, 1_000n)), 'signed')
})

test('a swap goes through listed pools and tokens alone, and names its least output', async () => {
  const { ask } = scene()
  for (const more of [{ pools: [STRANGER] }, { tokenOut: STRANGER }, { tokenIn: STRANGER }]) {
    assert.equal(await ask(swapOf(more)), 'signer.contract')
  }
  const rewritten = swapOf().data.replace('1'.padStart(64, '0'), '0'.repeat(64))
  assert.notEqual(rewritten, swapOf().data)
  assert.equal(await ask({ to: executor, data: rewritten }), 'signer.amount')
})

test('no calldata but that of a deed is ever signed', async () => {
  const { ask } = scene()
  const hostile = bytes.fragments.map((fragment) =>
    'name' in fragment ? String(fragment.name) : '',
  )
  const named = fc.constantFrom(...hostile.map((name) => bytes.getFunction(name)?.selector ?? ''))
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), maxLength: 400 })
  const target = fc.constantFrom(token, weth, executor, pool, STRANGER, wallet.address)
  const trailing = fc.constantFrom(transferCall(token, FRIEND, 1n).data, swapOf().data)
  const data = fc.oneof(
    fc.tuple(named, hex).map(([selector, rest]) => selector + rest),
    fc.tuple(trailing, hex).map(([known, rest]) => `${known}00${rest}`),
    hex.map((digits) => `0x${digits}`),
  )
  await fc.assert(
    fc.asyncProperty(target, data, async (to, payload) => {
      fc.pre(payload !== '0x')
      assert.match(await ask({ to, data: payload }), /^signer\.(contract|selector)$/)
    }),
    { seed: 47, numRuns: 1_000 },
  )
})

test('custody pays tokens, sweeps go to custody, and the station pays ether', async () => {
  const deployment = deploymentOf({})
  const judge = (policy: ReturnType<typeof createPolicy>) => {
    return (call: { to: string; data: string }, value = 0n) =>
      policy.refusal(transaction(call, { value }))?.code ?? 'signed'
  }
  const pays = judge(payoutPolicy(deployment))
  assert.equal(pays(transferCall(token, STRANGER, 10n ** 30n)), 'signed')
  assert.equal(pays(approveCall(token, executor, 1n)), 'signer.selector')
  assert.equal(pays(swapOf()), 'signer.contract')
  assert.equal(pays({ to: STRANGER, data: '0x' }, 1n), 'signer.contract')
  const sweeps = judge(sweepPolicy(deployment, FRIEND))
  assert.equal(sweeps(transferCall(token, FRIEND, 1n)), 'signed')
  assert.equal(sweeps(transferCall(token, STRANGER, 1n)), 'signer.receiver')
  const station = judge(stationPolicy(deployment))
  const ether = 10n ** 18n
  const payment = { to: STRANGER, data: '0x' }
  assert.deepEqual(
    [ether - 1n, ether, ether + 1n].map((value) => station(payment, value)),
    ['signed', 'signed', 'signer.value'],
  )
  assert.equal(station(transferCall(token, FRIEND, 1n)), 'signer.selector')
})

test('a chain file bounds what a bot signs in whole coins, and nonsense in it is named', () => {
  const code = (signing: Deployment['signing'], call: { to: string; data: string }) => {
    const policy = botPolicy(deploymentOf(signing === undefined ? {} : { signing }), 100n * GWEI)
    return policy.refusal(transaction(call))?.code ?? 'signed'
  }
  const bounded = { signaturesPerMinute: 5, perTransaction: { USDC: '1.5' } }
  assert.equal(code(bounded, transferCall(token, STRANGER, 1_500_000n)), 'signed')
  assert.equal(code(bounded, transferCall(token, STRANGER, 1_500_001n)), 'signer.amount')
  const hourly = { signaturesPerMinute: 5, perHour: { USDC: '1.5' } }
  assert.equal(code(hourly, transferCall(token, STRANGER, 1_500_001n)), 'signer.volume')
  assert.equal(code(undefined, swapOf({ amountIn: 10n ** 30n })), 'signed')
  assert.equal(code(undefined, { to: FRIEND, data: '0x' }), 'signer.contract')
  assert.equal(USUAL_SIGNING.signaturesPerMinute, 600)
  for (const wrong of [
    { signaturesPerMinute: 0 },
    { signaturesPerMinute: 60_001 },
    { signaturesPerMinute: 1.5 },
    { signaturesPerMinute: 1, perTransaction: { USDC: '1.0000001' } },
    { signaturesPerMinute: 1, perHour: { DOGE: '1' } },
  ]) {
    assert.throws(() => botPolicy(deploymentOf({ signing: wrong }), 1n), /^Error: signing: /)
  }
  for (const signaturesPerMinute of [1, 60_000]) {
    botPolicy(deploymentOf({ signing: { signaturesPerMinute } }), 1n)
  }
})

function deploymentOf(more: Partial<Deployment>): Deployment {
  const nowhere = { factory: FRIEND, router: FRIEND }
  const pair = { market: 'ETH-USDC', address: pool, base: 'ETH', quote: 'USDC', baseIsToken0: true }
  return {
    ...{ chainId: 31_337, instance: { id: '0x', address: FRIEND }, ...nowhere, executor, block: 1 },
    tokens: {
      USDC: { symbol: 'USDC', address: token, decimals: 6 },
      ETH: { symbol: 'WETH', address: weth, decimals: 18 },
    },
    pairs: { 'ETH-USDC': pair },
    v3: { ...nowhere, positions: FRIEND, quoter: FRIEND, tickLens: FRIEND, pools: {} },
    ...more,
  }
}
