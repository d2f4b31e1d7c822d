// Identity on the page, in a real browser: the mailed code, the second factor, sessions, API keys.
// A proven e-mail is required here, as in production; pictures of the states are for eyes.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { generate } from 'otplib'
import { mailboxRoutes } from '#platform/notifications/routes.ts'
import { createExchange, PASSWORD } from '../api/exchange.ts'
import { openBrowser, visit } from './browser.ts'
import { buildPage, DIST } from './exchange-with-page.ts'

buildPage()
const exchange = await createExchange({ emails: 'required' })
const { open, serving } = exchange
const more = [mailboxRoutes(open.mailbox)]
const app = open.serve({ ...serving, pageFolder: DIST, more })
const url = await app.listen({ host: '127.0.0.1', port: 0 })
after(() => app.close())
const browser = await openBrowser()
const desk = await visit(browser, url)
const { page } = desk
const EMAIL = 'ada@example.com'

async function codeTo(email: string): Promise<string> {
  await open.auth.idle()
  const [mail] = await open.mailbox.list({ to: email, limit: 1 })
  return /code: ([0-9]{6})/.exec(mail?.text ?? '')?.[1] ?? assert.fail('no code was mailed')
}

async function openMenu(name: RegExp): Promise<void> {
  await page.locator('.menu-button').click()
  await page.getByRole('menuitem', { name }).click()
}

const secret = { text: '' }
const at = (steps: number) =>
  generate({ secret: secret.text, epoch: Math.floor(Date.now() / 1_000) + 30 * steps })

test('somebody new is in when the mailed code is typed, and not before', async () => {
  await page.getByRole('button', { name: 'Register', exact: true }).click()
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('dialog', { name: 'Confirm your e-mail' }).waitFor()
  await page.getByText(`Six digits, sent to ${EMAIL}`).waitFor()
  await desk.picture('identity-code')
  const code = await codeTo(EMAIL)
  await page.getByLabel('Code from the letter').fill(code === '000000' ? '000001' : '000000')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('auth.code_invalid').waitFor()
  await page.getByLabel('Code from the letter').fill(code)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.locator('.menu-button').filter({ hasText: EMAIL }).waitFor()
})

test('the mailbox of the demo is one click away from where a code is asked for', async () => {
  const link = `/v1/mailbox?to=${encodeURIComponent(EMAIL)}`
  const answer = await page.evaluate(`fetch(${JSON.stringify(link)}).then((one) => one.json())`)
  assert.match(JSON.stringify(answer), /Your code: [0-9]{6}/)
})

test('the second factor is turned on, and its recovery codes are shown once', async () => {
  await openMenu(/^Security/)
  await page.getByLabel('Your password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set up' }).click()
  secret.text = (await page.locator('.secret code').first().textContent()) ?? ''
  assert.match(secret.text, /^[A-Z2-7]{16,}$/)
  await desk.picture('identity-authenticator')
  await page.getByLabel('Code of your authenticator').fill(await at(-1))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.locator('.recovery').waitFor()
  const codes = ((await page.locator('.recovery').textContent()) ?? '').split('\n')
  assert.equal(codes.length, 10)
  await page.getByText('On.').waitFor()
  await desk.picture('identity-security')
  await page.keyboard.press('Escape')
  await openMenu(/^Security/)
  assert.equal(await page.locator('.recovery').count(), 0)
})

test('other sessions are listed and ended', async () => {
  const elsewhere = await app.inject({
    ...{ method: 'POST', url: '/v1/auth/login', payload: { email: EMAIL, password: PASSWORD } },
    headers: { 'user-agent': 'curl/8' },
  })
  const { id, by } = elsewhere.json().secondStep
  const step = { id, by, code: await at(0) }
  const signedIn = await app.inject({
    ...{ method: 'POST', url: '/v1/auth/login/second', payload: step },
    headers: { 'user-agent': 'curl/8' },
  })
  assert.equal(signedIn.statusCode, 200)
  await page.keyboard.press('Escape')
  await openMenu(/^Security/)
  await page.getByText('Chrome on Linux').waitFor()
  await desk.picture('identity-sessions')
  await page.getByRole('button', { name: 'End' }).click()
  await page.getByRole('button', { name: 'End' }).waitFor({ state: 'detached' })
  const headers = { authorization: `Bearer ${signedIn.json().accessToken}` }
  assert.equal((await app.inject({ method: 'GET', url: '/v1/me', headers })).statusCode, 401)
  await page.keyboard.press('Escape')
})

test('a key is made with its limits, its secret shown once, and revoked', async () => {
  await openMenu(/^API keys/)
  await page.getByLabel('Name of a new key').fill('my bot')
  await page.getByText('Limits and kind').click()
  await page.getByRole('checkbox', { name: 'BTC-USDC' }).check()
  await page.getByLabel('Addresses it may come from').fill('127.0.0.0/8')
  await page.getByLabel('Days until it ends').fill('30')
  await desk.picture('identity-new-key')
  await page.getByRole('button', { name: 'Make key' }).click()
  await page.getByText('Keep the secret now').waitFor()
  await page.getByText(/read, trade · only BTC-USDC · from 127\.0\.0\.0\/8 · until 20/).waitFor()
  await desk.picture('identity-keys')
  await page.keyboard.press('Escape')
  await openMenu(/^API keys/)
  await page.getByText('my bot').waitFor()
  assert.equal(await page.locator('.secret').count(), 0)
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('No keys yet').waitFor()
  await page.keyboard.press('Escape')
})

test('signing in asks for the second factor', async () => {
  await openMenu(/^Sign out/)
  await page.getByRole('button', { name: 'Sign in', exact: true }).first().click()
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).last().click()
  await page.getByRole('dialog', { name: 'Second step' }).waitFor()
  await desk.picture('identity-second-step')
  await page.getByLabel('Code of your authenticator').fill(await at(1))
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.menu-button').filter({ hasText: EMAIL }).waitFor()
})

test('a forgotten password is replaced by a mailed code', async () => {
  await openMenu(/^Sign out/)
  await page.getByRole('button', { name: 'Sign in', exact: true }).first().click()
  await page.getByRole('button', { name: 'I cannot get in' }).click()
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.locator('input[name=password]').fill('another long password')
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByText('Six digits').waitFor()
  await page.getByLabel('Code from the letter').fill(await codeTo(EMAIL))
  await page.getByRole('button', { name: 'Set the new password' }).click()
  await page.getByText('Your password is set').waitFor()
  await page.keyboard.press('Escape')
})

test('on a phone the dialogs fit, and nothing was said on the console', async () => {
  const phone = await visit(browser, url, {
    ...{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  })
  await phone.page.getByRole('button', { name: 'Sign in', exact: true }).first().click()
  await phone.page.getByRole('button', { name: 'I am new here' }).click()
  await phone.page.waitForTimeout(250)
  const overflow = await phone.page.evaluate('document.documentElement.scrollWidth - innerWidth')
  assert.ok(Number(overflow) <= 0)
  await phone.picture('identity-phone')
  const others = [...desk.errors, ...phone.errors].filter((text) => !/status of 401/.test(text))
  assert.deepEqual(others, [])
  assert.deepEqual(exchange.bugs, [])
})
