// Bot live: what was read and what the stream tells meanwhile stand there once each, in order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numbered, plotted } from '../../platform/web/model/bot-live.ts'

const line = (number: number) => ({ number, at: number, text: `line ${number}` })

const told = (at: readonly number[], values = at, chart = 'a') => ({
  ...{ channel: 'bot' as const, id: 'one', type: 'plot' as const },
  plot: { chart, over: null, at: [...at], series: [{ name: 's', values: [...values] }] },
})

test('lines follow those that were read, none is there twice, and the oldest go first', () => {
  const read = [line(1), line(2)]
  assert.equal(numbered(read, [line(1), line(2)], 3), read, 'nothing new is nothing to draw')
  const numbers = (max: number) =>
    numbered(read, [line(2), line(3)], max).map(({ number }) => number)
  assert.deepEqual(
    [numbers(4), numbers(3), numbers(2)],
    [
      [1, 2, 3],
      [1, 2, 3],
      [2, 3],
    ],
  )
})

test('points follow those that were read or take their place, and charts may begin anew', () => {
  const read = plotted([], [told([1, 2])])
  const [chart] = plotted(read, [told([2], [5]), told([3])])
  assert.deepEqual(
    [chart?.at, chart?.series[0]?.values],
    [
      [1, 2, 3],
      [1, 5, 3],
    ],
  )
  const anew = { channel: 'bot', id: 'one', type: 'plot', plot: null } as const
  const after = plotted(read, [anew, told([9], [9], 'b')])
  assert.deepEqual(
    after.map((one) => one.chart),
    ['b'],
  )
})
