// Bot calls: deploy and look after bots of one's own.
//
// What changes a bot carries an id of the caller's, made here unless given, and is asked again with
// it when the outcome is unknown. A check takes seconds: give such a client a longer timeout.

import type { Call } from './call.ts'
import type {
  BotLogLine,
  BotPlot,
  BotSample,
  BotVersion,
  BoxStrategy,
  DeployBody,
  DeployedBot,
  Description,
  Page,
  UpdateBotBody,
} from './shapes.ts'

type Caller = { readonly requestId?: string }
type Asked<Body> = Omit<Body, 'requestId'> & Caller
type After = { readonly after?: number; readonly limit?: number }
type OneBot = { readonly bot: DeployedBot }
type NumberedPage<T> = { readonly items: readonly T[]; readonly next: number | null }

export function botCalls(call: Call, { retries }: { readonly retries: number }) {
  const of = (id: string, rest = '') => `/v1/bots/${encodeURIComponent(id)}${rest}`
  const post = (path: string, body: object) => call<OneBot>({ method: 'POST', path, body, retries })
  return {
    deployBot: (body: Asked<DeployBody>) => post('/v1/bots', requested(body)),
    /** What a text could be told if it were deployed. */
    describeStrategy: (source: string) =>
      call<{ strategy: Description }>({
        ...{ method: 'POST', path: '/v1/strategies/describe', body: { source }, retries },
      }),
    /** The strategies that come with the platform. */
    box: () => call<Page<Omit<BoxStrategy, 'source'>>>({ method: 'GET', path: '/v1/strategies' }),
    ofBox: (name: string) =>
      call<{ strategy: BoxStrategy }>({
        ...{ method: 'GET', path: `/v1/strategies/${encodeURIComponent(name)}` },
      }),
    myBots: () => call<Page<DeployedBot>>({ method: 'GET', path: '/v1/me/bots' }),
    bot: (id: string) => call<OneBot>({ method: 'GET', path: of(id) }),
    updateBot: (id: string, body: Asked<UpdateBotBody>) => post(of(id, '/update'), requested(body)),
    rollBackBot: (id: string, body: Caller & { readonly version: number }) =>
      post(of(id, '/rollback'), requested(body)),
    stopBot: (id: string, body: { readonly flatten?: boolean } = {}) => post(of(id, '/stop'), body),
    botVersions: (id: string) =>
      call<Page<BotVersion>>({ method: 'GET', path: of(id, '/versions') }),
    botSource: (id: string, query: { readonly version?: number } = {}) =>
      call<{ version: number; source: string }>({ method: 'GET', path: of(id, '/source'), query }),
    botLog: (id: string, query: After = {}) =>
      call<NumberedPage<BotLogLine>>({ method: 'GET', path: of(id, '/log'), query }),
    botEquity: (id: string, query: After = {}) =>
      call<NumberedPage<BotSample>>({ method: 'GET', path: of(id, '/equity'), query }),
    botPlots: (id: string) => call<Page<BotPlot>>({ method: 'GET', path: of(id, '/plots') }),
    botNotes: (id: string, query: After = {}) =>
      call<NumberedPage<BotLogLine>>({ method: 'GET', path: of(id, '/notes'), query }),
  }
}

function requested<T extends Caller>(body: T): T & { readonly requestId: string } {
  return { ...body, requestId: body.requestId ?? globalThis.crypto.randomUUID() }
}
