// Mirror: the states of our pools, kept from logs block by block and never from guesses.
//
// States of the last blocks are remembered with the hashes of their blocks. A head that does not
// continue the newest of them is a reorganisation: the mirror goes back to the newest block that is
// still in the chain and follows the new logs from there. Where no block is, where too many blocks
// passed, where a log contradicts the state before it, every pool is read again. Now and then
// the mirror is held against the pools; a difference counts and the pools win. What is read comes
// before the first change, so that a failure leaves the old states whole.

import { continues, type Head, type Heads, readHead } from '../heads.ts'
import { type Log, readBlockLogs, readLogs } from '../logs.ts'
import { ChainUnavailable, type Rpc } from '../provider.ts'
import { applySync, SYNC } from '../uniswap-v2/pool-state.ts'
import { applyV3Log, V3_TOPICS } from '../uniswap-v3/pool-state.ts'
import { type PoolState, sameState, type WatchedPool } from './pool.ts'
import { readStates } from './read-states.ts'

/** A pool's state and the head that it is true at. */
export type PoolAt = { readonly state: PoolState; readonly head: Head }

export type PoolListener = (market: string, at: PoolAt) => void

export type MirrorCounts = {
  /** How often all pools were read whole, the first time included. */
  readonly rereads: number
  readonly rollbacks: number
  /** Contradictions between a log and the state before it. */
  readonly gaps: number
  /** Pools that differed from what the logs had said. */
  readonly differences: number
}

export type PoolMirror = {
  get(market: string): PoolAt | undefined
  /** Called after a block with every pool it changed, and with the present ones at once. */
  onChange(listener: PoolListener): () => void
  counts(): MirrorCounts
  close(): void
}

export type PoolMirrorDeps = {
  readonly rpc: Rpc
  readonly heads: Heads
  readonly pools: readonly WatchedPool[]
  /** Blocks between two checks of the mirror against the pools. */
  readonly checkEveryBlocks?: number
  /** Beyond this, reading pools is quicker than reading logs. */
  readonly followBlocksMax?: number
}

type States = ReadonlyMap<string, PoolState>
type Picture = { readonly head: Head; readonly states: States }

/** Deeper than any reorganisation that a chain with finality has had. */
const PICTURES_MAX = 128
const TOPICS: readonly string[] = [SYNC, ...V3_TOPICS]

export function createPoolMirror(deps: PoolMirrorDeps): PoolMirror {
  const { rpc, heads, pools, checkEveryBlocks = 256, followBlocksMax = 5_000 } = deps
  const byAddress = new Map(pools.map((pool) => [pool.address.toLowerCase(), pool]))
  const listeners = new Set<PoolListener>()
  const counts = { rereads: 0, rollbacks: 0, gaps: 0, differences: 0 }
  /** Oldest first. */
  const pictures: Picture[] = []
  let present: Picture | undefined
  let checkedBlock = 0

  function show(picture: Picture): void {
    const before = present?.states
    present = picture
    for (const [market, state] of picture.states) {
      if (before?.get(market) === state) continue
      for (const listener of listeners) listener(market, { state, head: picture.head })
    }
  }

  async function readAgain(head: Head, known: States | undefined): Promise<States> {
    const states = await readStates(rpc, pools, head.hash)
    counts.rereads++
    checkedBlock = head.number
    return new Map([...states].map(([market, state]) => [market, kept(known?.get(market), state)]))
  }

  /** Undefined where logs cannot lead from the picture to the head. */
  async function follow({ head: since, states }: Picture, head: Head): Promise<States | undefined> {
    if (head.hash === since.hash) return states
    if (head.number - since.number > followBlocksMax) return undefined
    const logs = await readNewLogs(rpc, { addresses: [...byAddress.keys()], since, head })
    const next = applyLogs(states, logs, byAddress)
    if (next === undefined) counts.gaps++
    return next
  }

  async function check(head: Head, states: States): Promise<States> {
    if (head.number < checkedBlock + checkEveryBlocks) return states
    const read = await readAgain(head, states)
    for (const [market, state] of read) if (state !== states.get(market)) counts.differences++
    return read
  }

  const unfollow = heads.follow(async (head) => {
    const inChain = await countInChain(rpc, pictures, head)
    const last = pictures[inChain - 1]
    const followed = last === undefined ? undefined : await follow(last, head)
    const states = followed ?? (await readAgain(head, present?.states))
    const picture = { head, states: followed === undefined ? states : await check(head, states) }
    if (last !== undefined && inChain < pictures.length) counts.rollbacks++
    pictures.splice(inChain, pictures.length, picture)
    if (pictures.length > PICTURES_MAX) pictures.shift()
    show(picture)
  })

  return {
    get: (market) => pictureOf(present, market),
    onChange(listener) {
      listeners.add(listener)
      for (const { market } of pools) {
        const at = pictureOf(present, market)
        if (at !== undefined) listener(market, at)
      }
      return () => listeners.delete(listener)
    },
    counts: () => ({ ...counts }),
    close: unfollow,
  }
}

function pictureOf(picture: Picture | undefined, market: string): PoolAt | undefined {
  const state = picture?.states.get(market)
  return picture === undefined || state === undefined ? undefined : { state, head: picture.head }
}

/** The state known when the one read is equal: what was computed with it stays at hand. */
function kept(known: PoolState | undefined, read: PoolState): PoolState {
  return known !== undefined && sameState(known, read) ? known : read
}

/** How many of the pictures, from the oldest, are of blocks in the chain that the head ends. */
async function countInChain(rpc: Rpc, pictures: readonly Picture[], head: Head): Promise<number> {
  let count = pictures.length
  for (const { head: since } of pictures.toReversed()) {
    if (await continues(rpc, since, head)) return count
    count -= 1
  }
  return count
}

type Span = {
  readonly addresses: readonly string[]
  readonly since: Head
  readonly head: Head
}

/** One block is asked for by its hash; of several, the last must still be the head afterwards. */
async function readNewLogs(rpc: Rpc, { addresses, since, head }: Span): Promise<readonly Log[]> {
  const query = { addresses, topics: [TOPICS] }
  if (head.number === since.number + 1) return readBlockLogs(rpc, { ...query, block: head.hash })
  const range = { fromBlock: since.number + 1, toBlock: head.number }
  const logs = await readLogs(rpc, { ...query, ...range })
  if ((await readHead(rpc, head.number)).hash === head.hash) return logs
  throw new ChainUnavailable('the chain was reorganised while its logs were read')
}

function applyLogs(
  states: States,
  logs: readonly Log[],
  pools: ReadonlyMap<string, WatchedPool>,
): States | undefined {
  if (logs.length === 0) return states
  const next = new Map(states)
  for (const log of logs) {
    const market = pools.get(log.address)?.market
    const state = market === undefined ? undefined : next.get(market)
    if (market === undefined || state === undefined) continue
    const after = applyLog(state, log)
    if (after === undefined) return undefined
    next.set(market, after)
  }
  return next
}

function applyLog(state: PoolState, log: Log): PoolState | undefined {
  if (state.kind === 'v2') return log.topics[0] === SYNC ? applySync(state, log) : state
  const pool = applyV3Log(state.pool, log)
  return pool && (pool === state.pool ? state : { kind: 'v3', pool })
}
