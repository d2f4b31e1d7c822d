// The bots' part of the page in a browser, over a real exchange with real runners: deploy, watch,
// pause, update, roll back, a bot that fails, stop. Pictures of the states are for eyes.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { createCustomer, PASSWORD } from '../api/exchange.ts'
import { createFleetUnderTest, until } from '../fleet/fleet-under-test.ts'
import { openBrowser, type Visit, visit } from './browser.ts'
import { buildPage, DIST } from './exchange-with-page.ts'

const SOURCE = `import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: 'rests-and-buys',
  params: {
    market: p.market('internal:ETH-USDC'),
    percent: p.number(0.1, 50, 5),
    rests: p.int(1, 5, 2),
    mood: p.choice(['calm', 'bold'], 'calm'),
    fails: p.bool(false),
  },
  state: { bought: false },
  setup(ctx, { market, percent, rests, mood, fails }) {
    const m = ctx.market(market)
    ctx.every(300, () => {
      if (fails) throw new Error('the price is not a number')
      const price = m.price()
      if (price === undefined || ctx.isPaused()) return
      if (!ctx.state.bought) {
        m.place({ side: 'buy', size: 0.02 })
        ctx.state.bought = true
        ctx.log('bought at first sight, ' + mood)
      }
      for (let at = m.orders().length; at < rests; at += 1) {
        m.place({ side: 'buy', size: 0.01, price: price * (1 - (percent + at) / 100) })
      }
    })
  },
})
`
/** One chart that shows no prices, and a word for people. */
const EXTRA = `ctx.onStart(() => ctx.note('it begins with <b>nothing</b>'))
    ctx.plot('range', { atr })
    `
const WAIT_MS = 60_000
const PHONE = { width: 390, height: 844 }

buildPage()
const [under, browser] = await Promise.all([
  createFleetUnderTest({ pageFolder: DIST }),
  openBrowser(),
])
const ada = await under.deployer('ada')
const bob = await under.deployer('bob')
const desk = await visit(browser, `${under.url}/#ETH-USDC`)
const { page } = desk
// Every check starts a compiler and every bot a process: on a busy machine that takes its time.
page.setDefaultTimeout(WAIT_MS)
const modal = page.locator('.modal')

