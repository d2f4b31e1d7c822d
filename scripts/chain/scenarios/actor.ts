// Actor: an account that a scenario moves, with whatever tokens the scenario needs.
//
// It has no key: the development chain sends for it. Test tokens are minted in the name of their
// owner, WETH is wrapped from ether that the chain gives. Only chains of our own can do this.

import { Interface } from 'ethers'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { approveCall } from '#connectors/evm/erc20.ts'
import type { Call } from '#connectors/evm/gas.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { read } from '#connectors/evm/provider.ts'
import { fromTopic, quantity, text, toQuantity } from '#connectors/evm/quantity.ts'
import type { Receipt } from '#connectors/evm/receipts.ts'
import { StartError } from '#kernel/start-error.ts'
import { minedReceipt } from '../mined.ts'
import type { World } from './world.ts'

export type Actor = {
  readonly address: string
  /** New tokens of a ledger asset. */
  fund(asset: string, amount: bigint): Promise<void>
  approve(asset: string, spender: string, amount: bigint): Promise<void>
  /** Into the pool of transactions; answers the hash. */
  send(call: Call, tipWei?: bigint): Promise<string>
  /** Sends and sees it mined; a revert throws. */
  does(call: Call): Promise<Receipt>
}

const GAS_LIMIT = 3_000_000n
const TIP_WEI = 1_000_000_000n
const ETHER = 10n ** 18n

const token = new Interface([
  'function owner() view returns (address)',
  'function mint(address to, uint256 amount)',
  'function deposit() payable',
])

/** The account with this address; it gets ether for gas when it has less than 1. */
export async function createActor(world: World, address: string): Promise<Actor> {
  const { rpc, control, deployment } = world
  await control.impersonate(address)
  if ((await nativeOf(world, address)) < ETHER) await control.setBalance(address, 100n * ETHER)

  async function send(call: Call, tipWei = TIP_WEI): Promise<string> {
    const { baseFeePerGas } = await readHead(rpc, 'latest')
    const transaction = {
      from: address,
      to: call.to,
      data: call.data,
      value: toQuantity(call.value ?? 0n),
      gas: toQuantity(GAS_LIMIT),
      maxPriorityFeePerGas: toQuantity(tipWei),
      maxFeePerGas: toQuantity(2n * baseFeePerGas + tipWei),
    }
    return text(await read(rpc, 'eth_sendTransaction', [transaction]))
  }

  async function does(call: Call): Promise<Receipt> {
    const hash = await send(call)
    const receipt = await minedReceipt(rpc, hash)
    if (!receipt.success) throw new StartError(`transaction ${hash} was not carried out`)
    return receipt
  }

  async function fund(asset: string, amount: bigint): Promise<void> {
    const to = tokenOf(deployment, asset).address
    if (asset === 'ETH') {
      await control.setBalance(address, (await nativeOf(world, address)) + amount)
      await does({ to, data: token.encodeFunctionData('deposit'), value: amount })
      return
    }
    const owner = await createActor(world, await ownerOf(world, to))
    await owner.does({ to, data: token.encodeFunctionData('mint', [address, amount]) })
    await control.letGo(owner.address)
  }

  async function approve(asset: string, spender: string, amount: bigint): Promise<void> {
    await does(approveCall(tokenOf(deployment, asset).address, spender, amount))
  }

  return { address, fund, approve, send, does }
}

async function nativeOf({ rpc }: World, address: string): Promise<bigint> {
  return quantity(await read(rpc, 'eth_getBalance', [address, 'latest']))
}

async function ownerOf({ rpc }: World, to: string): Promise<string> {
  const data = token.encodeFunctionData('owner')
  return fromTopic(await read(rpc, 'eth_call', [{ to, data }, 'latest']))
}
