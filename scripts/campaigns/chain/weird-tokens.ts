// Weird tokens: our swapper against pairs of tokens that do what tokens have done to others.
//
// Each mock of contracts/mocks/weird has a pair with dollars; a bot's swapper trades it both ways,
// and between quote and swap the token does its worst. Counted are balances, never what anybody
// says: a swap got at least its least output for at most its input, or nothing has moved.

import { readFileSync } from 'node:fs'
import { getCreateAddress, Interface, type JsonFragment } from 'ethers'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { approveCall } from '#connectors/evm/erc20.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { createNonceQueue } from '#connectors/evm/nonce-queue.ts'
import { createSwapper, type Swapper } from '#connectors/evm/pools/swap.ts'
import { read } from '#connectors/evm/provider.ts'
import { fromTopic } from '#connectors/evm/quantity.ts'
import { createSigner } from '#connectors/evm/signer/signer.ts'
import { botPolicy } from '#connectors/evm/signer/signing-settings.ts'
import { createMemoryStore } from '#connectors/evm/transaction-store.ts'
import { getAmountOut } from '#connectors/evm/uniswap-v2/maths.ts'
import { readReserves } from '#connectors/evm/uniswap-v2/pool-state.ts'
import { balanceOf } from '#scripts/chain/scenarios/world.ts'
import { createSender, type Sender } from '#scripts/chain/sender.ts'
import { createRandom, type Random } from '../random.ts'
import type { PartTally } from './part-tally.ts'
import { type SwapWorld, startSwapWorld } from './swap-world.ts'

export type WeirdOptions = {
  /** Swaps of all tokens together. */
  readonly cases: number
  readonly seed: number
  readonly onWrong?: (line: string) => void
}

type Weird = {
  readonly name: string
  readonly token: string
  readonly pair: string
  /** What it may do between a quote and its swap, and how that is undone. */
  mischief(random: Random): Promise<() => Promise<unknown>>
}

const NAMES = [
  ...['ApproveRace', 'Blocklisted', 'Decimals', 'DoubleEntry', 'FeeOnTransfer', 'FlashMintable'],
  ...['Hooked', 'NoReturn', 'NoZeroTransfer', 'Only96Bits', 'PausableToken', 'Rebasing'],
  ...['ReturnsFalse', 'Upgradable'],
]
const FEE = { numerator: 997n, denominator: 1_000n }
const POOLED = 10n ** 15n
const DOLLARS = 10n ** 12n
const FOREVER = 2n ** 40n
const PARTS = 10_000n
const ONE = 10n ** 18n
const CAP_WEI = 500n * 10n ** 9n
const uniswap = new Interface([
  `function addLiquidity(address, address, uint256, uint256, uint256, uint256, address, uint256)`,
  'function getPair(address, address) view returns (address)',
  'function setToken(address, bool)',
  'function listPair(address, address, address, uint24)',
])
const powers = new Interface([
  'function mint(address, uint256)',
  'function setPaused(bool)',
  'function setBlocked(address, bool)',
  'function rebase(uint256)',
  'function upgrade()',
])

export async function campaignWeirdTokens(options: WeirdOptions): Promise<PartTally> {
  const { cases, seed, onWrong = () => {} } = options
  const random = createRandom(seed)
  const swaps = await startSwapWorld()
  const reached: Record<string, number> = {}
  let violations = 0
  try {
    const sender = await createSender(swaps.world.rpc, swaps.deployer)
    const all: Weird[] = []
    for (const name of NAMES) all.push(await placeWeird(swaps, sender, name))
    const swapper = swapperOf(swaps, all)
    for (let one = 0; one < cases; one++) {
      const weird = all[one % all.length]
      if (weird === undefined) break
      const { what, wrong } = await trade({ ...swaps, swapper, weird, id: `swap-${one}` }, random)
      reached[what] = (reached[what] ?? 0) + 1
      violations += wrong.length
      for (const line of wrong) onWrong(`${weird.name}, swap ${one}: ${line}`)
    }
    return { cases, violations, reached: { ...reached, tokens: all.length } }
  } finally {
    await swaps.chain.stop()
  }
}