/** A bot of the box, with averages of few bars: exponential ones of seconds settle after 50. */
const CROSS = readFileSync(
  resolve(import.meta.dirname, '../../bots/strategies/ema-cross.ts'),
  'utf8',
).replaceAll(/\bbars\.(ema|atr)\(/g, 'bars.sma(')
const crossing = await bob.ask('POST', '/v1/bots', {
  ...{ id: 'cross', requestId: 'cross-1', source: CROSS.replace('ctx.plot(', `${EXTRA}$&`) },
  params: { interval: '1s', fast: 2, slow: 3, atrBars: 2 },
  budget: [{ asset: 'USDC', amount: '500' }],
})
assert.equal(crossing.status, 201, crossing.text)
const trader = await createCustomer(under.exchange, 'trader')
const sides = ['buy', 'buy', 'sell'] as const
const traded = { count: 0 }
const trade = (): void => {
  const side = sides[traded.count % sides.length]
  traded.count += 1
  void trader.post('/v1/orders', { market: 'ETH-USDC', type: 'market', side, size: '0.01' })
}
/** So that there are bars, until the test of the plots is over. */
const trading = [setInterval(trade, 2_000)]

async function hasText(selector: string, text: string | RegExp, on = page): Promise<void> {
  await on.locator(selector).filter({ hasText: text }).first().waitFor()
}

async function signIn({ page: on }: Visit, email: string): Promise<void> {
  await on.getByRole('button', { name: 'Sign in', exact: true }).first().click()
  await on.getByLabel('E-mail').fill(email)
  await on.getByLabel('Password').fill(PASSWORD)
  await on.locator('.modal').getByRole('button', { name: 'Sign in', exact: true }).click()
  await on.locator('.modal').waitFor({ state: 'detached' })
}

async function field(label: string, text: string): Promise<void> {
  await modal.getByLabel(label, { exact: true }).fill(text)
}

/** What is wrong is said first; the field has the focus a moment later. */
async function isFocused(label: string): Promise<void> {
  await modal.getByLabel(label, { exact: true }).and(page.locator(':focus')).waitFor()
}

test('a stranger sees the bots of the platform and how to have some', async () => {
  await page.getByRole('tab', { name: /^Bots/ }).click()
  await hasText('.bots-note', 'Sign in to deploy bots')
  await page.getByRole('list', { name: 'Bots of the platform' }).waitFor()
})

test('somebody without bots is told what to do next', async () => {
  await signIn(desk, ada.email)
  await hasText('.bots-bar', 'You have none yet')
  await desk.picture('bots-empty')
})

test('what the compiler says stands below the text and leads to its line', async () => {
  await page.getByRole('button', { name: 'Deploy a bot' }).click()
  await modal.getByLabel('Take one of the box').selectOption('grid')
  await hasText('legend', 'Parameters of grid')
  assert.match(await modal.getByLabel('Strategy').inputValue(), /^\/\/ Grid: buys a step lower/)
  await desk.picture('bots-box')
  await field('Name', '')
  await modal.getByLabel('Strategy').fill(SOURCE.replace('size: 0.02', 'size: true'))
  await page.getByRole('button', { name: 'Check the strategy' }).click()
  await hasText('.source-errors', /Line 20.*not assignable/)
  await desk.picture('bots-refused')
  await modal.getByRole('button', { name: 'Line 20' }).click()
  await isFocused('Strategy')
  const at = await page.evaluate('document.activeElement.selectionStart')
  assert.equal(SOURCE.slice(0, Number(at)).split('\n').length, 20)
})

test('a file makes the fields that it asks for, with bounds and first values', async () => {
  const buffer = Buffer.from(SOURCE)
  const file = { name: 'rests.ts', mimeType: 'text/typescript', buffer }
  await modal.getByLabel('Choose a file').setInputFiles(file)
  await hasText('legend', 'Parameters of rests-and-buys')
  assert.equal(await modal.getByLabel('percent', { exact: true }).inputValue(), '5')
  await hasText('.form-field', /percent.*0.1 to 50, first 5/)
  assert.deepEqual(await modal.getByLabel('mood').locator('option').allTextContents(), [
    ...['calm', 'bold'],
  ])
  assert.equal(await modal.getByLabel('fails').isChecked(), false)
  assert.equal(await modal.getByLabel('Name', { exact: true }).inputValue(), 'rests-and-buys')
})

test('what does not fit is said beside its field, here or by the platform', async () => {
  await field('percent', '90')
  await field('Budget', '100000.01')
  await page.getByRole('button', { name: 'Deploy rests-and-buys' }).click()
  await hasText('.form-field.refused', 'A number from 0.1 to 50.')
  await isFocused('percent')
  await field('percent', '4')
  await field('market', 'internal:NONE-USDC')
  await page.getByRole('button', { name: 'Deploy rests-and-buys' }).click()
  await hasText('.form-field.refused', /Budget.*funds.insufficient/)
  await field('Budget', '1000')
  await page.getByRole('button', { name: 'Deploy rests-and-buys' }).click()
  await hasText('.form-field.refused', /market.*no market internal:NONE-USDC/)
  await desk.picture('bots-form')
})

test('Enter deploys, and the bot stands there with orders, fills, log and course', async () => {
  await field('market', 'internal:ETH-USDC')
  await page.keyboard.press('Enter')
  await modal.waitFor({ state: 'detached' })
  await hasText('.bot.chosen', /rests-and-buys\s*running/)
  await page.getByRole('tab', { name: 'Orders (2)' }).waitFor()
  await hasText('.bot-part tr', /ETH-USDC.*buy.*limit/)
  await hasText('.bot-dots', 'fills of rests-and-buys')
  await page.locator('.course svg').waitFor()
  await desk.picture('bots-detail')
  await page.locator('.bot-parts').getByRole('tab', { name: 'Fills' }).click()
  await hasText('.bot-part tr', /ETH-USDC.*buy.*2,510.00.*0.02/)
})

test('the log is live, and a pause says first what it does', async () => {
  await page.getByRole('tab', { name: 'Log' }).click()
  await hasText('.log', 'bought at first sight, calm')
  await page.locator('.bot-detail').getByRole('button', { name: 'Pause rests-and-buys' }).click()
  await hasText('.modal', /Its 2 open orders are cancelled at once/)
  await desk.picture('bots-pause')
  await page.keyboard.press('Escape')
  assert.equal(await page.locator('.bot-detail .state').textContent(), 'running')
  await page.locator('.bot-detail').getByRole('button', { name: 'Pause rests-and-buys' }).click()
  await modal.getByRole('button', { name: 'Pause rests-and-buys' }).click()
  await hasText('.log', 'paused by a person')
  await page.getByRole('tab', { name: 'Orders', exact: true }).last().click()
  await hasText('.bot-part', 'No open orders')
  await page.locator('.bot-detail').getByRole('button', { name: 'Resume rests-and-buys' }).click()
  await page.getByRole('tab', { name: 'Orders (2)' }).waitFor()
})

test('an update begins the next version, and a roll-back brings the old one', async () => {
  await page.getByRole('button', { name: 'Update rests-and-buys' }).click()
  await hasText('legend', 'Parameters of rests-and-buys')
  assert.equal(await modal.getByLabel('percent', { exact: true }).inputValue(), '4')
  await modal.getByLabel('mood').selectOption('bold')
  await field('rests', '3')
  await page.getByRole('button', { name: 'Start version 2 of rests-and-buys' }).click()
  await page.getByRole('tab', { name: 'Orders (3)' }).waitFor()
  await page.getByRole('tab', { name: 'Versions' }).click()
  await hasText('tr', /^2.*mood bold.*rests 3.*runs/)
  await page.getByRole('button', { name: 'Roll back to version 1' }).click()
  await hasText('.modal', 'Version 3 begins: text, parameters, venues and limits of version 1')
  await modal.getByRole('button', { name: 'Roll back to version 1' }).click()
  await hasText('tr', /^3 like 1.*mood calm.*rests 2.*runs/)
  await desk.picture('bots-versions')
})

test('a bot that fails says so aloud, in its card and with its reason', async () => {
  await page.getByRole('button', { name: 'Update rests-and-buys' }).click()
  await modal.getByLabel('fails').check()
  await page.getByRole('button', { name: 'Start version 4 of rests-and-buys' }).click()
  await hasText('.bot-detail .bot-alert', /(Crashed|Given up).*the price is not a number/)
  await hasText(
    '[aria-live=polite]',
    /rests-and-buys: (crashed|given up).*the price is not a number/,
  )
  await desk.picture('bots-failed')
})

/** Points of this colour in the chart of prices. */
const COUNT_COLOUR = `(rgb) => [...document.querySelectorAll('.chart-canvas canvas')]
  .filter(({ width, height }) => width > 0 && height > 0)
  .map((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data)
  .reduce((sum, data) => {
    for (let at = 0; at < data.length; at += 4) {
      if (rgb.every((one, index) => Math.abs(one - data[at + index]) < 24)) sum += 1
    }
    return sum
  }, 0)`

test('what a strategy plots is over the prices or in a chart of its own, with notes', async () => {
  trading.push(setInterval(trade, 600))
  const { page: own, picture, errors } = await visit(browser, `${under.url}/#ETH-USDC`)
  own.setDefaultTimeout(WAIT_MS)
  const seen = async (rgb: string) => Number(await own.evaluate(`(${COUNT_COLOUR})(${rgb})`))
  await signIn({ page: own, picture, errors }, bob.email)
  await own.getByRole('button', { name: '1s', exact: true }).click()
  await own.getByRole('tab', { name: /^Bots/ }).click()
  await own.getByRole('button', { name: 'cross', exact: true }).click()
  await hasText('.legend', /quick 2,\d{3}\.\d\d.*calm 2,\d{3}\.\d\d/, own)
  assert.doesNotMatch(String(await own.locator('.legend').textContent()), /atr/)
  for (const rgb of ['[229, 176, 74]', '[76, 201, 224]']) {
    await until(
      async () => (await seen(rgb)) > 30,
      () => `a line of ${rgb}`,
    )
  }
  await own.getByRole('tab', { name: 'Plots' }).click()
  await hasText('.plot', /^range.*atr \d/, own)
  await hasText('.plot', /^trend.*over ETH-USDC.*quick 2,.*calm 2,/, own)
  await hasText('.notes', 'it begins with <b>nothing</b>', own)
  const line = () => own.locator('.plot path').first().getAttribute('d')
  const before = await line()
  await until(
    async () => (await line()) !== before,
    () => 'another point of a chart',
  )
  await picture('bots-plots')
  await own.getByRole('tab', { name: 'Log' }).click()
  await hasText('.log .note', 'note: it begins with', own)
  await own.setViewportSize(PHONE)
  await own.getByRole('button', { name: 'Orders', exact: true }).click()
  await own.getByRole('tab', { name: 'Plots' }).click()
  await hasText('.plot', /^trend/, own)
  const over = await own.evaluate('document.documentElement.scrollWidth - innerWidth')
  assert.ok(Number(over) <= 0, `plots overflow a phone by ${over} px`)
  await picture('phone-bots-plots')
  await own.getByRole('button', { name: 'Close cross' }).click()
  await own.setViewportSize({ width: 1440, height: 900 })
  await until(
    async () => (await seen('[76, 201, 224]')) === 0,
    () => 'the lines are gone with the bot',
  )
  assert.deepEqual(errors, [])
  await own.close()
})

test('whoever traded for the bars of the tests before ends', () => {
  for (const one of trading) clearInterval(one)
  assert.ok(traded.count > 0)
})

test('everything fits a phone, and light is a theme of it, too', async () => {
  const mobile = { viewport: PHONE, isMobile: true, hasTouch: true }
  const phone = await visit(browser, `${under.url}/#ETH-USDC`, mobile)
  phone.page.setDefaultTimeout(WAIT_MS)
  const fits = async (name: string): Promise<void> => {
    await phone.page.waitForTimeout(250)
    const over = await phone.page.evaluate('document.documentElement.scrollWidth - innerWidth')
    assert.ok(Number(over) <= 0, `${name} overflows by ${over} px`)
    await phone.picture(name)
  }
  await signIn(phone, ada.email)
  await phone.page.getByRole('button', { name: 'Orders', exact: true }).click()
  await phone.page.getByRole('tab', { name: /^Bots/ }).click()
  await phone.page.getByRole('button', { name: 'rests-and-buys', exact: true }).waitFor()
  await fits('phone-bots')
  await phone.page.getByRole('button', { name: 'rests-and-buys', exact: true }).click()
  await hasText('.bot-parts', 'Versions', phone.page)
  await fits('phone-bots-detail')
  await phone.page.getByRole('button', { name: 'Update rests-and-buys' }).click()
  await hasText('legend', 'Parameters of', phone.page)
  await fits('phone-bots-form')
  assert.deepEqual(phone.errors, [])
  await phone.page.close()
  await page.emulateMedia({ colorScheme: 'light' })
  await page.waitForTimeout(250)
  await desk.picture('bots-light')
})

test('a stop says that it is for good, and ends among the stopped ones', async () => {
  await page.getByRole('button', { name: 'Stop rests-and-buys' }).click()
  await hasText('.modal', 'only deployed anew')
  await modal.getByLabel('Close its positions at the market first').check()
  await hasText('.modal', 'What it has bought is sold at the market')
  await desk.picture('bots-stop')
  await modal.getByRole('button', { name: 'Stop rests-and-buys for good' }).click()
  await modal.waitFor({ state: 'detached' })
  await hasText('.bots-stopped summary', 'Stopped (1)')
})

test('nothing was said on the console but refusals, and no handler had a bug', () => {
  assert.deepEqual(
    desk.errors.filter((text) => !/status of 422/.test(text)),
    [],
  )
  assert.deepEqual(under.exchange.bugs, [])
})
