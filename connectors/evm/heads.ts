// Heads: the newest block, looked at once for all who follow the chain in this process.
//
// Every follower keeps its own place: it is called with the newest head and the head it finished
// before, and called again until it succeeds, so that a failed read delays and never skips.
// Followers run one after the other; the next look waits for them. Of blocks that are told while
// others are followed, the newest counts.

import { createHeadWatch } from './head-watch.ts'
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
  /** ws: or wss: of the same node, which then tells new blocks by itself. */
  readonly streamUrl?: string
  /** Told of every poll that failed; the next one comes anyway. */
  readonly onError?: (error: Error) => void
}

export function createHeads(options: HeadsOptions): Heads {
  const { rpc, pollMs = 100, streamUrl, onError = () => {} } = options
  const places = new Set<Place>()
  let current: Head | undefined
  let told: Head | undefined
  let line: Promise<unknown> = Promise.resolve()

  async function handle(head: Head): Promise<Head> {
    current = head
    for (const place of places) {
      if (place.done?.hash === head.hash) continue
      await place.follower(head, place.done)
      place.done = head
    }
    return head
  }

  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const next = line.then(work)
    line = next.catch(() => {})
    return next
  }

  const refresh = () => inLine(async () => handle(await readHead(rpc, 'latest')))

  async function handleTold(): Promise<void> {
    const newest = told
    told = undefined
    if (newest !== undefined) await handle(newest)
  }

  const watch = createHeadWatch({
    ...{ pollMs, streamUrl },
    async look() {
      const before = current
      await quietly(refresh, onError)
      return before?.hash !== current?.hash
    },
    onHeader(header) {
      void quietly(async () => {
        const isWaiting = told !== undefined
        told = decodeHead(header)
        if (!isWaiting) await inLine(handleTold)
      }, onError)
    },
  })

  return {
    current: () => current,
    refresh,
    follow(follower) {
      const place: Place = { follower, done: undefined }
      places.add(place)
      return () => places.delete(place)
    },
    start: watch.start,
    async stop() {
      watch.stop()
      await line
    },
  }
}

/** The next look comes anyway. */
async function quietly(work: () => Promise<unknown>, onError: (error: Error) => void) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ChainUnavailable)) throw error
    onError(error)
  }
}

/** The header of a block by number or tag; throws ChainUnavailable when the node lacks it. */
export async function readHead(rpc: Rpc, block: number | 'latest' | 'finalized'): Promise<Head> {
  const tag = typeof block === 'number' ? toQuantity(block) : block
  return decodeHead(await read(rpc, 'eth_getBlockByNumber', [tag, false]))
}

function decodeHead(reply: unknown): Head {
  const header = fields(reply)
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
