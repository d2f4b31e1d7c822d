// Deed: what a transaction would do, read from its bytes and not from what the asker says of it.
//
// Only calls that encode back to the same bytes are read, so that nothing can hide behind what is
// read. Whatever is not one of these deeds is none.

import { Interface } from 'ethers'
import { readCall } from '../swap-executor.ts'

export type Deed =
  /** Ether for somebody, without a call. */
  | { readonly kind: 'pay'; readonly to: string; readonly amount: bigint }
  | {
      readonly kind: 'transfer' | 'approve'
      readonly token: string
      /** Receiver or spender. */
      readonly to: string
      readonly amount: bigint
    }
  | {
      readonly kind: 'swap' | 'arbitrage'
      /** What it pays with. */
      readonly token: string
      readonly amount: bigint
      /** The least output, or the least profit. */
      readonly least: bigint
      /** Every other contract that it names: tokens and pools. */
      readonly through: readonly string[]
    }

const erc20 = new Interface([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
])

/** What a call of the executor or of a token does; undefined when it is no deed. */
export function readDeed(data: string, token: string | undefined): Deed | undefined {
  try {
    return token === undefined ? readExecutorCall(data) : readTokenCall(token, data)
  } catch {
    return undefined // Calldata that ends too early, or that is none.
  }
}

function readTokenCall(token: string, data: string): Deed | undefined {
  const call = erc20.parseTransaction({ data })
  if (call === null || erc20.encodeFunctionData(call.fragment, call.args) !== data) return undefined
  const [to, amount] = call.args
  const kind = call.name === 'transfer' ? 'transfer' : 'approve'
  return { kind, token, to: String(to).toLowerCase(), amount: BigInt(amount) }
}

function readExecutorCall(data: string): Deed | undefined {
  const call = readCall(data)
  if (call === null) return undefined
  const { amountIn: amount, pools } = call.order
  const lower = (addresses: readonly string[]) => addresses.map((one) => one.toLowerCase())
  if (call.kind === 'arbitrage') {
    const { token, minProfit: least } = call.order
    return { kind: 'arbitrage', token: token.toLowerCase(), amount, least, through: lower(pools) }
  }
  const { tokenIn, tokenOut, minOut: least } = call.order
  const through = lower([tokenOut, ...pools])
  return { kind: 'swap', token: tokenIn.toLowerCase(), amount, least, through }
}
