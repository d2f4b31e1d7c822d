// Balances: many holders of many tokens and of native ETH, all at one block.
//
// One eth_call of a contract that is never deployed reads them together, so that sums over accounts
// are sums of one instant. A token that does not answer fails the whole read.

import { AbiCoder } from 'ethers'
import { readArtifact } from './artifacts.ts'
import { type Rpc, read } from './provider.ts'
import { text, toQuantity, word } from './quantity.ts'

/** Stands for the native coin where a token's address is asked for. */
export const NATIVE = '0x0000000000000000000000000000000000000000'

export type BalanceQuery = { readonly token: string; readonly holder: string }

/** Creation code is bounded (EIP-3860); 64 bytes a question leave room for more than this. */
const QUERIES_PER_CALL = 400

/** The balances in the order of the queries, at a block's number or hash. */
export type BalanceReader = (
  queries: readonly BalanceQuery[],
  block: number | string,
) => Promise<readonly bigint[]>

export function createBalanceReader(rpc: Rpc): BalanceReader {
  const { bytecode } = readArtifact('BalanceSheet')
  const abi = AbiCoder.defaultAbiCoder()

  async function readSome(queries: readonly BalanceQuery[], block: unknown): Promise<bigint[]> {
    const tokens = queries.map((query) => query.token)
    const holders = queries.map((query) => query.holder)
    const args = abi.encode(['address[]', 'address[]'], [tokens, holders]).slice(2)
    const answer = text(await read(rpc, 'eth_call', [{ data: bytecode + args }, block]))
    return queries.map((_, at) => word(answer, at + 2)) // After the offset and the length.
  }

  return async (queries, block) => {
    const at = typeof block === 'number' ? toQuantity(block) : { blockHash: block }
    const balances: bigint[] = []
    for (let from = 0; from < queries.length; from += QUERIES_PER_CALL) {
      balances.push(...(await readSome(queries.slice(from, from + QUERIES_PER_CALL), at)))
    }
    return balances
  }
}
