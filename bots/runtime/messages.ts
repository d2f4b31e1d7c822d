// Messages between the platform's main process and the bots' runner.
//
// The first message to the runner is its settings, everything after it has a kind. The runner ends
// by itself when the channel closes; nothing here carries a secret back.

import type { Chart } from '#kernel/plots.ts'
import type { PoolDeployment } from './pool-deployment.ts'
import type { RiskLimits } from './risk-gate.ts'
import type { HaltCode, LossLimits } from './risk-watch.ts'

export type ApiKey = { readonly id: string; readonly secret: string }

export type PriceSource =
  | { readonly kind: 'csv'; readonly path: string }
  | {
      readonly kind: 'synthetic'
      readonly seed: number
      readonly count: number
      readonly startPrice: number
      readonly volatility: number
    }

/** An encrypted key, and where the passphrase lies that opens it. */
export type KeystoreAt = { readonly keystore: string; readonly passphraseFile: string }

export type BotSettings = {
  /** 1 to 64 of [A-Za-z0-9._-]. */
  readonly id: string
  /** A name of ours, or the path of a file. */
  readonly strategy: string
  readonly key: ApiKey
  readonly params: Readonly<Record<string, unknown>>
  /** Of its account on chain; null: it does not trade there. */
  readonly privateKey: string | KeystoreAt | null
  readonly state: 'running' | 'paused'
  /** Its envelope; that of its strategy's name unless given. */
  readonly limits?: RiskLimits & LossLimits
  /** By name, in this order; all there are unless given. */
  readonly venues?: readonly string[]
  /** It trades on paper: orders stay in the runner. */
  readonly paper?: PaperSettings
}

export type PaperSettings = {
  /** By asset, as decimals: what the account begins with. */
  readonly balances: Readonly<Record<string, string>>
}

/** What a strategy's set-up is tried with before it is deployed. */
export type RehearsedBot = Pick<BotSettings, 'strategy' | 'params' | 'venues'> & {
  /** The bot whose saved state it would go on from. */
  readonly after?: string
}

/** What is asked of a runner while it runs. */
export type RunnerAsk =
  | { readonly do: 'start'; readonly bot: BotSettings }
  /** Stops it, keeps its state and forgets it. */
  | { readonly do: 'remove' | 'pause' | 'resume'; readonly bot: string }
  | { readonly do: 'rehearse'; readonly bot: RehearsedBot }

export type TakerSettings = {
  readonly key: ApiKey
  readonly seed: number
  readonly markets: readonly string[]
}

export type SwapperSettings = {
  readonly market: string
  readonly privateKey: string
  readonly seed: number
  readonly everyMs: number
  readonly impactStdBps: number
}

export type ChainSettings = { readonly url: string; readonly deployment: PoolDeployment }

export type RunnerSettings = {
  /** http://127.0.0.1:PORT */
  readonly apiUrl: string
  readonly stateFolder: string
  readonly chain: ChainSettings | null
  readonly prices: readonly {
    readonly market: string
    readonly source: PriceSource
    readonly position: number
    readonly speed: number
  }[]
  readonly bots: readonly BotSettings[]
  readonly takers: readonly TakerSettings[]
  readonly swappers: readonly SwapperSettings[]
}

export type ToRunner =
  | { readonly kind: 'pause' | 'resume'; readonly bot: string }
  | { readonly kind: 'ask'; readonly ask: number; readonly what: RunnerAsk }
  | { readonly kind: 'stop' }
  | { readonly kind: 'chain'; readonly chain: ChainSettings | null }

export type BotState = 'starting' | 'running' | 'paused' | 'stopped' | 'failed'

/** What may make an arbitrage lose; any other loss is a bug. */
export type LossCause = 'pool moved' | 'book moved' | 'leg failed' | 'gas'

export type ArbitrageReport = {
  readonly market: string
  /** In quote coins, after fees and gas, when the first leg was sent: always above 0. */
  readonly expectedEdgeQuote: number
  /** null: the first leg was refused before it was sent, and nothing was traded. */
  readonly realisedQuote: number | null
  /** null when it did not lose. */
  readonly cause: LossCause | null
  readonly txHash: string | null
}

export type BotFigures = {
  readonly id: string
  readonly state: BotState
  /** Decimals, in USDC at mid prices; fees and gas are inside pnl. */
  readonly equity: string
  readonly pnl: string
  readonly fees: string
  readonly gas: string
  readonly lastAction: string
  /** Play money: never to be added to anything. */
  readonly isPaper: boolean
  /** The limit that halted it; null unless it waits for a person. */
  readonly halted: HaltCode | null
  /** Of the strategy, since the runner began. */
  readonly crashes: number
  /** Of the strategy; null while it has none. */
  readonly pid: number | null
}

export type SwapReport = {
  readonly market: string
  readonly direction: 'buy' | 'sell'
  /** Smallest units of what went in. */
  readonly amountIn: string
  readonly txHash: string
  /** Microseconds. */
  readonly at: number
}

export type FromRunner =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'prices'
      readonly positions: Readonly<Record<string, number>>
      readonly prices: Readonly<Record<string, number>>
    }
  | ({ readonly kind: 'swap' } & SwapReport)
  | ({ readonly kind: 'arbitrage' } & ArbitrageReport)
  | { readonly kind: 'bots'; readonly items: readonly BotFigures[] }
  /** At once; the figures say it again and again. */
  | { readonly kind: 'halt'; readonly bot: string; readonly code: HaltCode }
  | { readonly kind: 'state'; readonly bot: string; readonly state: BotState }
  /** The chain it was told is in use; null: nothing is sent to any chain any more. */
  | { readonly kind: 'chain'; readonly instance: string | null }
  /** To an ask of this number; null: it is done. */
  | { readonly kind: 'answer'; readonly ask: number; readonly wrong: string | null }
  | { readonly kind: 'log'; readonly bot: string; readonly text: string; readonly at: number }
  | { readonly kind: 'plot'; readonly bot: string; readonly plot: Chart }
  /** It is in the log, too. */
  | { readonly kind: 'note'; readonly bot: string; readonly text: string; readonly at: number }
  | { readonly kind: 'stopped' }
