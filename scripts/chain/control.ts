// ChainControl: what a development chain does on command, whoever makes it.
//
// Hardhat and anvil name the same powers differently and count in different units; callers say what
// they want and never how. No other chain has these powers.

import { type Rpc, read } from '#connectors/evm/provider.ts'
import { toQuantity } from '#connectors/evm/quantity.ts'

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
}

/** The method prefix is what differs between the two programs. */
export function createChainControl(rpc: Rpc, program: 'hardhat' | 'anvil'): ChainControl {
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
      await ask('evm_revert', [mark])
    },
  }
}
