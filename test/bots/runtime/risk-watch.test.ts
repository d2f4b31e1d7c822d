// The risk watch: losses of the day and from the peak, at limit - 1, limit and limit + 1.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRiskWatch, type SavedRisk } from '#bots/runtime/risk-watch.ts'

const DAY_US = 86_400_000_000

function watch(dailyLoss: number, drawdown: number, saved?: SavedRisk) {
  const clock = { us: 5 * DAY_US }
  const limits = { dailyLoss, drawdown, flatten: false }
  return { clock, ...createRiskWatch({ limits, saved, now: () => clock.us }) }
}

test('the fall from the peak may reach the limit, wherever the bot began', () => {
  const { look } = watch(1_000, 100)
  const looks = [0, 500, 401, 400, 399].map(look)
  assert.deepEqual(looks, [undefined, undefined, undefined, undefined, 'gate.drawdown'])
})

test('the loss of a day may reach the limit, and counts anew after midnight', () => {
  const { clock, look } = watch(100, 1_000)
  assert.deepEqual([0, -99, -100].map(look), [undefined, undefined, undefined])
  clock.us += DAY_US
  assert.deepEqual([-100, -200].map(look), [undefined, undefined])
  assert.equal(look(-201), 'gate.daily_loss')
})

test('it is told once, a restart forgets neither peak nor halt, and resuming begins anew', () => {
  const first = watch(1_000, 100)
  assert.deepEqual([50, -51, -500].map(first.look), [undefined, 'gate.drawdown', undefined])
  const second = watch(1_000, 100, first.saved())
  assert.equal(second.halted(), 'gate.drawdown')
  second.look(-500)
  second.resume()
  assert.equal(second.halted(), undefined)
  assert.deepEqual([-600, -601].map(second.look), [undefined, 'gate.drawdown'])
})

test('it halts exactly when some fall from the highest before is more than the limit', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1 }), (pnls) => {
      const { look, halted } = watch(Number.POSITIVE_INFINITY, 100)
      for (const pnl of pnls) look(pnl)
      const falls = pnls.map((pnl, at) => Math.max(...pnls.slice(0, at + 1)) - pnl)
      assert.equal(halted() !== undefined, Math.max(...falls) > 100)
    }),
  )
})
