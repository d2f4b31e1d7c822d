// The refusal of a deployment: which line stands beside which field.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Refusal } from '#client/outcome.ts'
import { ENVELOPE } from '#platform/fleet/envelope.ts'
import { errorsOf, sourceErrorOf } from '#platform/web/model/bot-errors.ts'
import { LIMIT_FIELDS, readLimits, writtenLimits } from '#platform/web/model/limit-fields.ts'

const FORM = {
  params: [
    { name: 'percent', kind: 'number', initial: 5 },
    { name: 'market', kind: 'market', initial: 'internal:ETH-USDC' },
  ],
  written: new Map([['market', 'internal:NONE-USDC']]),
}

function refusal(code: Refusal['code'], details: Record<string, string> = {}): Refusal {
  return { kind: 'refused', status: 422, code, message: 'No.', details }
}

test('lines about a strategy go to the field that they mean, the others to its text', () => {
  const errors = errorsOf(
    refusal('bot.strategy_invalid', {
      line1: 'strategy.ts(8,19): error TS2345: wrong',
      line2: 'parameter percent does not fit',
      line3: 'strategy.ts(7,15): no market internal:NONE-USDC',
      line4: 'parameter other does not fit',
    }),
    FORM,
  )
  assert.deepEqual(Object.fromEntries(errors), {
    source: 'strategy.ts(8,19): error TS2345: wrong\nparameter other does not fit',
    'param percent': 'parameter percent does not fit',
    'param market': 'no market internal:NONE-USDC',
  })
})

test('every other code has its field, and what nobody can place stands at the end', () => {
  for (const [code, details, field] of [
    ['funds.insufficient', {}, 'budget'],
    ['asset.unknown', {}, 'budget'],
    ['bot.venue_unknown', { venue: 'moon' }, 'venues'],
    ['idempotency.mismatch', {}, 'id'],
    ['bot.strategy_invalid', {}, 'source'],
    ['bot.limit', {}, 'form'],
    ['request.malformed', { where: 'body/budget/0/amount', why: 'pattern' }, 'budget'],
    ['request.malformed', { where: 'body/limits/drawdown', why: 'minimum' }, 'limit drawdown'],
    ['request.malformed', { where: 'body/params/percent', why: 'anyOf' }, 'param percent'],
    ['request.malformed', {}, 'form'],
  ] as const) {
    assert.deepEqual([...errorsOf(refusal(code, details), FORM).keys()], [field], code)
  }
})

test('a line of a compiler tells its place', () => {
  assert.deepEqual(sourceErrorOf('strategy.ts(8,19): error TS2345: Wrong.'), {
    ...{ line: 8, column: 19, text: 'TS2345: Wrong.' },
  })
  assert.equal(sourceErrorOf('no market internal:X'), undefined)
})

test('every limit of the envelope is a field, and only what was changed is sent', () => {
  const names = [...LIMIT_FIELDS.map(({ name }) => name), 'flatten']
  assert.deepEqual(names.sort(), Object.keys(ENVELOPE).sort())
  const written = writtenLimits(ENVELOPE)
  assert.deepEqual(readLimits(written, ENVELOPE), { changed: {}, wrong: [] })
  const changed = new Map([...written, ['drawdown', '1,000'], ['flatten', false]] as const)
  const after = { changed: { drawdown: 1_000, flatten: false }, wrong: [] }
  assert.deepEqual(readLimits(changed, ENVELOPE), after)
  const wrong = new Map([...written, ['position', '-1'], ['dailyLoss', '']] as const)
  assert.deepEqual(readLimits(wrong, ENVELOPE).wrong, ['position', 'dailyLoss'])
})
