// Bot policy: what an account of a bot may sign on a deployment.
//
// Contracts, pools and the one spender follow from the deployment itself, bounds from its file.
// What makes no sense there is refused by name before anything is signed.

import { parseChainAmount } from '../chain-amount.ts'
import type { Deployment } from '../deployment.ts'
import { createPolicy, type Policy } from './policy.ts'
import { USUAL_SIGNING } from './signing-settings.ts'

const SIGNATURES_MAX = 60_000

/** What a bot's account may sign on this deployment; throws an Error that says what is wrong. */
export function botPolicy(deployment: Deployment, feeCapWei: bigint): Policy {
  const { signing = USUAL_SIGNING, tokens, pairs, v3, executor, chainId } = deployment
  const { signaturesPerMinute, perTransaction, perHour } = signing
  const isRate = Number.isSafeInteger(signaturesPerMinute) && signaturesPerMinute > 0
  if (!isRate || signaturesPerMinute > SIGNATURES_MAX) {
    throw new Error(`signing: signaturesPerMinute is not from 1 to ${SIGNATURES_MAX}`)
  }
  const addresses = (table: Readonly<Record<string, { readonly address: string }>>) =>
    Object.values(table).map(({ address }) => address)
  return createPolicy({
    ...{ chainId, executor, feeCapWei, signaturesPerMinute },
    deeds: ['approve', 'transfer', 'swap', 'arbitrage'],
    tokens: addresses(tokens),
    pools: [...addresses(pairs), ...addresses(v3.pools)],
    perTransaction: bounds(deployment, 'perTransaction', perTransaction),
    perHour: bounds(deployment, 'perHour', perHour),
  })
}

function bounds(
  { tokens }: Deployment,
  name: string,
  table: Readonly<Record<string, string>> = {},
): Record<string, bigint> {
  const rows = Object.entries(table).map(([asset, coins]) => {
    const token = tokens[asset]
    const amount = token === undefined ? undefined : parseChainAmount(coins, token.decimals)
    if (token === undefined || amount === undefined) {
      throw new Error(`signing: ${name} of ${asset} is no amount of a token of this chain`)
    }
    return [token.address, amount] as const
  })
  return Object.fromEntries(rows)
}
