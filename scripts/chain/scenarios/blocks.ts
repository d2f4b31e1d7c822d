// Scenarios of blocks: a reorganisation, a jump in time, a spike of the base fee.
//
// None of them touches a pool or a token by itself. A reorganisation never goes below the block
// where the deployment stands.

import { readHead } from '#connectors/evm/heads.ts'
import { StartError } from '#kernel/start-error.ts'
import type { World } from './world.ts'

export type Reorg =
  | {
      /** How many blocks are taken back. */
      readonly blocks: number
    }
  | {
      /** Everything since the snapshot is taken back. */
      readonly mark: string
    }

export type Reorged = {
  /** The newest block that both chains have. */
  readonly common: number
  readonly before: { readonly number: number; readonly hash: string }
  readonly after: { readonly number: number; readonly hash: string }
}

/** Takes blocks back and mines one more in their place, empty and other ones. */
export async function reorg({ rpc, control, deployment }: World, to: Reorg): Promise<Reorged> {
  const before = await readHead(rpc, 'latest')
  if ('blocks' in to && before.number - to.blocks < deployment.block) {
    const room = before.number - deployment.block
    throw new StartError(`only ${room} blocks stand upon the deployment: mine some first`)
  }
  if ('blocks' in to) await control.rollBack(to.blocks)
  else await control.revert(to.mark)
  const { number: common } = await readHead(rpc, 'latest')
  for (let number = common; number <= before.number; number++) {
    await control.varyNext()
    await control.mine(1)
  }
  return { common, before, after: await readHead(rpc, 'latest') }
}

export type Travelled = { readonly block: number; readonly timestamp: number }

/** Moves the chain's clock and mines a block there. */
export async function travel({ rpc, control }: World, seconds: number): Promise<Travelled> {
  await control.advanceTime(seconds)
  await control.mine(1)
  const { number: block, timestamp } = await readHead(rpc, 'latest')
  return { block, timestamp }
}

export type GasSpike = {
  readonly baseFeeWei: bigint
  /** How many blocks it stays; each later one may fall by an eighth. 1 when not given. */
  readonly blocks?: number
}

export async function gasSpike({ rpc, control }: World, { baseFeeWei, blocks = 1 }: GasSpike) {
  const { baseFeePerGas: before } = await readHead(rpc, 'latest')
  for (let mined = 0; mined < blocks; mined++) {
    await control.setNextBaseFee(baseFeeWei)
    await control.mine(1)
  }
  const { number: block, baseFeePerGas: after } = await readHead(rpc, 'latest')
  return { block, before, after }
}
