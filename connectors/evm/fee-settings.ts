// Fee settings: what a chain's file says of gas, in the units that people think in.
//
// A file without them gets the usual ones. What does not make sense is refused by name before
// anything is sent; a cap is never bent.

import { parseChainAmount } from './chain-amount.ts'
import type { FeePolicy } from './gas.ts'

export type FeeSettings = {
  /** What the miner gets per unit of gas: '1', '0.05'. */
  readonly tipGwei: string
  /** The most that a unit of gas may ever cost, the tip included. */
  readonly capGwei: string
  /** When what is not mined is sent again for an eighth more. */
  readonly replaceAfterSeconds: number
}

/** Three slots of mainnet; no swap of ours is worth more than 500 gwei a unit of gas. */
export const USUAL_FEES: FeeSettings = { tipGwei: '1', capGwei: '500', replaceAfterSeconds: 36 }

const GWEI_DECIMALS = 9
const SECONDS_MAX = 86_400

export type ReadFees = { readonly fees: Required<FeePolicy>; readonly replaceAfterMs: number }

/** Throws an Error that says what does not fit. */
export function readFees(settings: FeeSettings = USUAL_FEES): ReadFees {
  const { replaceAfterSeconds: seconds } = settings
  const tipWei = weiOf('tipGwei', settings.tipGwei)
  const capWei = weiOf('capGwei', settings.capGwei)
  if (capWei < tipWei) throw new Error('fees: capGwei is below tipGwei')
  if (!(seconds >= 1 && seconds <= SECONDS_MAX)) {
    throw new Error(`fees: replaceAfterSeconds is not from 1 to ${SECONDS_MAX}`)
  }
  return { fees: { tipWei, capWei }, replaceAfterMs: seconds * 1_000 }
}

function weiOf(name: string, gwei: string): bigint {
  const wei = parseChainAmount(gwei, GWEI_DECIMALS)
  if (wei === undefined || wei === 0n) throw new Error(`fees: ${name} is no amount of gwei`)
  return wei
}
