// The command line of `npm start`, parsed strictly.

import { parseArgs } from 'node:util'

import { StartError } from '#kernel/start-error.ts'
import { type PriceSource, parsePriceOption } from './prices.ts'

export type StartOptions = {
  /** No status line on the terminal, a JSON line at the end. */
  readonly headless: boolean
  /** Ends by itself so long after the first acknowledged order; null runs until stopped. */
  readonly seconds: number | null
  readonly prices: ReadonlyMap<string, PriceSource>
  readonly help: boolean
}

export const USAGE = `usage: npm start [-- options]

  --headless              no status line; one JSON line at the end
  --seconds N             stop after N seconds (with --headless: exit 1 if a figure is missed)
  --prices MARKET=FILE    follow another price series (CSV or CSV.gz; repeatable)
  --help

Settings are environment variables: HOST, PORT, CHAIN_PORT, CROSSBOOK_DATA, CROSSBOOK_PROFILE,
DATABASE_URL. See the README.`

const SECONDS_MAX = 86_400

/** Throws StartError for anything it does not know. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parsed(args)
  const seconds = values.seconds === undefined ? null : Number(values.seconds)
  if (seconds !== null && !(Number.isInteger(seconds) && seconds > 0 && seconds <= SECONDS_MAX)) {
    throw new StartError(`--seconds must be a whole number from 1 to ${SECONDS_MAX}`)
  }
  const prices = new Map((values.prices ?? []).map(parsePriceOption))
  return { headless: values.headless ?? false, seconds, prices, help: values.help ?? false }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        headless: { type: 'boolean' },
        seconds: { type: 'string' },
        prices: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StartError(`${why}\n${USAGE}`)
  }
}
