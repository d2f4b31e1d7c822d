// The ticket in a browser: every kind of order is written, said by its button, sent as the API has
// it, and taken by the exchange. Pictures show the kinds with the most fields, and a market in an
// auction.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { KINDS } from '#platform/web/model/ticket-kinds.ts'
import { openBrowser, visit } from './browser.ts'
import { createExchangeWithPage } from './exchange-with-page.ts'

const exchange = await createExchangeWithPage()
/** Orders that trade at the market once triggered need a collar. */
const setCollar = (collarBps: number) =>
  exchange.sequencer.submit({
    ...{ kind: 'setMarket', market: asId(0), minNotional: asUnit(1_000_000), collarBps },
    ...{ bandBps: 0, bandWindowUs: 0, haltUs: 0, auctionUs: 0 },
    ...{ sessionOpenUs: 0, sessionCloseUs: 0 },
  })
await setCollar(500)
const browser = await openBrowser()
const desk = await visit(browser, exchange.url)
const { page } = desk

type Sent = Readonly<Record<string, string>>
const sent: Sent[] = []
const statuses: number[] = []

/** The exchange itself answers; what was sent, and how that ended, is remembered. */
await page.route('**/v1/orders', async (route) => {
  if (route.request().method() !== 'POST') return route.continue()
  const response = await route.fetch()
  sent.push(route.request().postDataJSON())
  statuses.push(response.status())
  return route.fulfill({ response })
})

await page.getByRole('button', { name: 'Register', exact: true }).click()
await page.getByLabel('E-mail').fill('ada@example.com')
await page.getByLabel('Password').fill('correct horse battery')
await page.getByRole('button', { name: 'Create account' }).click()
await page.locator('.menu-button').filter({ hasText: 'ada@example.com' }).waitFor()
await page.getByRole('tab', { name: 'Balances' }).click()
await page.getByRole('button', { name: 'Get demo coins' }).click()
await page.locator('.tab-body tr').filter({ hasText: 'USDC' }).first().waitFor()

async function choose(name: string): Promise<void> {
  const tab = page.getByRole('button', { name, exact: true })
  if ((await tab.count()) > 0) await tab.click()
  else await page.getByLabel('More kinds of orders').selectOption({ label: name })
}

async function write(fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(text)
  }
}

async function send(words: string): Promise<Sent> {
  const before = sent.length
  const button = page.locator('.send')
  await button.filter({ hasText: words }).waitFor()
  await button.click()
  for (let turn = 0; turn < 6_000 && sent.length === before; turn += 1)
    await page.waitForTimeout(10)
  const { clientOrderId: _id, sentAt: _at, market: _market, ...said } = sent.at(-1) ?? {}
  await button.filter({ hasText: /^(Buy|Sell) BTC$/ }).waitFor()
  return said
}

const SIZE = { Size: '0.01' }
const EVERY_KIND = [
  {
    name: 'Limit',
    fields: { Price: '45000' },
    words: 'Buy 0.01 BTC at 45,000',
    said: { type: 'limit', price: '45000' },
  },
  { name: 'Market', fields: {}, words: 'Buy 0.01 BTC at market', said: { type: 'market' } },
  {
    name: 'Stop',
    fields: { Trigger: '48000' },
    words: 'Buy 0.01 BTC stop at 48,000',
    said: { type: 'stop', triggerPrice: '48000' },
  },
  {
    name: 'Stop-limit',
    fields: { Trigger: '48000', Price: '48100' },
    words: 'Buy 0.01 BTC at 48,100, from 48,000',
    said: { type: 'stop-limit', triggerPrice: '48000', price: '48100' },
  },
  {
    name: 'Take-profit',
    fields: { Trigger: '44000' },
    words: 'take profit at 44,000',
    said: { type: 'take-profit', triggerPrice: '44000' },
  },
  {
    name: 'Trailing stop',
    fields: { Distance: '250' },
    words: 'trailing by 250',
    said: { type: 'trailing-stop', trail: '250' },
  },
  {
    name: 'Iceberg',
    fields: { Price: '45000', 'Shown size': '0.002' },
    words: 'at 45,000, showing 0.002',
    said: { type: 'limit', price: '45000', displaySize: '0.002' },
  },
  {
    name: 'OCO',
    fields: { Price: '45000', Trigger: '48000', 'Stop limit': '48100' },
    words: 'at 45,000 or stop at 48,000',
    said: { type: 'oco', price: '45000', triggerPrice: '48000', stopPrice: '48100' },
  },
  {
    name: 'Bracket',
    fields: { Price: '45000', 'Take profit': '48000', Trigger: '44000' },
    words: 'at 45,000, out at 48,000 or 44,000',
    said: { type: 'limit', price: '45000', takeProfitPrice: '48000', triggerPrice: '44000' },
  },
] as const

