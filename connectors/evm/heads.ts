// Heads: one poll of the newest block for all who follow the chain in this process.
//
// Every follower keeps its own place: it is called with the newest head and the head it finished
// before, and called again until it succeeds, so that a failed read delays and never skips.
// Followers run one after the other; the next poll waits for them.

import { ChainUnavailable, type Rpc, read } from './provider.ts'
import { fields, index, quantity, text, toQuantity } from './quantity.ts'

export type Head = {
  readonly number: number
  readonly hash: string
  readonly parentHash: string
  /** Seconds since 1970, the chain's own clock. */
  readonly timestamp: number
  readonly baseFeePerGas: bigint
}

/** Handles a new head; `done` is the last head handled with success. */
export type Follower = (head: Head, done: Head | undefined) => Promise<void>

export type Heads = {
  /** The newest head seen, undefined before the first poll. */
  current(): Head | undefined
  /** Polls now and answers when all followers have seen the head. */
  refresh(): Promise<Head>
  follow(follower: Follower): () => void
  start(): void
  stop(): Promise<void>
}

type Place = { readonly follower: Follower; done: Head | undefined }

export type HeadsOptions = {
  readonly rpc: Rpc
  readonly pollMs?: number
  /** Told of every poll that failed; the next one comes anyway. */
  readonly onError?: (error: Error) => void
}

export function createHeads({ rpc, pollMs = 100, onError = () => {} }: HeadsOptions): Heads {
  const places = new Set<Place>()
  let current: Head | undefined
  let line: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let running = false

  async function poll(): Promise<Head> {
    const head = await readHead(rpc, 'latest')
    current = head
    for (const place of places) {
      if (place.done?.hash === head.hash) continue
      await place.follower(head, place.done)
      place.done = head
    }
    return head
  }

  function refresh(): Promise<Head> {
    const next = line.then(poll)
    line = next.catch(() => {})
    return next
  }

  async function loop(): Promise<void> {
    try {
      await refresh()
    } catch (error) {
      if (!(error instanceof ChainUnavailable)) throw error
      onError(error)
    }
    if (running) timer = setTimeout(loop, pollMs)
  }

  return {
    current: () => current,
    refresh,
    follow(follower) {
      const place: Place = { follower, done: undefined }
      places.add(place)
      return () => places.delete(place)
    },
    start() {
      if (running) return
      running = true
      void loop()
    },
    async stop() {
      running = false
      clearTimeout(timer)
      await line
    },
  }
}

/** The header of a block by number or tag; throws ChainUnavailable when the node lacks it. */
export async function readHead(rpc: Rpc, block: number | 'latest' | 'finalized'): Promise<Head> {
  const tag = typeof block === 'number' ? toQuantity(block) : block
  const header = fields(await read(rpc, 'eth_getBlockByNumber', [tag, false]))
  return {
    number: index(header.number),
    hash: text(header.hash),
    parentHash: text(header.parentHash),
    timestamp: index(header.timestamp),
    baseFeePerGas: quantity(header.baseFeePerGas ?? '0x0'),
  }
}

/**
 * Whether `head` continues the chain that `since` ended: false after a reorganisation, after
 * a restart of a development chain and when the node has gone back.
 */
export async function continues(rpc: Rpc, since: Head, head: Head): Promise<boolean> {
  if (head.number <= since.number) return head.hash === since.hash
  if (head.number === since.number + 1) return head.parentHash === since.hash
  return (await readHead(rpc, since.number)).hash === since.hash
}
