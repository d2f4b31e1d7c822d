// A fleet whose compiler and runner agree to everything, so that the platform alone is tested.
//
// Records, accounts, keys and money are real where they are given; no process is started.

import { createBooks } from '#platform/fleet/books.ts'
import { createDeployments } from '#platform/fleet/deployments.ts'
import type { DeploymentsDeps } from '#platform/fleet/fleet-state.ts'
import type { RunnerProcess } from '#platform/fleet/port.ts'
import { createFleetStore } from '#platform/fleet/store.ts'
import type { Exchange } from '../api/exchange.ts'

const nothing = async () => undefined
const agree = async () => null

const runner: RunnerProcess = {
  ...{ pid: 1, ready: Promise.resolve(), ended: new Promise<string>(() => {}) },
  ...{ start: agree, remove: agree, pause: agree, resume: agree, rehearse: agree },
  ...{ silentMs: () => 0, kill: () => {}, stop: nothing },
}

export const AGREEING = {
  ...{ startRunner: () => runner, venues: ['internal'], reserved: () => false },
  workshop: { file: () => 'x.ts', wrongTypes: async () => [] },
  ...{ load: async () => ({ name: 'x', params: [] }), box: async () => [], log: () => {} },
  logFiles: { read: async () => [], append: nothing, replace: nothing },
} satisfies Partial<DeploymentsDeps>

/** Over the records and the ledger of an exchange. */
export async function agreeingFleet({ open, database, sequencer, clock }: Exchange) {
  const { auth, vault, views } = open
  return createDeployments({
    ...{ ...AGREEING, store: createFleetStore(database), auth, vault, clock },
    books: createBooks({ sequencer, views, clock }),
  })
}
