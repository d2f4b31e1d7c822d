// The chain of the sending campaign: one anvil that mines when it is told, and what befalls it.
//
// Every run has an account of its own that owned its ether before the first run began, so that no
// reorganisation can take it back.

import { HDNodeWallet, Mnemonic } from 'ethers'
import { readHead } from '#connectors/evm/heads.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { fields, index, quantity } from '#connectors/evm/quantity.ts'
import { type ChainControl, createChainControl } from '#scripts/chain/control.ts'
import { startLocalChain } from '#scripts/chain/local-chain.ts'

export type SendingChain = {
  readonly rpc: Rpc
  readonly control: ChainControl
  wallet(run: number): HDNodeWallet
  mine(): Promise<void>
  /** Takes back up to so many blocks and puts others in their place; answers how many. */
  reorg(depth: number): Promise<number>
  /** The node forgets a transaction that waits; whether it had it. */
  forget(hash: string): Promise<boolean>
  /** A block that nobody can pay for whose fee is not far above the usual. */
  spike(baseFeeWei: bigint): Promise<void>
  paid(address: string): Promise<bigint>
  /** Used nonces, nonces with those that wait in order, and how many wait behind a gap. */
  nonces(account: string): Promise<{ used: number; next: number; behindGap: number }>
  stop(): Promise<void>
}

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const CHAIN_ID = 31_337
const ETHER = 10n ** 18n
const BLOCKS_BEFORE = 20

export async function startSendingChain(runs: number): Promise<SendingChain> {
  const chain = await startLocalChain({ port: 0, chainId: CHAIN_ID, engine: 'anvil' })
  const { rpc } = chain
  const control = createChainControl(rpc, 'anvil')
  const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), "m/44'/60'/0'/0")
  const wallet = (run: number) => root.deriveChild(run)
  await control.setAutomine(false)
  for (let run = 0; run < runs; run++) await control.setBalance(wallet(run).address, ETHER)
  await control.mine(BLOCKS_BEFORE)
  const { number: base } = await readHead(rpc, 'latest')

  async function reorg(depth: number): Promise<number> {
    const { number } = await readHead(rpc, 'latest')
    const real = Math.min(depth, number - base)
    if (real <= 0) return 0
    await control.rollBack(real)
    await control.varyNext()
    await control.mine(real + 1)
    return real
  }

  return {
    ...{ rpc, control, wallet, reorg },
    mine: () => control.mine(1),
    async forget(hash) {
      return (await read(rpc, 'anvil_dropTransaction', [hash])) !== null
    },
    async spike(baseFeeWei) {
      await control.setNextBaseFee(baseFeeWei)
      await control.mine(1)
    },
    async paid(address) {
      return quantity(await read(rpc, 'eth_getBalance', [address, 'latest']))
    },
    async nonces(account) {
      const count = async (tag: string) =>
        index(await read(rpc, 'eth_getTransactionCount', [account, tag]))
      const { queued } = fields(await read(rpc, 'txpool_content', []))
      const own = Object.entries(fields(queued)).find(([from]) => {
        return from.toLowerCase() === account.toLowerCase()
      })
      const behindGap = own === undefined ? 0 : Object.keys(fields(own[1])).length
      return { used: await count('latest'), next: await count('pending'), behindGap }
    },
    stop: chain.stop,
  }
}
