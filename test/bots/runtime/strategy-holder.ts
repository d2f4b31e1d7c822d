// Starts a strategy process as a runner would, and tells its pid; to be killed.

import { strategyChildren } from '#bots/runtime/strategy-child.ts'
import { START } from './start-message.ts'

const child = strategyChildren([])({
  strategy: 'market-making',
  onHandled: () => process.send?.(child.pid),
  onEnd: () => {},
  log: () => {},
})
child.send(START)
