// The command line of npm start: what it takes, and one line for what it does not.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { StartError } from '#kernel/start-error.ts'
import { parseStartOptions } from '#scripts/demo/options.ts'
import { loadPrices } from '#scripts/demo/prices.ts'

const refuses = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof StartError)
  assert.match(error.message, message)
  return true
}

test('without options it runs until it is stopped', () => {
  const { headless, seconds, prices } = parseStartOptions([])
  assert.deepEqual([headless, seconds, prices.size], [false, null, 0])
})

test('prices of several markets may be given', () => {
  const args = ['--prices', 'BTC-USDC=a.csv', '--prices', 'GBP-USD=b=c.csv.gz']
  const { prices } = parseStartOptions(args)
  assert.deepEqual(prices.get('GBP-USD'), { kind: 'csv', path: 'b=c.csv.gz' })
})

const BAD: readonly (readonly [string, string[], RegExp])[] = [
  ['no number', ['--seconds', 'soon'], /--seconds must be a whole number/],
  ['zero seconds', ['--seconds', '0'], /--seconds must be a whole number/],
  ['an unknown option', ['--fast'], /Unknown option '--fast'/],
  ['an unknown market', ['--prices', 'DOGE-USDC=a.csv'], /write MARKET=FILE\.csv/],
  ['no file', ['--prices', 'BTC-USDC'], /write MARKET=FILE\.csv/],
]

for (const [name, args, message] of BAD) {
  test(`${name} is refused in words`, () => {
    assert.throws(() => parseStartOptions(args), refuses(message))
  })
}

test('every market has a series and goes on where it stood', () => {
  const prices = loadPrices(new Map(), { 'ETH-USDC': 12.5 })
  assert.deepEqual(
    prices.map(({ market, position }) => [market, position]),
    [
      ['BTC-USDC', 0],
      ['ETH-USDC', 12.5],
      ['GBP-USD', 0],
    ],
  )
})

test('a price file that is missing is named', () => {
  const given = new Map([['BTC-USDC', { kind: 'csv', path: '/nowhere/x.csv' } as const]])
  assert.throws(
    () => loadPrices(given, {}),
    refuses(/\/nowhere\/x\.csv: cannot be read \(ENOENT\)/),
  )
})
