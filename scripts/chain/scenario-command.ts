// npm run chain -- scenario NAME: makes something happen on the local chain that runs.
//
// It finds the chain by chain.json. Amounts are decimals of whole coins; --json prints what
// happened for programs. Answers 0 done, 1 refused with one line, 2 used wrongly.

import { parseArgs } from 'node:util'
import { formatChainAmount } from '#connectors/evm/chain-amount.ts'
import { decimal, given, unitsOf, type Values, whole } from './option-values.ts'
import { onRunningChain } from './running-chain.ts'
import { createScenarios, type Scenarios } from './scenarios/scenarios.ts'
import { poolOf, tokensOf, type World } from './scenarios/world.ts'

type Told = Readonly<Record<string, unknown>>
type Asked = { readonly values: Values; readonly world: World; readonly scenarios: Scenarios }

type Row = {
  readonly does: string
  readonly options: readonly string[]
  readonly example: string
  readonly run: (asked: Asked) => Promise<Told>
}

const TABLE: Readonly<Record<string, Row>> = {
  snapshot: {
    does: 'marks the present state and prints the mark',
    options: [],
    example: 'snapshot',
    run: async ({ scenarios }) => ({ mark: await scenarios.snapshot() }),
  },
  back: {
    does: 'goes back to a mark, once',
    options: ['mark'],
    example: 'back --mark 0x1',
    run: async ({ values, scenarios }) => {
      const mark = given(values, 'mark')
      await scenarios.back(mark)
      return { mark }
    },
  },
  travel: {
    does: 'moves the clock of the chain and mines a block there',
    options: ['seconds'],
    example: 'travel --seconds 86400',
    run: ({ values, scenarios }) => scenarios.travel(whole(values, 'seconds')),
  },
  reorg: {
    does: 'takes the newest blocks back, or all since a mark, and mines others in their place',
    options: ['blocks', 'mark'],
    example: 'reorg --blocks 3',
    run: ({ values, scenarios }) => {
      if (values.mark !== undefined) return scenarios.reorg({ mark: given(values, 'mark') })
      return scenarios.reorg({ blocks: whole(values, 'blocks', '1') })
    },
  },
  'gas-spike': {
    does: 'sets the base fee, for one block or several',
    options: ['gwei', 'blocks'],
    example: 'gas-spike --gwei 500 --blocks 3',
    run: ({ values, scenarios }) => {
      const blocks = whole(values, 'blocks', '1')
      return scenarios.gasSpike({ baseFeeWei: unitsOf(given(values, 'gwei'), 9), blocks })
    },
  },
  depeg: {
    does: 'moves the price of a pool by trades',
    options: ['pool', 'percent', 'trades'],
    example: 'depeg --pool ETH-USDC --percent -20 --trades 4',
    run: ({ values, scenarios }) => {
      const percent = decimal(given(values, 'percent'))
      const trades = whole(values, 'trades', '1')
      return scenarios.depeg({ pool: given(values, 'pool'), percent, trades })
    },
  },
  sandwich: {
    does: 'buys before a swap of so many quote coins and sells after it, in one block',
    options: ['pool', 'amount', 'attack', 'tolerance'],
    example: 'sandwich --pool ETH-USDC:500 --amount 10000 --attack 100000 --tolerance 0.5',
    run: runSandwich,
  },
}

const USAGE = [
  'usage: npm run chain -- scenario NAME [options] [--data FOLDER] [--json]',
  '',
  ...Object.entries(TABLE).flatMap(([name, { does, example }]) => {
    return [`  ${name.padEnd(10)} ${does}`, `  ${' '.repeat(10)} ${example}`]
  }),
  '',
  'A pool is a market of Uniswap V2, ETH-USDC, or one of V3 with its fee, ETH-USDC:500.',
  'example: npm run chain -- scenario depeg --pool ETH-USDC --percent -20',
].join('\n')

export async function main([name = '', ...args]: string[]): Promise<number> {
  if (name === '--help' || args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const row = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined
  const values = row === undefined ? undefined : optionsOf(row, args)
  if (row === undefined || values === undefined) {
    console.error(row === undefined ? `there is no scenario ${name}\n${USAGE}` : USAGE)
    return 2
  }
  const told = await carriedOut(row, values)
  console.log(values.json === true ? JSON.stringify(told) : textOf(told))
  return 0
}

/** Undefined, and one line on stderr, when they are used wrongly. */
function optionsOf({ options }: Row, args: readonly string[]): Values | undefined {
  // A value may begin with a minus, as in --percent -20.
  const joined = args.flatMap((argument, at) => {
    const isValue = /^-\d/.test(argument) && args[at - 1]?.startsWith('--') === true
    if (isValue) return []
    const next = args[at + 1] ?? ''
    return [/^-\d/.test(next) && argument.startsWith('--') ? `${argument}=${next}` : argument]
  })
  const text = { type: 'string' } as const
  try {
    const own = Object.fromEntries(options.map((option) => [option, text]))
    const both = { ...own, data: text, json: { type: 'boolean' } as const }
    return parseArgs({ args: joined, options: both }).values
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

function carriedOut(row: Row, values: Values): Promise<Told> {
  return onRunningChain(values.data, async ({ world }) => {
    return written(await row.run({ values, world, scenarios: createScenarios(world) }))
  })
}

async function runSandwich({ values, world, scenarios }: Asked): Promise<Told> {
  const { deployment } = world
  const name = given(values, 'pool')
  const { tokenIn, tokenOut } = tokensOf(deployment, poolOf(deployment, name), 'quote')
  const { tolerance } = values
  const victim = { amountIn: unitsOf(given(values, 'amount', '10000'), tokenIn.decimals) }
  const asked = tolerance === undefined ? {} : { tolerance: Number(unitsOf(String(tolerance), 4)) }
  const told = await scenarios.sandwich({
    pool: name,
    attack: unitsOf(given(values, 'attack', '100000'), tokenIn.decimals),
    victim: { ...victim, ...asked },
  })
  return {
    ...told,
    victimReceived: coins(told.victimReceived, tokenOut),
    victimQuoted: coins(told.victimQuoted ?? 0n, tokenOut),
    attackerProfit: coins(told.attackerProfit, tokenIn),
  }
}

function coins(amount: bigint, token: { readonly decimals: number; readonly symbol: string }) {
  const sign = amount < 0n ? '-' : ''
  const size = amount < 0n ? -amount : amount
  return `${sign}${formatChainAmount(size, token.decimals)} ${token.symbol}`
}

/** Bigints as text, as everywhere in JSON. */
function written(told: Told): Told {
  return JSON.parse(
    JSON.stringify(told, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  )
}

function textOf(told: Told): string {
  const rows = Object.entries(told).map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return `${name.padEnd(18)} ${text}`
  })
  return rows.join('\n')
}
