// World: the demo with one customer who deploys, and how it is asked.
//
// An answer that says to come later is asked again; a lost connection is, too, with the same id, as
// long as the platform is being started again.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { tokenAuthorization } from '#client/authorization.ts'
import { type Client, createClient } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import { createNodeSend } from '#client/send-node.ts'
import { keyAuthorization } from '#client/sign.ts'
import { startWhole, type Whole } from '../kill9/whole-process.ts'

export type World = {
  readonly client: () => Client
  readonly whole: () => Whole
  /** kill -9 of the platform, and its start again. */
  restart(): Promise<void>
  /** Of the fleet's runner; 0 while there is none. */
  runnerPid(): Promise<number>
  close(): Promise<void>
}

const CONNECTIONS = 16
const TIMEOUT_MS = 90_000
const LATER_MS = 1_000
const TRIES = 60

export async function openWorld(folder: string, faucets: number): Promise<World> {
  const sender = createNodeSend(CONNECTIONS)
  const state: { whole: Whole; client?: Client } = { whole: await startWhole(folder) }
  const key = await register(state.whole.baseUrl, sender.send, faucets).catch(async (error) => {
    await state.whole.kill()
    throw error
  })
  const connect = () => {
    const options = { baseUrl: state.whole.baseUrl, send: sender.send, timeoutMs: TIMEOUT_MS }
    state.client = createClient({ ...options, authorization: keyAuthorization(key), retries: 0 })
    return state.client
  }
  connect()
  return {
    client: () => state.client ?? connect(),
    whole: () => state.whole,
    async restart() {
      await state.whole.kill()
      state.whole = await startWhole(folder)
      connect()
    },
    async runnerPid() {
      const get = { method: 'GET', headers: {}, body: '', timeoutMs: 5_000 } as const
      const { text } = await sender.send({ ...get, url: `${state.whole.baseUrl}/metrics` })
      return Number(/^\w*fleet_runner_pid (\d+)$/m.exec(text)?.[1] ?? 0)
    },
    async close() {
      await state.whole.kill()
      sender.close()
    },
  }
}

type Send = ReturnType<typeof createNodeSend>['send']

async function register(baseUrl: string, send: Send, faucets: number) {
  const who = { email: `${randomUUID()}@example.com`, password: randomUUID() }
  const visitor = createClient({ baseUrl, send, timeoutMs: TIMEOUT_MS })
  done(await visitor.register(who))
  const { accessToken = '' } = done(await visitor.login({ ...who, refresh: 'body' }))
  const person = createClient({
    ...{ baseUrl, send, timeoutMs: TIMEOUT_MS },
    authorization: tokenAuthorization(() => accessToken),
  })
  for (let times = 0; times < faucets; times += 1) done(await person.faucet())
  const scopes: ('read' | 'trade' | 'deploy')[] = ['read', 'trade', 'deploy']
  const { id, secret = '' } = done(await person.createKey({ name: 'campaign', scopes }))
  return { id, secret }
}

function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value
  throw new Error(`the campaign's customer cannot be made: ${JSON.stringify(outcome)}`)
}

/** Asks until there is an answer that is one. */
export async function answered<T>(ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  let outcome = await ask()
  for (let tries = 1; tries < TRIES && isLater(outcome); tries += 1) {
    await sleep(LATER_MS)
    outcome = await ask()
  }
  return outcome
}

function isLater<T>(outcome: Outcome<T>): boolean {
  if (outcome.kind === 'unknown') return true
  if (outcome.kind === 'done') return false
  // Signed too long ago when it came in: on a busy machine that happens, and nothing was done.
  return outcome.code === 'auth.expired' || outcome.status === 429 || outcome.status === 503
}
