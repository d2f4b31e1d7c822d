// Swap: one order to SwapExecutor, bounded by amount and by time.
//
// The least output and the deadline are enforced on chain; the deadline counts by the chain's
// clock. The approval is exactly what the swap may take, and comes first under an id of its own.
// A repeated id gives the same answer and never a second swap. An arbitrage is the same with a
// least profit instead of a least output, in one transaction that begins and ends with one token.

import { approveCall, readAllowance } from '../erc20.ts'
import { readHead } from '../heads.ts'
import { createLine } from '../line.ts'
import type { NonceQueue } from '../nonce-queue.ts'
import { ChainUnavailable, type Rpc } from '../provider.ts'
import type { Receipt } from '../receipts.ts'
import type { Rejection, SendOutcome } from '../send-outcome.ts'
import { arbitrageCall, executorError, readExecuted, swapCall } from '../swap-executor.ts'

type Common = {
  readonly id: string
  /** The route, one pool to three. */
  readonly pools: readonly string[]
  readonly amountIn: bigint
  /** By the chain's clock, after the newest block. */
  readonly deadlineSeconds: number
}

export type SwapRequest = Common & {
  readonly tokenIn: string
  readonly tokenOut: string
  readonly minOut: bigint
}

export type RoundRequest = Common & {
  /** Goes in, and comes out with a profit. */
  readonly token: string
  readonly minProfit: bigint
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
  swap(request: SwapRequest | RoundRequest): Promise<SwapOutcome>
  /** What became of a swap, without sending anything; absent when none was sent. */
  outcome(id: string): Promise<SwapOutcome | { readonly kind: 'absent' }>
}

export type SwapperDeps = {
  readonly rpc: Rpc
  readonly queue: NonceQueue
  /** The address of SwapExecutor. */
  readonly executor: string
}

/** A pool's first oracle words cost 22,100 each; an estimate in the same second has none. */
const ORACLE_GAS_PER_POOL = 45_000n
const ERROR_STRING = '0x08c379a0'
/** ERC20InsufficientBalance and ERC20InsufficientAllowance of tokens that say it so. */
const NO_FUNDS = ['0xe450d38c', '0xfb8f41b2']

/** Swaps of one account, one after the other: two at once would spend each other's approval. */
export function createSwapper({ rpc, queue, executor }: SwapperDeps): Swapper {
  const line = createLine({ waitingMax: 64, patienceMs: 30_000 })

  async function swap(request: SwapRequest | RoundRequest): Promise<SwapOutcome> {
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

  async function swapInTurn(request: SwapRequest | RoundRequest): Promise<SwapOutcome> {
    const before = await queue.outcome(request.id)
    if (before.kind === 'unknown') return decode(await queue.broadcast(request.id), executor)
    if (before.kind !== 'absent') return decode(before, executor)
    const approval = await approve(request)
    if (approval.kind !== 'mined') return unapproved(approval)
    const { timestamp } = await readHead(rpc, 'latest')
    const deadline = timestamp + request.deadlineSeconds
    const call =
      'token' in request
        ? arbitrageCall(executor, { ...request, deadline })
        : swapCall(executor, { ...request, deadline })
    const extraGas = ORACLE_GAS_PER_POOL * BigInt(request.pools.length)
    const sent = await queue.submit({ id: request.id, ...call, extraGas })
    const outcome = decode(sent, executor, approval.gasWei)
    if (sent.kind !== 'reverted' || outcome.kind !== 'failed') return outcome
    return { ...outcome, code: await revertCode(sent.receipt, call) }
  }

  /** Makes the executor's allowance cover the swap exactly; nothing to do when it already does. */
  async function approve(request: SwapRequest | RoundRequest): Promise<Approval> {
    const { id, amountIn } = request
    const token = 'token' in request ? request.token : request.tokenIn
    const at = { token, owner: queue.account, spender: executor }
    if ((await readAllowance(rpc, at)) === amountIn) return { kind: 'mined', gasWei: 0n }
    const call = approveCall(token, executor, amountIn)
    const sent = await queue.submit({ id: `${id}/approve`, ...call })
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
    async outcome(id) {
      const known = await queue.outcome(id)
      return known.kind === 'absent' ? known : decode(known, executor)
    },
  }
}

type Approval =
  | { readonly kind: 'mined'; readonly gasWei: bigint }
  | Exclude<SendOutcome, { kind: 'mined' }>

function decode(sent: SendOutcome, executor: string, approvalWei = 0n): SwapOutcome {
  if (sent.kind === 'unknown') return sent
  if (sent.kind === 'rejected') {
    const code = sent.cause === 'would_revert' ? codeOf(sent.detail) : sent.cause
    return refused(code, sent.detail, approvalWei)
  }
  const gasWei = sent.receipt.gasWei + approvalWei
  if (sent.kind === 'reverted') return { kind: 'failed', code: 'swap.reverted', gasWei }
  const { hash, blockNumber: block } = sent.receipt
  const executed = readExecuted(sent.receipt.logs, executor)
  if (executed === undefined) throw new ChainUnavailable('a mined swap without its log')
  const { spent: amountIn, received: amountOut } = executed
  return { kind: 'swapped', hash, block, gasWei, amountIn, amountOut }
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

/** The executor's and the tokens' own words, as revert data or as the node retells them. */
function codeOf(detail: string): SwapFailure {
  switch (detail.startsWith('0x') ? executorError(detail) : null) {
    case 'OutputTooLow':
    case 'ProfitTooLow':
      return 'swap.slippage'
    case 'Expired':
      return 'swap.deadline'
    case 'SafeERC20FailedOperation':
      return 'swap.funds'
    default:
      return fundsOr(detail)
  }
}

function fundsOr(detail: string): SwapFailure {
  if (NO_FUNDS.some((selector) => detail.startsWith(selector))) return 'swap.funds'
  const said = detail.startsWith(ERROR_STRING) ? toUtf8String(detail) : detail
  return /insufficient/i.test(said) ? 'swap.funds' : 'swap.reverted'
}

function toUtf8String(data: string): string {
  return Buffer.from(data.slice(2), 'hex').toString('latin1')
}
