// Same time: whether two requests take the same time, by the medians of 200 that take turns.
//
// Each comes as often after its own kind as after the other one: what a request leaves behind, warm
// caches or a collector at work, is paid for by the next.
// A busy machine can make one round look different; what really differs does so in every round. So
// a round within a tenth is enough, and a difference has to show five times.

import assert from 'node:assert/strict'

const REQUESTS = 200
const ROUNDS = 5
const SHARE = 0.1
const TURNS = [0, 1, 1, 0] as const
/** Below this it is the clock that is measured. */
const CLOCK_MS = 0.05

type Ask = (which: 0 | 1, n: number) => Promise<unknown>

/** `between` is waited for after each request and not measured. */
export async function assertSameTime(
  what: string,
  ask: Ask,
  between: () => Promise<void> = async () => {},
): Promise<void> {
  const rounds: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const times: [number[], number[]] = [[], []]
    for (let n = 0; n < REQUESTS; n += 1) {
      const which = TURNS[n % TURNS.length] ?? 0
      const from = performance.now()
      await ask(which, round * REQUESTS + n)
      times[which].push(performance.now() - from)
      await between()
    }
    const [one, other] = [median(times[0]), median(times[1])]
    const difference = Math.abs(one - other)
    if (difference < CLOCK_MS || difference / Math.max(one, other) < SHARE) return
    rounds.push(`${one.toFixed(3)} and ${other.toFixed(3)} ms`)
  }
  assert.fail(`${what}: ${rounds.join('; ')}`)
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0
}
