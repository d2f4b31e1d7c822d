// The strategy process: one strategy, one channel to its runner, and nothing else.
//
// It ends when the channel closes, so it never outlives its runner. It has an empty environment and
// may read its own code but neither write files nor start processes. A handler that throws ends it;
// the runner starts it again from the saved state.

import type { Strategy } from '../strategy.ts'
import type { ToStrategy } from './channel.ts'
import { createStrategyHost, type StrategyHost } from './strategy-host.ts'

type Loader = () => Promise<{ readonly default: Strategy }>

const STRATEGIES: Readonly<Record<string, Loader>> = {
  'market-making': () => import('../strategies/market-making.ts'),
  arbitrage: () => import('../strategies/arbitrage.ts'),
}

const running: { host: StrategyHost | undefined } = { host: undefined }

process.on('message', (message: ToStrategy) => {
  if (message.kind === 'start') void begin(message)
  else if (running.host !== undefined) process.send?.(running.host.handle(message))
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group; the runner says when it is over.
process.on('SIGINT', () => {})

async function begin(start: Extract<ToStrategy, { kind: 'start' }>): Promise<void> {
  const load = STRATEGIES[start.strategy]
  if (load === undefined) throw new Error(`no strategy ${start.strategy}`)
  const { default: strategy } = await load()
  running.host = createStrategyHost(strategy, start)
  process.send?.(running.host.started)
}