/** The token, its pair with liquidity, both listed at the executor, and plenty for the bot. */
async function placeWeird({ world, bot }: SwapWorld, sender: Sender, name: string): Promise<Weird> {
  const { rpc, deployment } = world
  const { factory, router, executor } = deployment
  const dollars = dollarsOf(deployment)
  const nonce = await sender.send({ data: creationOf(name) })
  const token = getCreateAddress({ from: sender.address, nonce })
  const does = (to: string, call: string, ...args: unknown[]) => {
    const abi = uniswap.hasFunction(call) ? uniswap : powers
    return sender.send({ to, data: abi.encodeFunctionData(call, args) })
  }
  for (const to of [sender.address, bot.address]) await does(token, 'mint', to, 10n * POOLED)
  await does(dollars, 'mint', sender.address, DOLLARS)
  await sender.send(approveCall(token, router, POOLED))
  await sender.send(approveCall(dollars, router, DOLLARS))
  const amounts = [POOLED, DOLLARS, 0n, 0n]
  await does(router, 'addLiquidity', token, dollars, ...amounts, sender.address, FOREVER)
  await does(executor, 'setToken', token, true)
  await does(executor, 'listPair', factory, token, dollars, 3_000)
  await sender.settled()
  const data = uniswap.encodeFunctionData('getPair', [token, dollars])
  const pair = fromTopic(await read(rpc, 'eth_call', [{ to: factory, data }, 'latest']))
  const done = async (call: string, ...args: unknown[]) => {
    await does(token, call, ...args)
    await sender.settled()
  }
  const mischief = async (random: Random): Promise<() => Promise<unknown>> => {
    const undone = async () => {}
    if (random.below(2) === 0) return undone
    if (name === 'PausableToken') {
      await done('setPaused', true)
      return () => done('setPaused', false)
    }
    if (name === 'Blocklisted') {
      const account = random.pick([bot.address, pair, executor])
      await done('setBlocked', account, true)
      return () => done('setBlocked', account, false)
    }
    // Up and down by a tenth in turn, so that it never runs out.
    if (name === 'Rebasing')
      await done('rebase', random.pick([(ONE * 11n) / 10n, (ONE * 10n) / 11n]))
    if (name === 'Upgradable' && random.below(8) === 0) await done('upgrade')
    return undone
  }
  return { name, token, pair, mischief }
}

function creationOf(name: string): string {
  const path = `../../../artifacts/contracts/mocks/weird/${name}.sol/${name}.json`
  const artifact: { readonly abi: readonly JsonFragment[]; readonly bytecode: string } = JSON.parse(
    readFileSync(new URL(path, import.meta.url), 'utf8'),
  )
  const args = name === 'Decimals' ? [77] : []
  return artifact.bytecode + new Interface(artifact.abi).encodeDeploy(args).slice(2)
}

function dollarsOf({ tokens }: Deployment): string {
  return tokens.USDC?.address ?? ''
}

/** Of the bot, with a signer that knows the weird tokens as if a chain's file listed them. */
function swapperOf({ world, bot }: SwapWorld, all: readonly Weird[]): Swapper {
  const { rpc, deployment } = world
  const tokens = Object.fromEntries(
    all.map(({ name, token }) => [name, { symbol: name, address: token, decimals: 18 }]),
  )
  const pairs = Object.fromEntries(
    all.map(({ name, pair: address }) => {
      return [name, { market: name, address, base: name, quote: 'USDC', baseIsToken0: true }]
    }),
  )
  const listed = {
    ...deployment,
    tokens: { ...deployment.tokens, ...tokens },
    pairs: { ...deployment.pairs, ...pairs },
  }
  const signer = createSigner(bot, botPolicy(listed, CAP_WEI))
  const queue = createNonceQueue({ rpc, store: createMemoryStore(), signer, pollMs: 5 })
  return createSwapper({ rpc, queue, executor: deployment.executor })
}

type Trade = SwapWorld & {
  readonly swapper: Swapper
  readonly weird: Weird
  readonly id: string
}

async function trade({ world, bot, swapper, weird, id }: Trade, random: Random) {
  const { rpc, deployment } = world
  const dollars = dollarsOf(deployment)
  const isBuy = random.below(2) === 0
  const [tokenIn, tokenOut] = isBuy ? [dollars, weird.token] : [weird.token, dollars]
  const reserves = await readReserves(rpc, weird.pair, await readHead(rpc, 'latest'))
  const isToken0 = BigInt(tokenIn) < BigInt(tokenOut)
  const [reserveIn, reserveOut] = isToken0 ? reserves : [reserves[1], reserves[0]]
  const amountIn = (reserveIn * BigInt(1 + random.below(200))) / PARTS
  const quoted = getAmountOut(amountIn, { in: reserveIn, out: reserveOut }, FEE) ?? 1n
  const minOut = (quoted * (PARTS - BigInt(1 + random.below(300)))) / PARTS
  const undo = await weird.mischief(random)
  const held = (token: string, of: string) => balanceOf(rpc, token, of)
  const [ownedIn, ownedOut] = [await held(tokenIn, bot.address), await held(tokenOut, bot.address)]
  const outcome = await swapper.swap({
    ...{ id, tokenIn, tokenOut, pools: [weird.pair], amountIn, minOut, deadlineSeconds: 60 },
  })
  const spent = ownedIn - (await held(tokenIn, bot.address))
  const received = (await held(tokenOut, bot.address)) - ownedOut
  const wrong: string[] = []
  const isSwapped = outcome.kind === 'swapped'
  const [most, least] = isSwapped ? [amountIn, minOut] : [0n, 0n]
  if (spent > most || received < least)
    wrong.push(`paid ${spent} of ${most}, got ${received} of ${least}`)
  if (outcome.kind === 'unknown') wrong.push('its outcome is unknown')
  for (const token of [tokenIn, tokenOut]) {
    const left = await held(token, deployment.executor)
    if (left !== 0n) wrong.push(`${left} stayed in the executor`)
  }
  await undo()
  return {
    what: isSwapped ? 'swapped' : `${outcome.kind}: ${'code' in outcome ? outcome.code : ''}`,
    wrong,
  }
}
