// Sweeper: moves tokens from deposit addresses into custody.
//
// A deposit address owns no native ETH, so the station sends it the gas first. Both steps are
// intents named after what they find (the gas after the native balance, the sweep after the nonce),
// so that asked for again they are the same transactions. Bytes that are dead for ever are followed
// by the next attempt; while they may still be mined nothing else is signed.

import type { HDNodeWallet } from 'ethers'

import { type BalanceReader, NATIVE } from './balances.ts'
import { type Deployment, tokenOf } from './deployment.ts'
import { transferCall } from './erc20.ts'
import { type Heads, readHead } from './heads.ts'
import type { Keys } from './keys.ts'
import { createNonceQueue, type NonceQueue } from './nonce-queue.ts'
import { ChainUnavailable, type Rpc, read } from './provider.ts'
import { index } from './quantity.ts'
import { stationPolicy, sweepPolicy } from './signer/custody-policies.ts'
import { createSigner } from './signer/signer.ts'
import type { Intent } from './signing.ts'
import type { TransactionStore } from './transaction-store.ts'

export type SweeperDeps = {
  readonly rpc: Rpc
  readonly heads: Heads
  readonly deployment: Deployment
  readonly keys: Keys
  readonly station: HDNodeWallet
  readonly sweepStore: TransactionStore
  readonly custody: string
  readonly balances: BalanceReader
}

export type Sweeper = {
  /** True when the address is empty afterwards. */
  sweep(account: number, asset: string): Promise<boolean>
  close(): Promise<void>
}

/** Enough for a transfer of any of our tokens, with room. */
const SWEEP_GAS = 120_000n
const GAS_PRICE_ROOM = 4n
const TIP_WEI = 1_000_000_000n

export function createSweeper(deps: SweeperDeps): Sweeper {
  const { rpc, keys, sweepStore: store, station, deployment, custody } = deps
  let closed = false
  const stationSigner = createSigner(station, stationPolicy(deployment))
  const stationQueue = createNonceQueue({ rpc, store, signer: stationSigner })
  const queues = new Map<number, NonceQueue>()
  const running = new Map<number, Promise<boolean>>()
  const attempts = new Map<string, number>()

  /** Submits the intent under a name that is not known to be dead. */
  async function submit(queue: NonceQueue, intent: Intent): Promise<boolean> {
    const attempt = attempts.get(intent.id) ?? 0
    const outcome = await queue.submit({ ...intent, id: `${intent.id}-${attempt}` })
    const isDead = outcome.kind === 'rejected' && outcome.cause === 'refused_by_node'
    if (isDead) attempts.set(intent.id, attempt + 1)
    else if (outcome.kind === 'mined') attempts.delete(intent.id)
    return outcome.kind === 'mined'
  }

  function queueOf(account: number): NonceQueue {
    const known = queues.get(account)
    if (known !== undefined) return known
    const wallet = keys.wallet('deposits', account)
    const signer = createSigner(wallet, sweepPolicy(deployment, custody))
    const made = createNonceQueue({ rpc, store, signer })
    queues.set(account, made)
    return made
  }

  /** One sweep at a time for an address: its nonce names the intents. */
  function sweep(account: number, asset: string): Promise<boolean> {
    const before = running.get(account) ?? Promise.resolve(true)
    const next = before.then(() =>
      closed ? false : sweepOnce(deps, { stationQueue, queue: queueOf(account), asset, submit }),
    )
    const settled = next.catch((error: unknown) => {
      if (error instanceof ChainUnavailable) return false
      throw error
    })
    running.set(account, settled)
    return settled
  }

  return {
    sweep,
    async close() {
      closed = true
      stationQueue.close()
      for (const queue of queues.values()) queue.close()
      await Promise.all(running.values())
    },
  }
}

type SweepOnce = {
  readonly stationQueue: NonceQueue
  readonly queue: NonceQueue
  readonly asset: string
  readonly submit: (queue: NonceQueue, intent: Intent) => Promise<boolean>
}

async function sweepOnce(deps: SweeperDeps, { stationQueue, queue, asset, submit }: SweepOnce) {
  const { rpc, deployment, custody, balances } = deps
  const token = tokenOf(deployment, asset).address
  const head = await readHead(rpc, 'latest')
  const holder = queue.account
  const [amount = 0n, native = 0n] = await balances(
    [
      { token, holder },
      { token: NATIVE, holder },
    ],
    head.number,
  )
  if (amount === 0n) return true
  const nonce = index(await read(rpc, 'eth_getTransactionCount', [holder, 'latest']))
  const gas = SWEEP_GAS * (GAS_PRICE_ROOM * head.baseFeePerGas + TIP_WEI)
  if (native < gas) {
    const id = `fund-${holder}-${nonce}-${native}`
    if (!(await submit(stationQueue, { id, to: holder, data: '0x', value: gas - native }))) {
      return false
    }
  }
  const intent = { id: `sweep-${holder}-${nonce}`, gasLimit: SWEEP_GAS }
  return submit(queue, { ...intent, ...transferCall(token, custody, amount) })
}
