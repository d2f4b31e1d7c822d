// Policies of custody: what its accounts may sign on a deployment.
//
// Payouts and sweeps are transfers of listed tokens and nothing else: no approval, no order, no
// ether. What is swept goes to custody alone. The station pays the gas of sweeps and owns nothing
// but ether; how much one payment may be is bounded, whatever gas costs.

import type { Deployment } from '../deployment.ts'
import { createPolicy, type Policy } from './policy.ts'

const SIGNATURES_PER_MINUTE = 6_000
const GAS_PAYMENT_MAX_WEI = 10n ** 18n

export function payoutPolicy(deployment: Deployment): Policy {
  return createPolicy({ ...transfersOf(deployment), deeds: ['transfer'] })
}

export function sweepPolicy(deployment: Deployment, custody: string): Policy {
  return createPolicy({ ...transfersOf(deployment), deeds: ['transfer'], receivers: [custody] })
}

export function stationPolicy(deployment: Deployment): Policy {
  const valueMax = GAS_PAYMENT_MAX_WEI
  return createPolicy({ ...transfersOf(deployment), deeds: ['pay'], valueMax })
}

function transfersOf({ chainId, tokens }: Deployment) {
  const addresses = Object.values(tokens).map(({ address }) => address)
  return { chainId, tokens: addresses, pools: [], signaturesPerMinute: SIGNATURES_PER_MINUTE }
}
