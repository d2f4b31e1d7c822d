// Many reads: one function of one contract for many arguments, at one block and in one question.
//
// A program of 67 bytes is lent to the question as the code of an address that has none, so
// nothing need be deployed and all answers are of the same instant. It takes no apart and no
// together of ABI lists: 7,000 words of a tick bitmap are four questions of some milliseconds.
// A read that reverts makes the whole question fail.

import { ChainUnavailable, type Rpc, read } from './provider.ts'
import { text, toQuantity } from './quantity.ts'

export type ManyReads = {
  readonly to: string
  /** Four bytes of the function, which takes one word or none. */
  readonly selector: string
  /** One call for each; a function without arguments gets one that it does not look at. */
  readonly args: readonly (number | bigint)[]
  /** 32-byte words of the answer that are wanted. */
  readonly words: number
}

/** A question may use as much gas as a transaction: 2^24 since EIP-7825. */
const WORDS_PER_QUESTION = 2_000
const ADDRESS = '0x00000000000000000000000000000000c0ffee00'
const WORD_DIGITS = 64

/** Calldata: contract, selector, bytes of an answer, then the arguments; i counts through them. */
const PROGRAM = [
  '6040 6060', //           out = 64, i = 96
  '5b 36 81 10 15 6034 57', // 04: while i < calldatasize
  '6020 35 6000 52', //       memory[0] = selector
  '80 35 6004 52', //         memory[4] = calldata[i]
  '6040 35 82 6024 6000', //  answer to out, arguments from 0 to 36
  '6000 35 5a fa', //         ok = staticcall(gas, contract)
  '15 603d 57', //            if not ok, fail
  '6020 01', //               i += 32
  '90 6040 35 01 90', //      out += bytes of an answer
  '6004 56', //             end of while
  '5b 50 6040 90 03 6040 f3', // 34: return memory[64 .. out]
  '5b 6000 6000 fd', //       3d: fail
]
  .join('')
  .replaceAll(' ', '')

/** The answers in the order of the arguments; throws ChainUnavailable. */
export async function readMany(
  rpc: Rpc,
  { to, selector, args, words }: ManyReads,
  blockHash: string,
): Promise<readonly string[]> {
  const step = Math.floor(WORDS_PER_QUESTION / words)
  const head = [BigInt(to), BigInt(selector) << 224n, 32 * words].map(wordOf).join('')
  const answers: string[] = []
  for (let from = 0; from < args.length; from += step) {
    const some = args.slice(from, from + step)
    const call = { to: ADDRESS, data: `0x${head}${some.map(wordOf).join('')}` }
    const lent = { [ADDRESS]: { code: `0x${PROGRAM}` } }
    const answer = text(await read(rpc, 'eth_call', [call, { blockHash }, lent]))
    answers.push(...cut(answer.slice(2), { to, count: some.length, digits: words * WORD_DIGITS }))
  }
  return answers
}

type Cut = { readonly to: string; readonly count: number; readonly digits: number }

function cut(answer: string, { to, count, digits }: Cut): string[] {
  if (answer.length !== count * digits) throw new ChainUnavailable(`${to} gives no whole answer`)
  return Array.from(
    { length: count },
    (_, at) => `0x${answer.slice(at * digits, (at + 1) * digits)}`,
  )
}

/** Negative numbers as two's complement. */
function wordOf(value: number | bigint): string {
  return toQuantity(BigInt.asUintN(256, BigInt(value)))
    .slice(2)
    .padStart(WORD_DIGITS, '0')
}
