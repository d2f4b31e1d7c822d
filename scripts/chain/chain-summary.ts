// What npm run chain prints once everything stands: addresses, pools, prices and accounts.
//
// The keys of its accounts are printed, because they are known to everybody; no other key ever is.

import { formatChainAmount } from '#connectors/evm/chain-amount.ts'
import { type Deployment, tokenOf } from '#connectors/evm/deployment.ts'
import type { PoolSeed } from './deploy.ts'
import type { LocalChain } from './local-chain.ts'

const PIPS_OF_A_PERCENT = 10_000

export type SummaryOf = {
  readonly chain: Pick<LocalChain, 'url' | 'engine'>
  readonly deployment: Deployment
  readonly file: string
  readonly pools: readonly PoolSeed[]
  readonly accounts: readonly { readonly address: string; readonly privateKey: string }[]
  /** Whether the next start goes on from here. */
  readonly isSaved: boolean
}

export function summary(told: SummaryOf): string {
  const { chain, deployment, file, pools, accounts, isSaved } = told
  const tokens = Object.values(deployment.tokens).map((token) => {
    return row(token.symbol, `${token.address}  ${token.decimals} decimals`)
  })
  const keys = accounts.map(({ address, privateKey }, index) => {
    return row(`#${index}`, `${address}  ${privateKey}`)
  })
  return [
    `Local chain ${deployment.chainId} at ${chain.url}, made by ${chain.engine}`,
    row('executor', deployment.executor),
    ...tokens,
    row('V2', `router ${deployment.router}  factory ${deployment.factory}`),
    ...pools.map((pool) => poolRow(deployment, pool)),
    row('V3', `router ${deployment.v3.router}  factory ${deployment.v3.factory}`),
    row('', `quoter ${deployment.v3.quoter}  positions ${deployment.v3.positions}`),
    ...Object.values(deployment.v3.pools).map(({ market, fee, address }) => {
      return row(market, `${address}  fee ${fee / PIPS_OF_A_PERCENT} %`)
    }),
    '',
    'Accounts (known to everybody: 10,000 ETH each, all but #0 with USDC and WBTC)',
    ...keys,
    '',
    `Addresses and ABIs: ${file}`,
    isSaved
      ? 'Ctrl-C stops the chain; the next start with --engine anvil goes on from here.'
      : 'Ctrl-C stops the chain and forgets everything on it.',
  ].join('\n')
}

function poolRow(deployment: Deployment, pool: PoolSeed): string {
  const [base, quote] = [tokenOf(deployment, pool.base), tokenOf(deployment, pool.quote)]
  const amounts = [
    `${formatChainAmount(pool.baseAmount, base.decimals)} ${base.symbol}`,
    `${formatChainAmount(pool.quoteAmount, quote.decimals)} ${quote.symbol}`,
  ]
  return row(pool.market, `${deployment.pairs[pool.market]?.address}  ${amounts.join(' / ')}`)
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(9)} ${value}`
}
