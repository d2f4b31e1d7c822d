// Seed: what the live views cannot know from the engine's image, read from the database.
//
// Candles, ticker and recent trades of the time before the start, and when a trigger was met and at
// which limit its order was placed. They replace what is there, so
// database and live views must stand at the same event: at start nobody trades yet, and the seed
// waits for the projector. Backfilled candles are not trades and are left out.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { StartError } from '#kernel/start-error.ts'
import { MINUTE_US } from '#kernel/time.ts'
import type { CandleRow, TradeRow } from '../history-rows.ts'
import { DAY_US, INTERVAL_NAMES, INTERVALS, type Interval, openOf } from '../interval.ts'
import { loadCursor } from '../load-projection.ts'
import { queryRows } from '../query.ts'
import { readOwnCandles } from '../sql/read-own-candles.sql.ts'
import { readTrades } from '../sql/read-trades.sql.ts'
import { readTriggered } from '../sql/read-triggered.sql.ts'
import type { LiveSeeds, LiveViews, TriggeredRow } from './live-views.ts'
import { RECENT_TRADES } from './recent-trades.ts'

const PAUSE_MS = 50
/** How long the database may stand still before the start is given up. */
const STALLED_MAX_MS = 30_000

/** Fills in what is not in the image; call it before the first request is served. */
export async function seedLiveViews(live: LiveViews, pool: Pool): Promise<void> {
  let [reached, stalledMs] = [-1, 0]
  while (stalledMs < STALLED_MAX_MS) {
    const { eventNo } = await loadCursor(pool)
    if (eventNo === live.asOf().eventNo) {
      const seeds = await readSeeds(live, pool)
      const after = await loadCursor(pool)
      if (after.eventNo === eventNo && live.asOf().eventNo === eventNo) return live.seed(seeds)
    }
    stalledMs = eventNo > reached ? 0 : stalledMs + PAUSE_MS
    reached = eventNo
    await sleep(PAUSE_MS)
  }
  throw new StartError('the database does not catch up with the journal; see its log')
}

async function readSeeds(live: LiveViews, pool: Pool): Promise<LiveSeeds> {
  const now = live.asOf().time
  const candles = (width: number, part: number, since: number): Promise<CandleRow[]> =>
    queryRows<CandleRow>(pool, readOwnCandles, [width, part, since])
  const minutes = await candles(MINUTE_US, MINUTE_US, openOf(now, MINUTE_US) - DAY_US)
  const running: { interval: Interval; candle: CandleRow }[] = []
  for (const interval of INTERVAL_NAMES) {
    const width = INTERVALS[interval]
    const rows = await candles(width, Math.min(width, MINUTE_US), openOf(now, width))
    running.push(...rows.map((candle) => ({ interval, candle })))
  }
  const trades: TradeRow[] = []
  for (const { id } of live.listing.markets()) {
    const values = [id, Number.MAX_SAFE_INTEGER, RECENT_TRADES]
    trades.push(...(await queryRows<TradeRow>(pool, readTrades, values)).reverse())
  }
  const ids = live.triggeredOrders().map(({ id }) => id)
  const triggered = await queryRows<TriggeredRow>(pool, readTriggered, [ids])
  return { minutes, running, trades, triggered }
}
