// ChainControl: what a development chain does on command, whoever makes it.
//
// Hardhat and anvil name the same powers differently and count in different units; callers say what
// they want and never how. No other chain has these powers.

import { hexlify, randomBytes } from 'ethers'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { toQuantity } from '#connectors/evm/quantity.ts'
import { StartError } from '#kernel/start-error.ts'
import type { Engine } from './settings.ts'

export type ChainControl = {
  setBalance(address: string, wei: bigint): Promise<void>
  /** Upwards only. */
  setNonce(address: string, nonce: number): Promise<void>
  mine(blocks: number): Promise<void>
  /** Moves the clock of the next block. */
  advanceTime(seconds: number): Promise<void>
  /** Marks a state to go back to, once. */
  snapshot(): Promise<string>
  /** Forgets every block after the mark: a reorganisation for all who watch. */
  revert(mark: string): Promise<void>
  /** Forgets at least so many of the newest blocks; a chain of ours must be started for it. */
  rollBack(blocks: number): Promise<void>
  /** The node sends for this address without its key, until it is let go. */
  impersonate(address: string): Promise<void>
  letGo(address: string): Promise<void>
  /** False: transactions wait for mine(). */
  setAutomine(isOn: boolean): Promise<void>
  setNextBaseFee(wei: bigint): Promise<void>
  /** The next block is another one than it would have been, even when it is empty. */
  varyNext(): Promise<void>
}

/** Which of the two makes this chain, as it says itself. */
export async function programOf(rpc: Rpc): Promise<Engine> {
  return /anvil/i.test(String(await read(rpc, 'web3_clientVersion', []))) ? 'anvil' : 'hardhat'
}

/** The method prefix is what differs most between the two programs. */
export function createChainControl(rpc: Rpc, program: Engine): ChainControl {
  const ask = (method: string, params: readonly unknown[]) => read(rpc, method, params)
  return {
    async setBalance(address, wei) {
      await ask(`${program}_setBalance`, [address, toQuantity(wei)])
    },
    async setNonce(address, nonce) {
      await ask(`${program}_setNonce`, [address, toQuantity(nonce)])
    },
    async mine(blocks) {
      await ask(`${program}_mine`, [toQuantity(blocks)])
    },
    async advanceTime(seconds) {
      await ask('evm_increaseTime', [seconds])
    },
    async snapshot() {
      return String(await ask('evm_snapshot', []))
    },
    async revert(mark) {
      const wasThere = await ask('evm_revert', [mark])
      if (wasThere !== true) throw new StartError(`the chain has no mark ${mark}`)
    },
    async rollBack(blocks) {
      await ask('anvil_rollback', [blocks])
    },
    async impersonate(address) {
      await ask(`${program}_impersonateAccount`, [address])
    },
    async letGo(address) {
      await ask(`${program}_stopImpersonatingAccount`, [address])
    },
    async setAutomine(isOn) {
      await ask('evm_setAutomine', [isOn])
    },
    async setNextBaseFee(wei) {
      await ask(`${program}_setNextBlockBaseFeePerGas`, [toQuantity(wei)])
    },
    async varyNext() {
      // anvil has no word for the chance of a block; who is paid for it makes it another one, too.
      if (program === 'anvil') await ask('anvil_setCoinbase', [hexlify(randomBytes(20))])
      else await ask('hardhat_setPrevRandao', [hexlify(randomBytes(32))])
    },
  }
}
