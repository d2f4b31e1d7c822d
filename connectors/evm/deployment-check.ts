// Deployment check: what a file says of tokens and pools, compared with the chain itself.
//
// A wrong number of decimals trades a million times too much, a pool under another's name trades
// something else. So both are read before anything starts, and the first thing that does not fit is
// said with its name in the file, what the file says and what the chain does.

import { StartError } from '#kernel/start-error.ts'
import { type Deployment, type Pair, tokenOf, type V3Pool } from './deployment.ts'
import { ChainUnavailable, type Rpc, read } from './provider.ts'
import { index, text } from './quantity.ts'

/** Of functions without arguments. */
const SELECTORS = {
  decimals: '0x313ce567',
  token0: '0x0dfe1681',
  token1: '0xd21220a7',
  fee: '0xddca3f43',
  tickSpacing: '0xd0c93a7c',
} as const

type Claim = {
  /** As in the file: 'tokens.USDC'. */
  readonly name: string
  readonly address: string
  readonly what: keyof typeof SELECTORS
  readonly said: number | string
}

/** Throws a StartError for the first difference, ChainUnavailable when nobody answers. */
export async function checkDeployment(rpc: Rpc, deployment: Deployment): Promise<void> {
  const { chainId } = deployment
  const asked = index(await read(rpc, 'eth_chainId', []))
  if (asked !== chainId) {
    throw new StartError(`chainId: the file says ${chainId}, the chain ${asked}`)
  }
  const claims = claimsOf(deployment)
  const found = await Promise.all(claims.map((claim) => ask(rpc, claim)))
  for (const [at, claim] of claims.entries()) compare(claim, found[at])
}

function claimsOf(deployment: Deployment): Claim[] {
  const { tokens, pairs, v3 } = deployment
  return [
    ...Object.entries(tokens).map(([asset, { address, decimals }]): Claim => {
      return { name: `tokens.${asset}`, address, what: 'decimals', said: decimals }
    }),
    ...Object.entries(pairs).flatMap(([name, pair]) => sides(deployment, `pairs.${name}`, pair)),
    ...Object.entries(v3.pools).flatMap(([key, pool]) => poolClaims(deployment, key, pool)),
  ]
}

function poolClaims(deployment: Deployment, key: string, pool: V3Pool): Claim[] {
  const name = `v3.pools.${key}`
  const { address, fee, tickSpacing } = pool
  return [
    ...sides(deployment, name, pool),
    { name, address, what: 'fee', said: fee },
    { name, address, what: 'tickSpacing', said: tickSpacing },
  ]
}

function sides(deployment: Deployment, name: string, pair: Pair): Claim[] {
  const { address, base, quote, baseIsToken0 } = pair
  const [token0, token1] = (baseIsToken0 ? [base, quote] : [quote, base]).map(
    (asset) => tokenOf(deployment, asset).address,
  )
  return [
    { name, address, what: 'token0', said: token0 ?? '' },
    { name, address, what: 'token1', said: token1 ?? '' },
  ]
}

/** The word that the contract answers; undefined when there is no such contract. */
async function ask(rpc: Rpc, { address, what }: Claim): Promise<string | undefined> {
  const answer = await rpc.ask('eth_call', [{ to: address, data: SELECTORS[what] }, 'latest'])
  if (answer.kind === 'unknown') throw new ChainUnavailable(answer.reason)
  const word = answer.kind === 'ok' ? text(answer.result) : '0x'
  return /^0x[0-9a-f]{64}$/.test(word) ? word : undefined
}

function compare({ name, address, what, said }: Claim, word: string | undefined): void {
  if (word === undefined) throw new StartError(`${name}: ${address} has no ${what}`)
  const isNumber = typeof said === 'number'
  const found = isNumber ? Number(BigInt(word)) : `0x${word.slice(-40)}`
  const isSame = isNumber ? found === said : found === said.toLowerCase()
  if (isSame) return
  throw new StartError(`${name}: the file says ${what} ${said}, the chain ${found}`)
}
