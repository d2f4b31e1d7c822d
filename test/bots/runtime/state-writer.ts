// Flushes one state after the other and tells each number when it is durable; to be killed.

import { NO_FILLS } from '#bots/runtime/fill-ledger.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'

const store = openStateStore(process.argv[2] ?? '')
const rest = {
  ...{ figures: {}, positions: {}, counted: NO_FILLS, handled: NO_FILLS },
  ...{ orders: [], idPrefix: '', since: 0 },
}

function write(no: number): void {
  store.put({ no, state: { no, filler: 'x'.repeat(50_000) }, ...rest })
  store.flush()
  process.send?.(no)
  setImmediate(write, no + 1)
}

process.on('disconnect', () => process.exit(0))
write((store.found?.no ?? 0) + 1)
