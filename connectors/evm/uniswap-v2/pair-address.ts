// Pair address: where a fork's factory puts the pool of two tokens (CREATE2).

import { getCreate2Address, keccak256, solidityPacked } from 'ethers'
import type { Fork } from './forks.ts'

/** The pool's address and its tokens in the pool's own order. */
export function pairAddress(
  fork: Pick<Fork, 'factory' | 'initCodeHash'>,
  tokens: { readonly base: string; readonly quote: string },
): { readonly address: string; readonly baseIsToken0: boolean } {
  const baseIsToken0 = BigInt(tokens.base) < BigInt(tokens.quote)
  const { base, quote } = tokens
  const ordered = baseIsToken0 ? [base, quote] : [quote, base]
  const salt = keccak256(solidityPacked(['address', 'address'], ordered))
  return { address: getCreate2Address(fork.factory, salt, fork.initCodeHash), baseIsToken0 }
}
