// The numbered spec of venues over our own platform: real REST, real stream, a maker in the book.

import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { createClient } from '#client/client.ts'
import type { Send } from '#client/send.ts'
import { createNodeSend } from '#client/send-node.ts'
import { keyAuthorization } from '#client/sign.ts'
import { createStream } from '#client/stream.ts'
import { createMarketFeed, type LocalBook } from '#connectors/internal/market-feed.ts'
import { createInternalTrading } from '#connectors/internal/trading.ts'
import { createInternalVenue } from '#connectors/internal/venue.ts'
import { createCustomer, createExchange } from '../api/exchange.ts'
import { testVenue } from './spec.ts'
import type { VenueUnderTest } from './venue-under-test.ts'

const SYMBOL = 'ETH-USDC'

async function open(): Promise<VenueUnderTest> {
  const exchange = await createExchange()
  await exchange.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = exchange.app.server.address() as AddressInfo // A TCP server has such an address.
  const { key } = await createCustomer(exchange, 'taker')
  const maker = await createCustomer(exchange, 'maker')
  const sender = createNodeSend()
  after(() => sender.close())
  const wire = { isLosing: false }
  const lossy: Send = async (sent) => {
    const answer = await sender.send(sent)
    if (wire.isLosing && sent.method !== 'GET') throw new Error('the answer was lost')
    return answer
  }
  const connect = (of: typeof key, send: Send) => connection({ port, key: of, send })
  await makeBook(connect(maker.key, sender.send).trading)
  const first = connect(key, lossy)
  first.venue.subscribe(SYMBOL, () => {})
  /** Until the book that is told is the one that the platform answers with. */
  const settle = async () => {
    const { text } = await maker.get(`/v1/markets/${SYMBOL}/book?depth=25`)
    const { bids, asks } = JSON.parse(text)
    const isTold = () => isDeepStrictEqual(levelsOf(first.feed.book(SYMBOL)), [bids, asks])
    for (let turn = 0; turn < 6_000 && !isTold(); turn += 1) await sleep(5)
    assert.ok(isTold(), text)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await settle()
  return {
    ...{ venue: first.venue, trading: first.trading },
    ...{ symbol: SYMBOL, size: '0.1', rests: true, quoteUnit: 1e-6 },
    prices: { buy: { fills: '2600', far: '2450' }, sell: { fills: '2400', far: '2550' } },
    settle,
    async losingAnswers(run) {
      wire.isLosing = true
      try {
        return await run()
      } finally {
        wire.isLosing = false
      }
    },
    reopen: async () => connect(key, lossy),
  }
}

type Opening = {
  readonly port: number
  readonly key: Parameters<typeof keyAuthorization>[0]
  readonly send: Send
}

function connection({ port, key, send }: Opening) {
  const authorization = keyAuthorization(key)
  const baseUrl = `http://127.0.0.1:${port}`
  const client = createClient({ baseUrl, authorization, timeoutMs: 30_000, send, retries: 0 })
  const stream = createStream({ url: `ws://127.0.0.1:${port}/v1/stream` })
  const now = () => Math.floor(performance.timeOrigin + performance.now()) * 1_000
  const feed = createMarketFeed({ client, stream, now, also: [] })
  after(() => {
    feed.close()
    stream.close()
  })
  const trading = createInternalTrading({ client })
  return { feed, trading, venue: createInternalVenue({ feed, now, trading }) }
}

/** As REST has them: pairs of price and size, bids first. */
function levelsOf(book: LocalBook | undefined) {
  return [book?.bids, book?.asks].map((side) => side?.map(({ price, size }) => [price, size]))
}

/** Levels that last for all cards, on both sides of 2,500. */
async function makeBook({ place }: ReturnType<typeof connection>['trading']): Promise<void> {
  for (let level = 0; level < 5; level++) {
    for (const side of ['buy', 'sell'] as const) {
      const price = side === 'buy' ? 2_490 - level * 10 : 2_510 + level * 10
      await place({
        ...{ clientOrderId: `maker-${side}-${level}`, sentAt: Date.now() * 1_000, side },
        ...{ symbol: SYMBOL, quantity: { in: 'base', amount: '4' }, timeInForce: 'GTC' },
        limitPrice: `${price}.00`,
      })
    }
  }
}

testVenue(await open())
