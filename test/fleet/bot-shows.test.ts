// What bots show: notes at their bound and beyond it, charts that begin anew, who is told.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Chart, NOTES_MAX } from '#kernel/plots.ts'
import { createBotShows } from '#platform/fleet/bot-shows.ts'
import { LOG_CHARS_MAX } from '#platform/fleet/limits.ts'

const PLOT: Chart = { chart: 'a', over: null, at: [1], series: [{ name: 'b', values: [1] }] }

function shows() {
  const told: [string, string][] = []
  const all = createBotShows((bot, message) => void told.push([bot, JSON.stringify(message)]))
  return { all, told }
}

test('the last 200 notes of each bot are kept, with numbers that go on', () => {
  const numbersAfter = (count: number) => {
    const { all } = shows()
    for (let no = 0; no < count; no += 1) all.note('one', `note ${no}`, no)
    all.note('other', 'alone', 1)
    const numbers = all.notes('one', 0, 1_000).map(({ number }) => number)
    return [numbers.length, numbers[0], numbers.at(-1), all.notes('other', 0, 9).length]
  }
  assert.deepEqual(numbersAfter(NOTES_MAX - 1), [NOTES_MAX - 1, 1, NOTES_MAX - 1, 1])
  assert.deepEqual(numbersAfter(NOTES_MAX), [NOTES_MAX, 1, NOTES_MAX, 1])
  assert.deepEqual(numbersAfter(NOTES_MAX + 1), [NOTES_MAX, 2, NOTES_MAX + 1, 1])
})

test('a note has as many characters as a line of a log', () => {
  const { all } = shows()
  for (const more of [-1, 0, 1]) all.note('one', 'x'.repeat(LOG_CHARS_MAX + more), 1)
  const lengths = all.notes('one', 0, 9).map(({ text }) => text.length)
  assert.deepEqual(lengths, [LOG_CHARS_MAX - 1, LOG_CHARS_MAX, LOG_CHARS_MAX])
})

test('a start begins the charts anew and keeps the notes, an end forgets both', () => {
  const { all, told } = shows()
  all.plot('one', PLOT)
  all.note('one', 'here', 7)
  all.plot('other', PLOT)
  all.begin('one')
  assert.deepEqual([all.plots('one'), all.notes('one', 0, 9).length], [[], 1])
  all.forget('one')
  assert.deepEqual([all.notes('one', 0, 9), all.plots('other')], [[], [PLOT]])
  const types = told.map(([bot, text]) => [bot, JSON.parse(text).type, JSON.parse(text).plot])
  assert.deepEqual(types, [
    ['one', 'plot', PLOT],
    ['one', 'note', undefined],
    ['other', 'plot', PLOT],
    ['one', 'plot', null],
  ])
})
