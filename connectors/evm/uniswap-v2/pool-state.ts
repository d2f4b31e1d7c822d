// Pool state: the reserves of our pools, kept from Sync logs and never from guesses.
//
// Each state belongs to a block. A head that does not continue the block before (a reorganisation,
// a restarted chain, a gap) makes every pool be read again at that head's hash. Now and then the
// logs are checked against the pools themselves; a difference counts and the pools win.

import { continues, type Head, type Heads } from '../heads.ts'
import { readLogs } from '../logs.ts'
import { type Rpc, read } from '../provider.ts'
import { text, word } from '../quantity.ts'

export type PoolReserves = {
  readonly reserveBase: bigint
  readonly reserveQuote: bigint
  /** The head these reserves are true at. */
  readonly head: Head
}

export type WatchedPool = {
  readonly market: string
  readonly address: string
  readonly baseIsToken0: boolean
}

export type PoolListener = (market: string, reserves: PoolReserves) => void

export type PoolStates = {
  get(market: string): PoolReserves | undefined
  /** Called when reserves change, and with the present ones at once. */
  onChange(listener: PoolListener): () => void
  /** How often pools were read whole, and how often logs and pools differed. */
  counts(): { readonly rereads: number; readonly differences: number }
  close(): void
}

export type PoolStatesDeps = {
  readonly rpc: Rpc
  readonly heads: Heads
  readonly pools: readonly WatchedPool[]
  /** Blocks between two checks of logs against the pools. */
  readonly checkEveryBlocks?: number
}

type Slots = readonly [bigint, bigint]

const SYNC = '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1'
const GET_RESERVES = '0x0902f1ac'

export function createPoolStates(deps: PoolStatesDeps): PoolStates {
  const { rpc, heads, pools, checkEveryBlocks = 256 } = deps
  const states = new Map<string, PoolReserves>()
  const listeners = new Set<PoolListener>()
  const counts = { rereads: 0, differences: 0 }
  let checkedBlock = 0

  function put(pool: WatchedPool, slots: Slots, head: Head): boolean {
    const [reserveBase, reserveQuote] = pool.baseIsToken0 ? slots : [slots[1], slots[0]]
    const before = states.get(pool.market)
    const state = { reserveBase, reserveQuote, head }
    states.set(pool.market, state)
    const same = before?.reserveBase === reserveBase && before.reserveQuote === reserveQuote
    if (!same) for (const listener of listeners) listener(pool.market, state)
    return !same
  }

  async function applyLogs(since: Head, head: Head): Promise<void> {
    const addresses = pools.map((pool) => pool.address)
    const range = { fromBlock: since.number + 1, toBlock: head.number }
    const logs = await readLogs(rpc, { addresses, topics: [SYNC], ...range })
    const newest = new Map(logs.map((log) => [log.address, log.data]))
    for (const pool of pools) {
      const data = newest.get(pool.address.toLowerCase())
      const state = states.get(pool.market)
      if (data !== undefined) put(pool, [word(data, 0), word(data, 1)], head)
      else if (state !== undefined) states.set(pool.market, { ...state, head })
    }
  }

  /** All reads come before the first change, so that a failure leaves the old state whole. */
  async function readAgain(head: Head): Promise<number> {
    const slots = await Promise.all(pools.map((pool) => readReserves(rpc, pool.address, head)))
    checkedBlock = head.number
    return pools.filter((pool, at) => put(pool, slots[at] ?? [0n, 0n], head)).length
  }

  const unfollow = heads.follow(async (head, done) => {
    if (done === undefined || !(await continues(rpc, done, head))) {
      counts.rereads++
      await readAgain(head)
      return
    }
    await applyLogs(done, head)
    if (head.number < checkedBlock + checkEveryBlocks) return
    counts.differences += await readAgain(head)
  })

  return {
    get: (market) => states.get(market),
    onChange(listener) {
      listeners.add(listener)
      for (const [market, state] of states) listener(market, state)
      return () => listeners.delete(listener)
    },
    counts: () => ({ ...counts }),
    close: unfollow,
  }
}

/** The two reserves in the pool's own order, at exactly one block. */
export async function readReserves(rpc: Rpc, address: string, head: Head): Promise<Slots> {
  const call = { to: address, data: GET_RESERVES }
  const data = text(await read(rpc, 'eth_call', [call, { blockHash: head.hash }]))
  return [word(data, 0), word(data, 1)]
}
