// The judge of the box's campaign: what it lets pass, and everything that it must not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fill, Order } from '#connectors/venue.ts'
import { type Ending, judge } from '#scripts/campaigns/box/judge.ts'
import type { RunningBot } from '#scripts/campaigns/box/running-bot.ts'

const FILL: Fill = {
  ...{ fillId: '1', clientOrderId: 'a', symbol: 'ETH-USDC', side: 'buy', base: '0.5' },
  ...{ quote: '1500', fee: { asset: 'USDC', amount: '0.3' }, liquidity: 'maker', at: 1 },
}

const SOLD: Fill = { ...FILL, fillId: '2', side: 'sell' }

const STOP: Order = {
  ...{ clientOrderId: 's', venueOrderId: '9', symbol: 'ETH-USDC', side: 'sell', state: 'open' },
  ...{ filledBase: '0', filledQuote: '0', size: '0.5', triggerPrice: '2900' },
}
const { triggerPrice: _, ...QUOTE } = STOP

type Changes = {
  readonly logs?: readonly string[]
  readonly refused?: readonly (readonly [string, number])[]
  readonly open?: readonly Order[]
  readonly held?: number
  readonly fills?: readonly Fill[]
}

function botWith({ logs = [], refused = [], open = [], held = 0.5, fills = [FILL] }: Changes) {
  const bot: Omit<RunningBot, 'runner'> = {
    bot: { strategy: 'grid', params: {}, mustTrade: true },
    counts: { placed: 100, refused: new Map(refused), logs: [...logs] },
    openOrders: async () => open,
    fills: async () => fills,
    positions: () => ({ 'internal:ETH-USDC': held }),
    close: async () => {},
  }
  return bot
}

async function violations(changes: Changes, ending: Partial<Ending> = {}): Promise<number> {
  const end = { states: ['running'], demoSaid: '', seconds: 300, ...ending }
  return (await judge([botWith(changes)], end)).violations
}

test('a stop around what is held may stay, in parts and half filled', async () => {
  assert.equal(await violations({ open: [STOP] }), 0)
  const half = { ...STOP, filledBase: '0.2', size: '0.4' }
  assert.equal(await violations({ open: [half, { ...STOP, size: '0.3' }] }), 0)
})

test('a bot that trades, is refused now and then, and knows what it holds is right', async () => {
  assert.equal(await violations({}), 0)
  assert.equal(await violations({ refused: [['order.would_trigger', 10]] }), 0)
})

for (const [what, changes, ending] of [
  ['an end of the strategy', { logs: ['grid: the strategy ended: code 1'] }, {}],
  ['a halt', { logs: ['grid: gate.drawdown: halted until a person resumes it'] }, {}],
  ['a bot that is paused', {}, { states: ['paused'] }],
  ['a flood of refusals', { refused: [['funds.insufficient', 11]] }, {}],
  [
    'a flood at the gate',
    { logs: Array.from({ length: 11 }, () => 'grid: gate.order_rate: x') },
    {},
  ],
  ['a quote that rests', { open: [QUOTE] }, {}],
  ['a stop on the side of the position', { open: [{ ...STOP, side: 'buy' }] }, {}],
  ['a stop for more than is held', { open: [{ ...STOP, size: '0.51' }] }, {}],
  ['a second stop for all of it', { open: [STOP, STOP] }, {}],
  ['a stop around nothing', { open: [STOP], fills: [FILL, SOLD], held: 0 }, {}],
  ['a fill that the strategy has not counted', { held: 0 }, {}],
  ['a fill that it has counted twice', { held: 1 }, {}],
  ['a fill that there never was', { fills: [FILL, SOLD] }, {}],
  ['a bot that never traded', { fills: [], held: 0 }, {}],
  ['a bot of the demo that ended', {}, { demoSaid: 'bots: arbitrage: the strategy ended: x\n' }],
] as const) {
  test(`${what} is a violation`, async () => {
    assert.equal(await violations(changes, ending), 1)
  })
}

test('a short run says nothing about a bot that never traded', async () => {
  assert.equal(await violations({ fills: [], held: 0 }, { seconds: 10 }), 0)
})
