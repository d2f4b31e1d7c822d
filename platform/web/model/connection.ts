// Connection: whether the stream is up, how far away the platform is, and how it is doing.
//
// Numbers on the page are live only while `state` is 'live'; from the moment a connection is lost,
// `staleSince` says since when they are old. Health is asked only while the stream is up, so a
// platform that is down is knocked at by the stream alone.

import { computed, effect, signal } from '@preact/signals'
import type { Authorization } from '#client/authorization.ts'
import type { Client } from '#client/client.ts'
import type { Health } from '#client/shapes.ts'
import { createStream } from '#client/stream.ts'
import type { Frames } from './frames.ts'
import { gaugesOf } from './gauges.ts'
import type { Session } from './session.ts'

export type ConnectionDeps = {
  readonly client: Client
  readonly authorization: Authorization
  readonly session: Session
  readonly frames: Frames
  readonly url: string
}

export type Connection = ReturnType<typeof createConnection>

const HEALTH_EVERY_MS = 2_000
const METRICS_EVERY_MS = 10_000
const STALE_AFTER_MS = 400

export function createConnection({ client, authorization, session, url }: ConnectionDeps) {
  const isOpen = signal(false)
  const staleSince = signal<number | null>(null)
  const health = signal<Health | null>(null)
  const latencyMs = signal<number | null>(null)
  const gauges = signal<ReadonlyMap<string, number>>(new Map())
  const faucet = signal(false)
  const wallet = signal(false)
  const fleet = signal(false)
  const isAsked = { is: false }
  const stream = createStream({
    ...{ url, authorization },
    pingMs: 5_000,
    retryMs: { first: 250, max: 3_000 },
    onState: (state) => {
      isOpen.value = state === 'open'
    },
  })
  // A connection that is back at once is nothing that people need to see.
  effect(() => {
    if (isOpen.value) {
      staleSince.value = null
      return
    }
    const since = Date.now()
    const timer = setTimeout(() => {
      staleSince.value ??= since
    }, STALE_AFTER_MS)
    return () => clearTimeout(timer)
  })
  // A new proof of who is asking is taken with a new connection only.
  const account = computed(() => session.user.value?.account)
  effect(() => {
    if (account.value !== undefined || isOpen.peek()) stream.reconnect()
  })
  const askHealth = async (): Promise<void> => {
    const start = performance.now()
    const outcome = await client.health()
    if (outcome.kind !== 'done') return
    latencyMs.value = performance.now() - start
    health.value = outcome.value
  }
  whileOpen(isOpen, HEALTH_EVERY_MS, askHealth)
  whileOpen(isOpen, METRICS_EVERY_MS, async () => {
    gauges.value = await gaugesOf('/metrics')
  })
  effect(() => {
    if (!isOpen.value || isAsked.is) return
    isAsked.is = true
    void offered().then((paths) => {
      isAsked.is = paths !== null
      faucet.value = paths !== null && '/v1/faucet' in paths
      fleet.value = paths !== null && '/v1/me/bots' in paths
      wallet.value = paths !== null && '/v1/deposit-addresses' in paths
    })
  })
  return {
    ...{ stream, staleSince, health, latencyMs, gauges, isOpen },
    /** A demo gives coins away; only there the platform offers the route. */
    isDemo: computed(() => faucet.value),
    hasWallet: computed(() => wallet.value),
    /** People may have bots of their own. */
    hasFleet: computed(() => fleet.value),
    every: (ms: number, work: () => Promise<void>) => whileOpen(isOpen, ms, work),
  }
}

/** Runs at once when the stream opens and again after each pause, while the page is looked at. */
function whileOpen(isOpen: { readonly value: boolean }, ms: number, work: () => Promise<void>) {
  return effect(() => {
    if (!isOpen.value) return
    void work()
    const timer = setInterval(() => {
      if (!document.hidden) void work()
    }, ms)
    return () => clearInterval(timer)
  })
}

/** The routes that this platform has; null when it does not say. */
async function offered(): Promise<object | null> {
  try {
    const response = await fetch('/docs/json')
    const { paths } = await response.json()
    return typeof paths === 'object' && paths !== null ? paths : null
  } catch {
    return null
  }
}
