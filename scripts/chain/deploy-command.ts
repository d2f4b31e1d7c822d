// npm run chain -- deploy: one more token or pool on the chain that runs; list: what stands there.
//
// chain.json names the new thing as soon as it stands, and the executor lists it. Answers 0 done,
// 1 refused with one line, 2 used wrongly.

import { tokenOf } from '#connectors/evm/deployment.ts'
import { StartError } from '#kernel/start-error.ts'
import { addPair, addToken, addV3Pool } from './additions.ts'
import { writeChainFile } from './chain-file.ts'
import { given, optionsOf, unitsOf, type Values, whole } from './option-values.ts'
import { onRunningChain } from './running-chain.ts'
import { createScenarios } from './scenarios/scenarios.ts'
import { poolNames, poolOf, type World } from './scenarios/world.ts'
import { TICK_SPACINGS, type V3Fee } from './uniswap-v3.ts'

const USAGE = `usage: npm run chain -- deploy token ASSET [--decimals N] [--name TEXT]
       npm run chain -- deploy pool BASE-QUOTE --base-amount N --quote-amount N [--fee FEE]
       npm run chain -- list
       each with [--data FOLDER] [--json]

A pool is one of Uniswap V2, or of V3 with a fee: 100, 500, 3000 or 10000 millionths. It opens at
the price that its amounts say, with new tokens.

example: npm run chain -- deploy token EURC --decimals 6
example: npm run chain -- deploy pool EURC-USDC --fee 500 --base-amount 50000 --quote-amount 54000`

const TEXT = { type: 'string' } as const
const OPTIONS = {
  ...{ decimals: TEXT, name: TEXT, fee: TEXT, 'base-amount': TEXT, 'quote-amount': TEXT },
  ...{ data: TEXT, json: { type: 'boolean' } as const, help: { type: 'boolean' } as const },
}

type Thing = { readonly name: string; readonly address: string; readonly [more: string]: unknown }

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = optionsOf(args, OPTIONS)
  if (values.help === true) {
    console.log(USAGE)
    return 0
  }
  const [verb, kind, name, ...rest] = positionals
  const isList = verb === 'list' && kind === undefined
  const isDeploy = verb === 'deploy' && (kind === 'token' || kind === 'pool')
  if (rest.length > 0 || !(isList || (isDeploy && name !== undefined))) {
    console.error(USAGE)
    return 2
  }
  const things = await onRunningChain(values.data, async ({ folder, rpcUrl, world }) => {
    if (name === undefined) return await listed(world)
    const add = kind === 'token' ? newToken : newPool
    const { name: added, deployment } = await add(world, name, values)
    writeChainFile(folder, { rpcUrl, deployment })
    return (await listed({ ...world, deployment })).filter((thing) => thing.name === added)
  })
  for (const thing of things) {
    const told = Object.values(thing).map((value) => String(value).padEnd(14))
    console.log(values.json === true ? JSON.stringify(thing) : told.join(' ').trimEnd())
  }
  return 0
}

async function newToken(world: World, asset: string, values: Values) {
  const decimals = values.decimals === '0' ? 0 : whole(values, 'decimals', '18')
  const name = given(values, 'name', `${asset} (test)`)
  return { name: asset, deployment: await addToken(world, { asset, name, decimals }) }
}

async function newPool(world: World, market: string, values: Values) {
  const [base = '', quote = '', ...rest] = market.split('-')
  if (quote === '' || rest.length > 0) throw new StartError(`'${market}' is no BASE-QUOTE`)
  const amounts = {
    baseAmount: amountOf(world, base, given(values, 'base-amount')),
    quoteAmount: amountOf(world, quote, given(values, 'quote-amount')),
  }
  const seed = { market, base, quote, ...amounts }
  if (values.fee === undefined) return { name: market, deployment: await addPair(world, seed) }
  const fee = whole(values, 'fee')
  if (!isFee(fee)) throw new StartError(`--fee is one of ${Object.keys(TICK_SPACINGS).join(', ')}`)
  return { name: `${market}:${fee}`, deployment: await addV3Pool(world, { ...seed, fee }) }
}

function amountOf({ deployment }: World, asset: string, value: string): bigint {
  if (deployment.tokens[asset] === undefined) {
    throw new StartError(`there is no token ${asset}; deploy it first`)
  }
  return unitsOf(value, tokenOf(deployment, asset).decimals)
}

function isFee(fee: number): fee is V3Fee {
  return Object.hasOwn(TICK_SPACINGS, fee)
}

async function listed(world: World): Promise<Thing[]> {
  const { deployment } = world
  const tokens = Object.entries(deployment.tokens).map(([name, token]) => ({
    ...{ name, address: token.address, symbol: token.symbol, decimals: token.decimals },
  }))
  const pools = poolNames(deployment).map(async (name) => {
    const price = await createScenarios(world).price(name)
    return { name, address: poolOf(deployment, name).address, price }
  })
  return [...tokens, ...(await Promise.all(pools))]
}
