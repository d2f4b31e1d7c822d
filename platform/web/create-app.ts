// App: the models behind the page, made once and in order.
//
// A model holds signals and knows the API; it never touches the document. What is signed in, which
// market is chosen and whether the stream is up flow from here into all the others.

import { signal } from '@preact/signals'
import { tokenAuthorization } from '#client/authorization.ts'
import { createClient } from '#client/client.ts'
import { createBotForm } from './model/bot-form.ts'
import { createBotView } from './model/bot-view.ts'
import { createBots } from './model/bots.ts'
import { createCandleSeries } from './model/candle-series.ts'
import { createConnection } from './model/connection.ts'
import { createFees } from './model/fees.ts'
import { createFrames } from './model/frames.ts'
import { createListing } from './model/listing.ts'
import { createMarketData } from './model/market-data.ts'
import { createNotices } from './model/notices.ts'
import { createPortfolio } from './model/portfolio.ts'
import { createPreferences } from './model/preferences.ts'
import { createSession } from './model/session.ts'
import { createTicket } from './model/ticket.ts'
import { followTrailing } from './model/trailing.ts'
import { createWallet } from './model/wallet.ts'

export type App = ReturnType<typeof createApp>

/** A dialog over the page; one at a time. */
export type Dialog =
  | 'none'
  | 'sign-in'
  | 'register'
  | 'reset'
  | 'keys'
  | 'security'
  | 'bot'
  | 'bot-form'

/** What a phone shows; a desktop shows all of it. */
export type Screen = 'chart' | 'book' | 'ticket' | 'account'

export type Place = { readonly origin: string; readonly storage: Storage }

const PATIENT_MS = 60_000

export function createApp({ origin, storage }: Place) {
  const token = signal<string | undefined>(undefined)
  // Peeked at: a request made inside of an effect must not run that effect again with every token.
  const authorization = tokenAuthorization(() => token.peek())
  const client = createClient({ baseUrl: '', authorization })
  // A check of a strategy starts a compiler and a process.
  const patient = createClient({ baseUrl: '', authorization, timeoutMs: PATIENT_MS })
  const frames = createFrames((work) => void requestAnimationFrame(work))
  const notices = createNotices()
  const session = createSession({ client, token, storage, notices })
  const connection = createConnection({
    ...{ client, authorization, session, frames },
    url: `${origin.replace(/^http/, 'ws')}/v1/stream`,
  })
  const { stream } = connection
  const listing = createListing({ client, storage, connection })
  const looked = { market: listing.current, onMarket: listing.learn }
  const data = createMarketData({ client, stream, frames, ...looked })
  const portfolio = createPortfolio({ client, stream, session, notices })
  followTrailing({ client, connection, session, portfolio })
  const bots = createBots({ client, patient, connection, notices, session })
  const candles = createCandleSeries({ client, stream, storage, market: listing.current })
  const fees = createFees({ client, connection, session, listing, portfolio })
  const parts = { client, listing, portfolio, data, fees, notices }
  return {
    ...{ client, session, connection, listing, data, candles, portfolio, fees, notices, frames },
    preferences: createPreferences(storage),
    ticket: createTicket(parts),
    bots,
    botView: createBotView({ client, stream, frames, bots }),
    botForm: createBotForm({ patient, bots, listing, notices }),
    wallet: createWallet({ client, session, notices, connection }),
    dialog: signal<Dialog>('none'),
    screen: signal<Screen>('chart'),
  }
}
