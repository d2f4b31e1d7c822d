// ERC-20: the calls we make on tokens, as data for the nonce queue.
//
// Approvals are exact, never unlimited: a router may take what one swap needs and no more.

import { Interface } from 'ethers'
import type { Call } from './gas.ts'
import { type Rpc, read } from './provider.ts'
import { quantity } from './quantity.ts'

const token = new Interface([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function allowance(address owner, address spender) view returns (uint256)',
])

export function transferCall(address: string, to: string, amount: bigint): Call {
  return { to: address, data: token.encodeFunctionData('transfer', [to, amount]) }
}

export function approveCall(address: string, spender: string, amount: bigint): Call {
  return { to: address, data: token.encodeFunctionData('approve', [spender, amount]) }
}

/** How much `spender` may take of `owner`'s tokens now. */
export async function readAllowance(
  rpc: Rpc,
  at: { readonly token: string; readonly owner: string; readonly spender: string },
): Promise<bigint> {
  const data = token.encodeFunctionData('allowance', [at.owner, at.spender])
  return quantity(await read(rpc, 'eth_call', [{ to: at.token, data }, 'latest']))
}
