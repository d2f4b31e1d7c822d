// Signing settings: what a chain's file says an account of a bot may sign, in whole coins.
//
// A file without them bounds how often alone: contracts, calls and receivers of approvals always
// follow from the deployment. What does not make sense is refused by name before anything is
// signed.

import { parseChainAmount } from '../chain-amount.ts'
import type { Deployment } from '../deployment.ts'
import { createPolicy, type Policy } from './policy.ts'

export type SigningSettings = {
  /** By asset: '250000', '0.5'. */
  readonly perTransaction?: Readonly<Record<string, string>>
  readonly perHour?: Readonly<Record<string, string>>
  readonly signaturesPerMinute: number
}

/** Ten a second: each swap has an approval, and a bot acts once a block at most. */
export const USUAL_SIGNING: SigningSettings = { signaturesPerMinute: 600 }

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
