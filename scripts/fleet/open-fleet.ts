// Open fleet: people's bots over an open exchange, with a runner of their own.
//
// It is not the demo's: a bot that somebody deploys shares no process with the platform's own. The
// runner is started when the first bot is deployed or checked.

import { join } from 'node:path'
import type { RunnerSettings } from '#bots/runtime/messages.ts'
import { INTERNAL } from '#connectors/internal/venue.ts'
import type { Database } from '#database/connection.ts'
import type { Clock } from '#kernel/time.ts'
import type { Exchange } from '#platform/exchange.ts'
import { createBooks } from '#platform/fleet/books.ts'
import { createDeployments, type OpenDeployments } from '#platform/fleet/deployments.ts'
import { createHalts } from '#platform/fleet/halts.ts'
import type { Fleet } from '#platform/fleet/port.ts'
import { createFleetStore } from '#platform/fleet/store.ts'
import type { Jobs } from '#platform/transport/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { createBox } from './box.ts'
import { createDescriber } from './describer.ts'
import { createLogFiles } from './log-files.ts'
import { startFleetRunner } from './runner-process.ts'
import { createWorkshop } from './workshop.ts'

export type FleetDeps = {
  readonly exchange: Pick<Exchange, 'views' | 'auth' | 'vault' | 'mailer'>
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly database: Pick<Database, 'pool'>
  readonly dataFolder: string
  /** The platform's own bots, whose ids are taken. */
  readonly house: Pick<Fleet, 'list'>
  /** Reference prices as they stand. */
  readonly prices: () => RunnerSettings['prices']
  readonly clock: Clock
  readonly log: (line: string) => void
  /** Not started yet; nothing old is thinned out unless given. */
  readonly jobs?: Pick<Jobs, 'calendar'>
  /** Until a runner that does not answer is ended. */
  readonly answerMs?: number
}

export type OpenFleet = {
  readonly deployments: OpenDeployments
  /** From now on bots run, over this API. */
  begin(apiUrl: string): Promise<void>
}

export async function openFleet(deps: FleetDeps): Promise<OpenFleet> {
  const { exchange, sequencer, dataFolder, clock, log, house, prices } = deps
  const { views, auth, vault, mailer } = exchange
  const api = { url: '' }
  const settings = (): RunnerSettings => ({
    ...{ apiUrl: api.url, stateFolder: join(dataFolder, 'fleet'), chain: null, prices: prices() },
    ...{ bots: [], takers: [], swappers: [] },
  })
  const strategies = join(dataFolder, 'strategies')
  const deployments = await createDeployments({
    ...{ store: createFleetStore(deps.database), auth, vault, clock, log, jobs: deps.jobs },
    ...(deps.answerMs === undefined ? {} : { answerMs: deps.answerMs }),
    onHalted: createHalts({ mailer, findUser: auth.findUser, log }).heard,
    books: createBooks({ sequencer, views, clock }),
    workshop: createWorkshop(strategies),
    load: createDescriber(strategies),
    box: createBox(),
    logFiles: createLogFiles(join(dataFolder, 'fleet-logs')),
    startRunner: (events) => startFleetRunner(settings(), events),
    venues: prices().length === 0 ? [INTERNAL] : [INTERNAL, 'reference'],
    reserved: (id) => house.list().some((bot) => bot.id === id),
  })
  return {
    deployments,
    async begin(apiUrl) {
      api.url = apiUrl
      await deployments.begin()
    },
  }
}
