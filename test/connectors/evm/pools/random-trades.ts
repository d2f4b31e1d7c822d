// Random trades of somebody else from a fixed seed: swaps, and liquidity that comes and goes.
//
// They go through the published routers and the position manager, as most of a chain's traffic
// does.

import { Interface } from 'ethers'
import { type Deployment, type Pair, tokenOf, type V3Pool } from '#connectors/evm/deployment.ts'
import { approveCall } from '#connectors/evm/erc20.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { text, word } from '#connectors/evm/quantity.ts'
import { createSender, type Signer } from '#scripts/chain/sender.ts'

export type RandomTrades = {
  /** One swap on a pair of V2. */
  one(): Promise<void>
  /** One swap on a pool of V3, or a position that is made, shrunk or emptied. */
  oneOfV3(): Promise<void>
  /** After the chain went back: the next nonce is read from it again. */
  rewind(): Promise<void>
}

export type RandomTradesDeps = {
  readonly rpc: Rpc
  readonly signer: Signer
  readonly deployment: Deployment
  readonly seed: number
  /** Of the pools of V3. */
  readonly feeMin?: number
}

type Position = { readonly id: bigint; liquidity: bigint }

const FOREVER = 2n ** 40n
const PLENTY = 2n ** 200n
const ANY = 2n ** 128n - 1n
const router = new Interface([
  'function swapExactTokensForTokens(uint256, uint256, address[], address, uint256)',
])
const v3Router = new Interface([
  `function exactInputSingle((address, address, uint24 fee, address, uint256 deadline,
    uint256 amountIn, uint256 minOut, uint160 limit))`,
])
const positions = new Interface([
  `function mint((address, address, uint24 fee, int24 lower, int24 upper, uint256, uint256,
    uint256, uint256, address, uint256 deadline))`,
  'function decreaseLiquidity((uint256 id, uint128 liquidity, uint256, uint256, uint256 deadline))',
  'function collect((uint256 id, address, uint128, uint128))',
])
const TOTAL_SUPPLY = '0x18160ddd'
const SLOT0 = '0x3850c7bd'

export async function createRandomTrades(deps: RandomTradesDeps): Promise<RandomTrades> {
  const { rpc, signer, deployment } = deps
  const { v3, tokens } = deployment
  const v3Pools = Object.values(v3.pools).filter(({ fee }) => fee >= (deps.feeMin ?? 0))
  const random = generator(deps.seed)
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }
  let made: Position[] = []
  let sender = await createSender(rpc, signer)
  for (const { address } of Object.values(tokens)) {
    for (const spender of [deployment.router, v3.router, v3.positions]) {
      await sender.send(approveCall(address, spender, PLENTY))
    }
  }

  async function send(to: string, data: string): Promise<void> {
    await sender.send({ to, data })
    await sender.settled()
  }

  function randomInput({ base, quote }: Pair) {
    const [from, to] = random() < 0.5 ? [base, quote] : [quote, base]
    const [tokenIn, tokenOut] = [tokenOf(deployment, from), tokenOf(deployment, to)]
    const units = BigInt(Math.ceil(random() * 1_000_000))
    const worth = from === 'USDC' ? 5_000n : 1n
    const amount = (units * worth * 10n ** BigInt(tokenIn.decimals)) / 1_000_000n
    return { tokens: [tokenIn.address, tokenOut.address], amount }
  }

  async function one(): Promise<void> {
    const { tokens: path, amount } = randomInput(pick(Object.values(deployment.pairs)))
    const args = [amount, 0n, path, signer.address, FOREVER]
    await send(deployment.router, router.encodeFunctionData('swapExactTokensForTokens', args))
  }

  async function swapV3(pool: V3Pool): Promise<void> {
    const { tokens: ends, amount } = randomInput(pool)
    const terms = [...ends, pool.fee, signer.address, FOREVER, amount, 0n, 0n]
    await send(v3.router, v3Router.encodeFunctionData('exactInputSingle', [terms]))
  }

  async function mint(pool: V3Pool): Promise<void> {
    const slot0 = text(await read(rpc, 'eth_call', [{ to: pool.address, data: SLOT0 }, 'latest']))
    const tick = Number(BigInt.asIntN(24, word(slot0, 1)))
    const at = Math.floor(tick / pool.tickSpacing) + Math.floor(random() * 20) - 10
    const width = 1 + Math.floor(random() * 300)
    const ends = [at - width, at + width].map((spacings) => spacings * pool.tickSpacing)
    const [base, quote] = [tokenOf(deployment, pool.base), tokenOf(deployment, pool.quote)]
    const ordered = pool.baseIsToken0 ? [base, quote] : [quote, base]
    const amounts = ordered.map(({ symbol, decimals }) => {
      return (symbol === 'USDC' ? 1_000n : 1n) * 10n ** BigInt(decimals)
    })
    const pair = ordered.map(({ address }) => address)
    const terms = [...pair, pool.fee, ...ends, ...amounts, 0n, 0n, signer.address, FOREVER]
    await send(v3.positions, positions.encodeFunctionData('mint', [terms]))
    const call = { to: v3.positions, data: TOTAL_SUPPLY }
    const id = word(text(await read(rpc, 'eth_call', [call, 'latest'])), 0)
    made.push({ id, liquidity: await liquidityOf(id) })
  }

  async function liquidityOf(id: bigint): Promise<bigint> {
    const data = `0x99fbab88${id.toString(16).padStart(64, '0')}`
    return word(text(await read(rpc, 'eth_call', [{ to: v3.positions, data }, 'latest'])), 7)
  }

  /** Half of it, or all, or only its fees: then the pool tells of a burn of nothing. */
  async function shrink(position: Position): Promise<void> {
    const share = pick([0n, 1n, 2n])
    const gone = (position.liquidity * share) / 2n
    position.liquidity -= gone
    if (gone > 0n) {
      const terms = [position.id, gone, 0n, 0n, FOREVER]
      await send(v3.positions, positions.encodeFunctionData('decreaseLiquidity', [terms]))
    }
    const collected = [position.id, signer.address, ANY, ANY]
    await send(v3.positions, positions.encodeFunctionData('collect', [collected]))
  }

  async function oneOfV3(): Promise<void> {
    const pool = pick(v3Pools)
    const chance = random()
    const open = made.filter(({ liquidity }) => liquidity > 0n)
    if (chance < 0.5) await swapV3(pool)
    else if (chance < 0.75 || open.length === 0) await mint(pool)
    else await shrink(pick(open))
  }

  return {
    one,
    oneOfV3,
    async rewind() {
      made = []
      sender = await createSender(rpc, signer)
    },
  }
}

/** A small linear congruential generator: repeatable numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
