// A wallet on the demo's chain for a bot of a customer: gas, coins, and leave to swap.
//
// Coins come the way everybody's do, by a withdrawal. Gas and the executor's list are the demo's to
// give: its deployer lists the wallet, before anything else is sent in its name.

import { setTimeout as sleep } from 'node:timers/promises'
import { Interface } from 'ethers'
import type { Client } from '#client/client.ts'
import { readArtifact } from '#connectors/evm/artifacts.ts'
import { createKeys } from '#connectors/evm/keys.ts'
import { openPoolWorld, type PoolAccount } from '#connectors/evm/pools/world.ts'
import { createRpc } from '#connectors/evm/provider.ts'
import { readChainFile } from '#scripts/chain/chain-file.ts'
import { createChainControl } from '#scripts/chain/control.ts'
import { createSender } from '#scripts/chain/sender.ts'
import { demoMnemonic } from '#scripts/demo/secrets.ts'

export type ChainWallet = { readonly account: PoolAccount; close(): Promise<void> }

const GAS_WEI = 10n * 10n ** 18n
const COINS = [
  { asset: 'USDC', amount: '4000' },
  { asset: 'ETH', amount: '1.5' },
] as const
const PATIENCE_MS = 30_000
const LOOK_MS = 200
/** The demo's own bot has the first. */
const WALLET = 1

/** Answers when the coins have arrived. */
export async function openChainWallet(folder: string, client: Client): Promise<ChainWallet> {
  const { rpcUrl, deployment } = readChainFile(folder)
  const keys = createKeys(demoMnemonic(folder))
  const { address, privateKey } = keys.wallet('bots', WALLET)
  const rpc = createRpc({ url: rpcUrl, chainId: deployment.chainId })
  await createChainControl(rpc, 'hardhat').setBalance(address, GAS_WEI)
  const deployer = await createSender(rpc, keys.wallet('deployer', 0))
  const executor = new Interface([...readArtifact('SwapExecutor').abi])
  const data = executor.encodeFunctionData('setOperator', [address, true])
  await deployer.send({ to: deployment.executor, data })
  await deployer.settled()
  for (const coins of COINS) {
    const asked = await client.withdraw({ ...coins, address })
    if (asked.kind !== 'done') throw new Error(`no coins on the chain: ${JSON.stringify(asked)}`)
  }
  const world = await openPoolWorld({ url: rpcUrl, deployment })
  const account = world.account({ privateKey })
  const close = async () => {
    account.close()
    await world.close()
  }
  const deadline = performance.now() + PATIENCE_MS
  while (!(await hasCoins(account))) {
    if (performance.now() > deadline) throw new Error('the coins do not arrive on the chain')
    await sleep(LOOK_MS)
  }
  return { account, close }
}

async function hasCoins({ venues }: PoolAccount): Promise<boolean> {
  const answer = await venues['uniswap-v2'].trading?.balances()
  const balances = answer?.kind === 'ok' ? answer.value : []
  return COINS.every(({ asset: wanted }) =>
    balances.some(({ asset, available }) => asset === wanted && Number(available) > 0),
  )
}
