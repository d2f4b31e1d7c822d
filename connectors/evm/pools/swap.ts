// Swap: one exchange through a fork's router, bounded by amount and by time.
//
// The bound on the other side (least out, most in) and the deadline are enforced by the router on
// chain; the deadline counts by the chain's clock. The approval is exactly what the swap may take,
// and comes first under an id of its own. A repeated id gives the same answer and never a second
// swap.

import { Interface } from 'ethers'
import { approveCall, readAllowance } from '../erc20.ts'
import { readHead } from '../heads.ts'
import { createLine } from '../line.ts'
import type { Log } from '../logs.ts'
import type { NonceQueue } from '../nonce-queue.ts'
import { ChainUnavailable, type Rpc } from '../provider.ts'
import { word } from '../quantity.ts'
import type { Receipt } from '../receipts.ts'
import type { Rejection, SendOutcome } from '../send-outcome.ts'
import type { Fork } from '../uniswap-v2/forks.ts'

/** Which side is exact; the other has the bound. */
export type SwapAmounts =
  | { readonly kind: 'exact-in'; readonly amountIn: bigint; readonly minOut: bigint }
  | { readonly kind: 'exact-out'; readonly amountOut: bigint; readonly maxIn: bigint }

export type SwapRequest = {
  readonly id: string
  readonly tokenIn: string
  readonly tokenOut: string
  /** The pool between the two. */
  readonly pair: string
  readonly amounts: SwapAmounts
  /** By the chain's clock, after the newest block. */
  readonly deadlineSeconds: number
}

export type SwapFailure = 'swap.slippage' | 'swap.deadline' | 'swap.funds' | 'swap.reverted'

export type SwapOutcome =
  | {
      readonly kind: 'swapped'
      readonly hash: string
      readonly amountIn: bigint
      readonly amountOut: bigint
      /** Of the swap and of its approval. */
      readonly gasWei: bigint
      readonly block: number
    }
  /** Mined without effect: gas is gone, tokens are not. */
  | { readonly kind: 'failed'; readonly code: SwapFailure; readonly gasWei: bigint }
  /** Never sent. An approval may have been mined before: its gas. */
  | {
      readonly kind: 'refused'
      readonly code: SwapFailure | Rejection['cause']
      readonly detail: string
      readonly gasWei: bigint
    }
  | { readonly kind: 'unknown'; readonly hash: string }

export type Swapper = {
  swap(request: SwapRequest): Promise<SwapOutcome>
  /** What became of a swap, without sending anything; absent when none was sent. */
  outcome(id: string, pair: string): Promise<SwapOutcome | { readonly kind: 'absent' }>
}

export type SwapperDeps = {
  readonly rpc: Rpc
  readonly queue: NonceQueue
  readonly fork: Fork
}

const router = new Interface([
  `function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path,
    address to, uint256 deadline) returns (uint256[])`,
  `function swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path,
    address to, uint256 deadline) returns (uint256[])`,
])

const SWAP = '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822'
/** A pool's first two oracle words cost 22,100 each; an estimate in the same second has none. */
const ORACLE_GAS = 45_000n
const ERROR_STRING = '0x08c379a0'

/** Swaps of one account, one after the other: two at once would spend each other's approval. */
export function createSwapper({ rpc, queue, fork }: SwapperDeps): Swapper {
  const line = createLine({ waitingMax: 64, patienceMs: 30_000 })

  async function swap(request: SwapRequest): Promise<SwapOutcome> {
    const entry = await line.enter()
    if (entry.kind !== 'entered') return refused('queue_blocked', 'too many swaps wait', 0n)
    try {
      return await swapInTurn(request)
    } catch (error) {
      if (error instanceof ChainUnavailable) return refused('chain_away', error.message, 0n)
      throw error
    } finally {
      entry.release()
    }
  }

  async function swapInTurn(request: SwapRequest): Promise<SwapOutcome> {
    const before = await queue.outcome(request.id)
    if (before.kind === 'unknown') return decode(await queue.broadcast(request.id), request.pair)
    if (before.kind !== 'absent') return decode(before, request.pair)
    const approval = await approve(request)
    if (approval.kind !== 'mined') return unapproved(approval)
    const { timestamp } = await readHead(rpc, 'latest')
    const deadline = timestamp + request.deadlineSeconds
    const call = { to: fork.router, data: encodeSwap(request, queue.account, deadline) }
    const sent = await queue.submit({ id: request.id, ...call, extraGas: ORACLE_GAS })
    const outcome = decode(sent, request.pair, approval.gasWei)
    if (sent.kind !== 'reverted' || outcome.kind !== 'failed') return outcome
    return { ...outcome, code: await revertCode(sent.receipt, call) }
  }

  /** Makes the router's allowance cover the swap exactly; nothing to do when it already does. */
  async function approve(request: SwapRequest): Promise<Approval> {
    const at = { token: request.tokenIn, owner: queue.account, spender: fork.router }
    const { amounts } = request
    const needed = amounts.kind === 'exact-in' ? amounts.amountIn : amounts.maxIn
    if ((await readAllowance(rpc, at)) === needed) return { kind: 'mined', gasWei: 0n }
    const call = approveCall(request.tokenIn, fork.router, needed)
    const sent = await queue.submit({ id: `${request.id}/approve`, ...call })
    return sent.kind === 'mined' ? { kind: 'mined', gasWei: sent.receipt.gasWei } : sent
  }

  /** Runs the reverted call again on the state after its block: it changed nothing itself. */
  async function revertCode(receipt: Receipt, call: { to: string; data: string }) {
    const block = { blockHash: receipt.blockHash }
    const answer = await rpc.ask('eth_call', [{ from: queue.account, ...call }, block])
    return answer.kind === 'refused' ? codeOf(answer.data ?? answer.reason) : 'swap.reverted'
  }

  return {
    swap,
    async outcome(id, pair) {
      const known = await queue.outcome(id)
      return known.kind === 'absent' ? known : decode(known, pair)
    },
  }
}

