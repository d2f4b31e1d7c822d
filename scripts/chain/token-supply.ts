// Token supply: test tokens for somebody, and the approvals of those who hand them on.
//
// Dollars and bitcoins are minted by the deployer, who owns the test tokens; ether is wrapped from
// the deployer's own. An approval is exactly what the next call may take.

import { Interface } from 'ethers'
import type { Token } from '#connectors/evm/deployment.ts'
import { approveCall, transferCall } from '#connectors/evm/erc20.ts'
import { assert } from '#kernel/assert.ts'
import type { Sender } from './sender.ts'

export type Tokens = Readonly<Record<string, Token>>
export type Mint = { readonly asset: string; readonly to: string; readonly amount: bigint }

const token = new Interface([
  'function mint(address to, uint256 amount)',
  'function deposit() payable',
])

/** New tokens for somebody: minted, or wrapped from the deployer's native ETH. */
export async function supply(deployer: Sender, tokens: Tokens, mint: Mint): Promise<void> {
  const to = tokenIn(tokens, mint.asset).address
  if (mint.asset !== 'ETH') {
    await deployer.send({ to, data: token.encodeFunctionData('mint', [mint.to, mint.amount]) })
    return
  }
  await deployer.send({ to, data: token.encodeFunctionData('deposit'), value: mint.amount })
  if (mint.to !== deployer.address) await deployer.send(transferCall(to, mint.to, mint.amount))
}

/** Lets `spender` take exactly `amount` of the owner's tokens. */
export async function approve(owner: Sender, token_: Token, spender: string, amount: bigint) {
  await owner.send(approveCall(token_.address, spender, amount))
}

export function tokenIn(tokens: Tokens, asset: string): Token {
  const known = tokens[asset]
  assert(known !== undefined, `no test token for ${asset}`)
  return known
}
