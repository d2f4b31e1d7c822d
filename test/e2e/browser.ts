// A headless Chromium out of an npm package, and what a page says that it should not.

import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { after } from 'node:test'
import sparticuz from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { browserPath } from '#scripts/test/browser-path.ts'

export const PICTURES = resolve(import.meta.dirname, 'pictures')

const WAIT_MS = 20_000
/** Playwright says headless itself; nobody keeps a browser of one process working. */
const UNWANTED = /^--(headless|single-process)/
/** A page without WebGL is drawn faster by the processor itself than by one that plays a GPU. */
const WANTED = '--disable-gpu'

/** Closed after the tests of the file. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await browserPath()
  const args = sparticuz.args.filter((one) => !UNWANTED.test(one))
  const server = await chromium.launchServer({
    executablePath,
    args: [...args, WANTED],
    headless: true,
  })
  // Asked to close, a browser on a busy machine may stay for ever.
  after(() => server.kill())
  const browser = await chromium.connect(server.wsEndpoint())
  mkdirSync(PICTURES, { recursive: true })
  return browser
}

export type Visit = {
  readonly page: Page
  /** Errors of the console and of scripts so far. */
  readonly errors: string[]
  readonly picture: (name: string) => Promise<void>
}

export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const viewport = { width: 1440, height: 900 }
  const context = await browser.newContext({
    viewport,
    colorScheme: 'dark',
    locale: 'en-GB',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  const picture = async (name: string): Promise<void> => {
    await page.screenshot({ path: resolve(PICTURES, `${name}.png`) })
  }
  return { page, errors, picture }
}
