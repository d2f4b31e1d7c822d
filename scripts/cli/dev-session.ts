// Dev session: one paper account on one exchange, and a strategy in it that can be changed.
//
// The account stays while the strategy is replaced: its resting orders are taken back, its state
// and its position are handed to the next one. Everything ends with the process.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { BotFigures } from '#bots/runtime/messages.ts'
import { createMids, type Mids } from '#bots/runtime/mids.ts'
import { type BotRunner, createBotRunner } from '#bots/runtime/runner.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import { type StartStrategyChild, strategyChildren } from '#bots/runtime/strategy-child.ts'
import { createClient } from '#client/client.ts'
import { createNodeSend } from '#client/send-node.ts'
import { createStream } from '#client/stream.ts'
import { createMarketFeed, type MarketFeed } from '#connectors/internal/market-feed.ts'
import { createInternalVenue, INTERNAL } from '#connectors/internal/venue.ts'
import { openPaperVenue, type PaperVenue } from '#connectors/simulated/paper-venue.ts'
import { type Chart, withChart } from '#kernel/plots.ts'
import { StartError } from '#kernel/start-error.ts'
import { actLine, timeText } from '#scripts/cli/act-lines.ts'
import { plotLines } from '#scripts/cli/plot-lines.ts'

export type DevSession = {
  /** Starts the file as it is now, in the place of what ran. */
  run(params: Readonly<Record<string, unknown>>, markets: readonly string[]): Promise<void>
  close(): Promise<DevEnd>
}

/** All of it on paper. */
export type DevEnd = Pick<BotFigures, 'equity' | 'pnl' | 'fees'> & {
  readonly paper: true
  readonly fills: number
  readonly runs: number
}

export type DevOptions = {
  readonly path: string
  readonly url: string
  readonly balances: Readonly<Record<string, string>>
  readonly print: (line: string) => void
}

type Session = DevOptions & {
  readonly feed: MarketFeed
  readonly venue: PaperVenue
  readonly mids: Mids
  readonly folder: string
  readonly startChild: StartStrategyChild
  runner: BotRunner | undefined
  shown: string
  /** Of the strategy that runs, and what was printed of them. */
  charts: readonly Chart[]
  plotted: readonly string[]
  fills: number
  runs: number
}

const TIMEOUT_MS = 2_000
const FIGURES_MS = 5_000

/** Wide: on paper the strategy itself is looked at. */
const LIMITS = {
  ...{ ordersPerSecond: 50, orderNotional: 1e7, openNotional: 1e8, position: 1e8 },
  ...{ priceBps: 5_000, dataAgeMs: 60_000, dailyLoss: 1e8, drawdown: 1e8, flatten: false },
}

const now = () => Math.floor((performance.timeOrigin + performance.now()) * 1_000)

/** Throws StartError when no exchange answers. */
export async function createDevSession(options: DevOptions): Promise<DevSession> {
  const { url, balances, print } = options
  const sender = createNodeSend()
  const client = createClient({ baseUrl: url, send: sender.send, timeoutMs: TIMEOUT_MS })
  const markets = await client.markets()
  if (markets.kind !== 'done') {
    sender.close()
    throw new StartError(`no exchange answers at ${url}: npm start begins one, --url names another`)
  }
  const stream = createStream({
    url: `${url.replace(/^http/, 'ws')}/v1/stream`,
    onState: (state, why) => {
      if (state === 'waiting') feed.cut(why)
    },
  })
  const feed: MarketFeed = createMarketFeed({ client, stream, now })
  const symbols = markets.value.items.map(({ symbol }) => symbol)
  const live = createInternalVenue({ feed, now })
  const venue = await openPaperVenue({ live, balances, now, log: print })
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-dev-'))
  const session: Session = {
    ...{ ...options, feed, venue, folder, runner: undefined, shown: '', fills: 0, runs: 0 },
    ...{ charts: [], plotted: [] },
    ...{
      mids: createMids({ feed, fallback: () => ({}) }),
      startChild: strategyChildren([]),
    },
  }
  await session.mids.ready()
  print(`on paper at ${url} with ${Object.entries(balances).flat().join(' ')}`)
  watchFills(session)
  const timer = setInterval(() => showFigures(session), FIGURES_MS)
  return {
    run: (params, asked) => run(session, { params, asked, symbols }),
    async close() {
      clearInterval(timer)
      await session.runner?.stop()
      showPlots(session)
      const end = endOf(session)
      print(`the end, on paper: ${textOf(end)}`)
      await venue.close()
      feed.close()
      stream.close()
      sender.close()
      rmSync(folder, { recursive: true, force: true })
      return end
    },
  }
}

type Asked = {
  readonly params: Readonly<Record<string, unknown>>
  readonly asked: readonly string[]
  readonly symbols: readonly string[]
}

async function run(session: Session, { params, asked, symbols }: Asked): Promise<void> {
  const { path, print, venue, folder } = session
  const missing = asked.find((market) => !symbols.some((one) => market === `${INTERNAL}:${one}`))
  if (missing !== undefined) {
    const there = symbols.map((symbol) => `${INTERNAL}:${symbol}`).join(', ')
    print(`${missing} is not here; this exchange has ${there}\nwaiting for the next save`)
    return
  }
  await session.runner?.stop()
  session.runs += 1
  session.charts = []
  print(`${session.runs === 1 ? 'started' : 'started anew'}: ${basename(path)}`)
  const runner = createBotRunner({
    settings: {
      ...{ id: 'dev', strategy: path, params, state: 'running' },
      paper: { balances: session.balances },
    },
    ...{ venues: [{ venue, watch: venue.watch }], treasury: undefined, limits: LIMITS, now },
    ...{ store: openStateStore(join(folder, 'state.json')), priceOf: session.mids.priceOf },
    startChild: (events) =>
      session.startChild({
        ...events,
        onHandled(handled) {
          for (const action of handled.actions) showAct(session, actLine(action))
          events.onHandled(handled)
        },
      }),
    onPlot(plot) {
      session.charts = withChart(session.charts, plot)
    },
    ...{ onReport: () => {}, log: (text) => print(text.replace(/^dev: /, '')) },
  })
  session.runner = runner
  await runner.start()
}

function showAct({ print }: Session, line: string | undefined): void {
  // Notes and logs are printed by the runner.
  if (line !== undefined && !/^(note|log) /.test(line)) print(`${timeText(now())}  ${line}`)
}

function watchFills(session: Session): void {
  session.venue.watch((change) => {
    if (change.kind !== 'fill') return
    session.fills += 1
    const { side, base, quote, symbol, fee, liquidity } = change.fill
    const price = Number(quote) / Number(base)
    const what = `${side} ${base} ${symbol} at ${price.toPrecision(8)} as ${liquidity}`
    session.print(`${timeText(now())}  fill ${what}, fee ${fee.amount} ${fee.asset}`)
  })
}

function showFigures(session: Session): void {
  showPlots(session)
  const text = textOf(endOf(session))
  if (text === session.shown) return
  session.shown = text
  session.print(`on paper: ${text}`)
}

function showPlots(session: Session): void {
  const lines = plotLines(session.charts)
  for (const line of lines) if (!session.plotted.includes(line)) session.print(`plots ${line}`)
  session.plotted = lines
}

function endOf({ runner, fills, runs }: Session): DevEnd {
  const { equity = '0', pnl = '0', fees = '0' } = runner?.figures() ?? {}
  return { paper: true, equity, pnl, fees, fills, runs }
}

function textOf({ equity, pnl, fees, fills }: DevEnd): string {
  return `${fills} fills, equity ${equity}, PnL ${pnl}, fees ${fees} USDC`
}
