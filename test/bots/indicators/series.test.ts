// Series: access by age, crossings, direction, and the refusal to make a number up.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLine, KEPT } from '#bots/indicators/series.ts'
import { createSum } from '#bots/indicators/window.ts'
import { createUniform } from '#bots/random.ts'

function lineOf(...values: number[]) {
  const line = createLine({ name: 'test', needs: 2, seen: () => values.length })
  for (const value of values) line.push(value)
  return line.series
}

test('a value is read by its age, the newest at 0', () => {
  const series = lineOf(1, 2, 3)
  assert.deepEqual([series.value, series.at(0), series.at(1), series.at(2)], [3, 3, 2, 1])
  assert.equal(series.length, 3)
})

test('a value that is not there throws and is never made up', () => {
  const series = lineOf(1)
  for (const age of [1, -1, 0.5, Number.NaN]) assert.throws(() => series.at(age), /no value/)
  assert.throws(() => lineOf().value, /no value/)
  assert.throws(() => lineOf(Number.NaN), /became NaN/)
})

test('exactly the last values are kept', () => {
  const series = lineOf(...Array.from({ length: KEPT + 5 }, (_, index) => index))
  assert.equal(series.length, KEPT)
  assert.equal(series.at(KEPT - 1), 5)
  assert.throws(() => series.at(KEPT), /no value/)
})

test('a series is warm after as many bars as it needs', () => {
  assert.equal(lineOf(1).isWarm(), false)
  assert.equal(lineOf(1, 2).isWarm(), true)
})

test('a crossing is told on the bar on which it happens, a touch before it included', () => {
  const still = lineOf(5, 5, 5)
  assert.equal(lineOf(3, 4, 6).crossedAbove(still), true)
  assert.equal(lineOf(3, 5, 6).crossedAbove(still), true)
  assert.equal(lineOf(3, 6, 7).crossedAbove(still), false, 'it crossed the bar before')
  assert.equal(lineOf(3, 4, 5).crossedAbove(still), false, 'a touch is no crossing')
  assert.equal(lineOf(7, 6, 4).crossedBelow(5), true)
  assert.equal(lineOf(7, 5, 4).crossedBelow(5), true)
  assert.equal(lineOf(7, 6, 5).crossedBelow(5), false)
})

test('rising and falling ask each of the last steps', () => {
  assert.equal(lineOf(1, 2, 3).rising(2), true)
  assert.equal(lineOf(2, 2, 3).rising(2), false)
  assert.equal(lineOf(2, 2, 3).rising(), true)
  assert.equal(lineOf(3, 2, 1).falling(2), true)
  assert.equal(lineOf(3, 3, 1).falling(2), false)
})

test('a line knows its newest value, undefined before the first', () => {
  const line = createLine({ name: 'test', needs: 1, seen: () => 0 })
  assert.equal(line.last(), undefined)
  line.push(1)
  assert.equal(line.last(), 1)
})

test('a sum of the last numbers is exact again as soon as a huge one has left', () => {
  const sum = createSum(5)
  const uniform = createUniform(3)
  const values: number[] = []
  for (let step = 0; step < 400; step += 1) {
    values.push(step % 37 === 0 ? 1e15 : Math.floor(uniform() * 100))
    const last = values.slice(-5)
    const expected = last.reduce((all, value) => all + value, 0)
    const now = sum.push(values.at(-1) ?? 0)
    if (!last.includes(1e15)) assert.equal(now, expected)
    else assert.ok(Math.abs(now - expected) <= 1)
  }
})
