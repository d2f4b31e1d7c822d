// Nonce queue: the only sender of an account's transactions.
//
// Each intent is mined at most once: its signed bytes are stored before they are sent, and as long
// as they may be mined nothing else is signed for it. One transaction at a time stands between
// signing and the node's acceptance, so a refused send leaves no gap. A lost reply is `unknown` to
// the caller while the queue goes on asking the chain, by hash and by nonce, and sends the same
// bytes again. After a restart `resume` comes first. One queue an account and chain instance, never
// two.

import { type Broadcast, createBroadcast, POLL_MAX_MS } from './broadcast.ts'
import { type FeePolicy, ONE_GWEI_TIP } from './gas.ts'
import { createLine, type Release } from './line.ts'
import { once } from './once.ts'
import { ChainUnavailable, type Rpc } from './provider.ts'
import { readReceiptOfAny } from './receipts.ts'
import { createReplace } from './replacement.ts'
import { reject, type SendOutcome, settledBy } from './send-outcome.ts'
import type { SignerPort } from './signer/port.ts'
import { type Intent, type SignOutcome, signedBefore, signNext } from './signing.ts'
import type { StoredTransaction, TransactionStore } from './transaction-store.ts'

export type NonceQueue = {
  readonly account: string
  /** Signs, stores, sends, and waits for the receipt. */
  submit(intent: Intent): Promise<SendOutcome>
  /** Reserves the nonce, signs and stores; the account waits until broadcast or discard. */
  sign(intent: Intent): Promise<SignOutcome>
  /** Sends what was signed for the intent and waits for the receipt. */
  broadcast(intentId: string): Promise<SendOutcome>
  /** Gives up what was signed and never sent; its nonce is free again. */
  discard(intentId: string): Promise<void>
  /** What became of an intent, without sending anything; absent when it was never signed. */
  outcome(intentId: string): Promise<SendOutcome | { readonly kind: 'absent' }>
  /** After a restart: sends the stored bytes again; answers when each is accepted or settled. */
  resume(): Promise<void>
  /** Stops asking the chain; what was signed is found again by resume. */
  close(): void
}

export type NonceQueueDeps = {
  readonly rpc: Rpc
  readonly store: TransactionStore
  readonly signer: SignerPort
  readonly fees?: FeePolicy
  /** How long a caller waits before `unknown`. */
  readonly patienceMs?: number
  readonly pollMs?: number
  readonly pollMaxMs?: number
  readonly waitingMax?: number
  /** When what is not mined is sent for more gas; never without it. Needs a store that can. */
  readonly replaceAfterMs?: number
}

export function createNonceQueue(deps: NonceQueueDeps): NonceQueue {
  const { rpc, store, signer, fees = ONE_GWEI_TIP, patienceMs = 15_000, waitingMax = 256 } = deps
  const line = createLine({ waitingMax, patienceMs })
  const held = new Map<string, Release>()
  const inFlight = new Map<string, Promise<SendOutcome>>()
  const signing = new Map<string, Promise<SignOutcome>>()
  const sent = createBroadcast(broadcastOf(deps))

  async function signNew(intent: Intent): Promise<SignOutcome> {
    const known = await store.find(intent.id)
    if (known !== undefined) return signedBefore(known, intent)
    const entry = await line.enter()
    if (entry.kind === 'full') return reject('queue_full', `${waitingMax} intents wait`)
    if (entry.kind === 'late') return reject('queue_blocked', 'the one before is not resolved')
    const isWhole = await within(patienceMs, sent.reopenLost(signer.address), false)
    const outcome = isWhole
      ? await orChainAway(signNext({ rpc, store, signer, fees }, intent))
      : reject('queue_blocked', 'what was mined is not in the chain any more')
    if (outcome.kind === 'signed') held.set(intent.id, entry.release)
    else entry.release()
    return outcome
  }

  /** Goes on after the caller's patience has ended; the next in line waits for acceptance. */
  function drive(transaction: StoredTransaction): Promise<SendOutcome> {
    const release = held.get(transaction.intentId)
    held.delete(transaction.intentId)
    const attempt = release === undefined ? 'repeated' : 'first'
    const settled = sent.untilAccepted(transaction, attempt).then((state) => {
      release?.()
      return state === 'accepted' ? sent.untilSettled(transaction) : state
    })
    return within(patienceMs, settled, { kind: 'unknown', hash: transaction.hash })
  }

  async function broadcastNew(intentId: string): Promise<SendOutcome> {
    const known = await store.find(intentId)
    if (known === undefined) return reject('not_signed', intentId)
    return known.state === 'dead' ? buried() : drive(known)
  }

  async function discard(intentId: string): Promise<void> {
    const known = await store.find(intentId)
    const release = held.get(intentId)
    if (known === undefined || release === undefined) return
    await store.save({ ...known, state: 'dead' })
    held.delete(intentId)
    release()
  }

  async function resume(): Promise<void> {
    const entry = await line.enter()
    await sendAgain(sent, store, signer.address)
    if (entry.kind === 'entered') entry.release()
  }

  const sign: NonceQueue['sign'] = (intent) => once(signing, intent.id, () => signNew(intent))
  const broadcast: NonceQueue['broadcast'] = (intentId) =>
    once(inFlight, intentId, () => broadcastNew(intentId))

  async function submit(intent: Intent): Promise<SendOutcome> {
    const signed = await sign(intent)
    return signed.kind === 'signed' ? broadcast(intent.id) : signed
  }

  const outcome = (intentId: string) => readOutcome(deps, intentId)
  const { address: account } = signer
  return { account, submit, sign, broadcast, discard, outcome, resume, close: sent.close }
}

async function sendAgain(sent: Broadcast, store: TransactionStore, account: string) {
  await sent.reopenLost(account)
  for (const transaction of await store.unsettled(account)) {
    const state = await sent.untilAccepted(transaction, 'repeated')
    if (state === 'accepted') void sent.untilSettled(transaction)
  }
}

function broadcastOf({ rpc, store, signer, ...deps }: NonceQueueDeps) {
  const { fees = ONE_GWEI_TIP, pollMs = 50, pollMaxMs = POLL_MAX_MS, replaceAfterMs } = deps
  const sending = { rpc, store, pollMs, pollMaxMs }
  if (replaceAfterMs === undefined) return sending
  const replace = createReplace({ rpc, store, signer, fees })
  return { ...sending, replacing: { afterMs: replaceAfterMs, replace } }
}

function buried(): SendOutcome {
  return reject('refused_by_node', 'its bytes can never be mined')
}

async function readOutcome({ rpc, store }: NonceQueueDeps, intentId: string) {
  const known = await store.find(intentId)
  if (known === undefined) return { kind: 'absent' as const }
  if (known.state === 'dead') return buried()
  const unknown: SendOutcome = { kind: 'unknown', hash: known.hash }
  try {
    const receipt = await readReceiptOfAny(rpc, known)
    return receipt === undefined ? unknown : settledBy(receipt)
  } catch (error) {
    if (error instanceof ChainUnavailable) return unknown
    throw error
  }
}

async function orChainAway(signed: Promise<SignOutcome>): Promise<SignOutcome> {
  try {
    return await signed
  } catch (error) {
    if (error instanceof ChainUnavailable) return reject('chain_away', error.message)
    throw error
  }
}

/** The work goes on when it is late. */
async function within<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, ms, late)
  })
  try {
    return await Promise.race([work, patience])
  } finally {
    clearTimeout(timer)
  }
}
