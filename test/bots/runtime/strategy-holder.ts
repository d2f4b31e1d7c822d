// Starts a strategy process as a runner would, and tells its pid; to be killed.

import { startStrategyChild } from '#bots/runtime/strategy-child.ts'
import { START } from './start-message.ts'

const child = startStrategyChild({
  onHandled: () => process.send?.(child.pid),
  onEnd: () => {},
  log: () => {},
})
child.send(START)