type Approval =
  | { readonly kind: 'mined'; readonly gasWei: bigint }
  | Exclude<SendOutcome, { kind: 'mined' }>

function encodeSwap(request: SwapRequest, to: string, deadline: number): string {
  const { amounts, tokenIn, tokenOut } = request
  const rest = [[tokenIn, tokenOut], to, deadline] as const
  if (amounts.kind === 'exact-in') {
    const args = [amounts.amountIn, amounts.minOut, ...rest]
    return router.encodeFunctionData('swapExactTokensForTokens', args)
  }
  const args = [amounts.amountOut, amounts.maxIn, ...rest]
  return router.encodeFunctionData('swapTokensForExactTokens', args)
}

function decode(sent: SendOutcome, pair: string, approvalWei = 0n): SwapOutcome {
  if (sent.kind === 'unknown') return sent
  if (sent.kind === 'rejected') {
    const code = sent.cause === 'would_revert' ? codeOf(sent.detail) : sent.cause
    return refused(code, sent.detail, approvalWei)
  }
  const gasWei = sent.receipt.gasWei + approvalWei
  if (sent.kind === 'reverted') return { kind: 'failed', code: 'swap.reverted', gasWei }
  const { hash, blockNumber: block } = sent.receipt
  return { kind: 'swapped', hash, block, gasWei, ...swappedAmounts(sent.receipt.logs, pair) }
}

/** One side of each pair of words is zero: a swap goes one way. */
function swappedAmounts(logs: readonly Log[], pair: string) {
  const log = logs.find(({ address, topics }) => {
    return address === pair.toLowerCase() && topics[0] === SWAP
  })
  if (log === undefined) throw new ChainUnavailable('a mined swap without its log')
  const at = (word_: number) => word(log.data, word_)
  return { amountIn: at(0) + at(1), amountOut: at(2) + at(3) }
}

function unapproved(sent: Exclude<Approval, { kind: 'mined'; gasWei: bigint }>): SwapOutcome {
  if (sent.kind === 'rejected') return refused(sent.cause, sent.detail, 0n)
  if (sent.kind === 'unknown') return refused('queue_blocked', 'the approval is not known yet', 0n)
  return refused('swap.reverted', 'the approval reverted', sent.receipt.gasWei)
}

function refused(
  code: SwapFailure | Rejection['cause'],
  detail: string,
  gasWei: bigint,
): SwapOutcome {
  return { kind: 'refused', code, detail, gasWei }
}

/** The router's and the tokens' own words, as revert data or as the node retells them. */
function codeOf(detail: string): SwapFailure {
  const said = detail.startsWith(ERROR_STRING) ? toUtf8String(detail) : detail
  if (/INSUFFICIENT_OUTPUT_AMOUNT|EXCESSIVE_INPUT_AMOUNT/.test(said)) return 'swap.slippage'
  if (said.includes('EXPIRED')) return 'swap.deadline'
  if (/TRANSFER_FROM_FAILED|insufficient funds/i.test(said)) return 'swap.funds'
  return 'swap.reverted'
}

function toUtf8String(data: string): string {
  return Buffer.from(data.slice(2), 'hex').toString('latin1')
}