test('every kind is written, said by the button, sent, and taken by the exchange', async () => {
  assert.deepEqual(
    EVERY_KIND.map(({ name }) => name),
    KINDS.map(({ name }) => name),
  )
  for (const { name, fields, words, said } of EVERY_KIND) {
    await choose(name)
    await write({ ...fields, ...SIZE })
    if (name === 'OCO' || name === 'Bracket') await desk.picture(`desktop-ticket-${said.type}`)
    const body = await send(words)
    assert.deepEqual(body, { side: 'buy', size: '0.01', ...said }, name)
    assert.equal(statuses.at(-1), 201, name)
  }
})

test('what may stay empty may, and what may not is said beside its field', async () => {
  await choose('OCO')
  await write({ Price: '45000', Trigger: '', 'Stop limit': '', ...SIZE })
  await page.locator('.send').click()
  await page.locator('.ticket-field.refused').filter({ hasText: 'Write the trigger' }).waitFor()
  await desk.picture('desktop-ticket-refused')
  await write({ Trigger: '48000' })
  const body = await send('at 45,000 or stop at 48,000')
  assert.equal('stopPrice' in body, false)
})

test('a bracket buys only: choosing to sell leaves it', async () => {
  await choose('Bracket')
  await page.getByRole('button', { name: 'Sell', exact: true }).click()
  assert.equal(await page.getByLabel('Take profit', { exact: true }).count(), 0)
  await choose('Bracket')
  const pressed = page.getByRole('button', { name: 'Buy', exact: true })
  assert.equal(await pressed.getAttribute('aria-pressed'), 'true')
})

test('open orders say their kind, what they wait for and what they show', async () => {
  await page.getByRole('tab', { name: /^Orders/ }).click()
  for (const text of [
    /stop limit/,
    /trailing stop.*± 250/,
    /iceberg.*0.01.*0.002/,
    /oco.*48,000/,
  ]) {
    await page.locator('.tab-body tr').filter({ hasText: text }).first().waitFor()
  }
  await desk.picture('desktop-orders-kinds')
  assert.deepEqual(desk.errors, [])
})

test('a refusal is shown beside a field that the kind has, with what is wrong', async () => {
  const refused = async (label: string, text: RegExp): Promise<void> => {
    const field = page.locator('.ticket-field.refused').filter({ hasText: text })
    await field.waitFor()
    assert.equal(await field.locator('label').textContent(), label)
  }
  await choose('Stop')
  await write({ Trigger: '999999999999', ...SIZE })
  await page.locator('.send').click()
  await refused('Trigger', /The price is out of bounds.*order.price_out_of_band/)
  await choose('OCO')
  await write({ Price: '48000', Trigger: '45000', ...SIZE })
  await page.locator('.send').click()
  await refused('Trigger', /The trigger price of an OCO that buys must be above its price/)
  await choose('Bracket')
  await write({ Price: '45000', 'Take profit': '44900', Trigger: '44000', ...SIZE })
  await page.locator('.send').click()
  await refused('Take profit', /The take-profit price of a bracket must be above its price/)
})

test('a stop of 100 % counts with the collar and is taken', async () => {
  await choose('Stop')
  await write({ Trigger: '48000' })
  await page.getByRole('button', { name: '100 %' }).click()
  await page.locator('.cost-line').filter({ hasText: 'You pay, at most' }).waitFor()
  await desk.picture('desktop-ticket-stop-all')
  await send('stop at 48,000')
  assert.equal(statuses.at(-1), 201)
})

test('a collar that changes while an order is written counts without a reload', async () => {
  const pays = page.locator('.cost-line').filter({ hasText: 'You pay, at most' })
  await choose('Stop')
  await write({ Trigger: '50000', ...SIZE })
  await pays.filter({ hasText: /525\.\d\d USDC/ }).waitFor()
  await setCollar(1_000)
  await pays.filter({ hasText: /550\.\d\d USDC/ }).waitFor()
  assert.equal(await page.getByLabel('Trigger', { exact: true }).inputValue(), '50000')
})

test('a market in an auction says so first, with what it would trade', async () => {
  await page.routeWebSocket('**/v1/stream', (socket) => {
    const server = socket.connectToServer()
    server.onMessage((message) => {
      const isState = String(message).startsWith('{"channel":"market"')
      socket.send(isState ? JSON.stringify(AUCTION) : message)
    })
  })
  await page.reload()
  for (const text of [/Phase until.*auction/, /Auction \(BTC\).*46,500.5 × 1.25/, /Mark.*46,510/]) {
    await page.locator('.stat').filter({ hasText: text }).first().waitFor()
  }
  await desk.picture('desktop-auction')
})

const AUCTION = {
  ...{ channel: 'market', market: 'BTC-USDC', at: 1, phase: 'auction', markPrice: '46510.0' },
  ...{ phaseEndsAt: Date.now() * 1_000, indicative: { price: '46500.5', volume: '1.25' } },
}
