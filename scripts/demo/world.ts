// The world outside the exchange, for the demo: chain, pools, wallet, and what the API says of
// them.
//
// Opened after the exchange and before the first request; closed after the last. A chain that
// passes its memory ceiling or has died is followed by a new one while everything else runs on
// (ChainReset), so nobody may keep a chain: `chain`, `pools` and `wallet` always speak of the
// newest.

import { ChainUnavailable } from '#connectors/evm/provider.ts'
import { StartError } from '#kernel/start-error.ts'
import type { Health } from '#platform/http/health.ts'
import type { ChainFacts } from '#platform/markets/port.ts'
import type { Wallet } from '#platform/wallet/port.ts'
import type { DemoChain, PairReserves } from './chain.ts'
import { type Era, type EraDeps, openEra } from './era.ts'
import { pssMb } from './memory.ts'
import { poolFacts } from './pool-facts.ts'

export type WorldDeps = EraDeps

export type WorldWallet = Omit<Wallet, 'start' | 'stop'>

export type WatchOptions = {
  /** The chain is about to end, but for one that died; the wallet still follows it. */
  readonly onEnding?: () => Promise<void>
  readonly onNewChain: (chain: DemoChain) => Promise<void> | void
  readonly ceilingMb?: number
  readonly lookMs?: number
}

export type World = {
  readonly chain: DemoChain
  readonly wallet: WorldWallet
  /** States of the pools; none while one chain follows another. */
  readonly pools: PairReserves
  readonly chainFacts: ChainFacts
  chainHealth(): Health['chain']
  /** Answers when the ledger has everything that is on the chain now; the block it stands at. */
  settled(): Promise<number>
  /** Replaces chains from now on; what it answers ends that and waits for a replacement at work. */
  watch(options: WatchOptions): () => Promise<void>
  close(): Promise<void>
}

/** Megabytes (1e6 bytes, PSS) of the chain's process at which it is replaced. */
export const CHAIN_MB_CEILING = 400
const LOOK_MS = 10_000

export async function openWorld(deps: WorldDeps): Promise<World> {
  let era = await openEra(deps)
  let replacing: Promise<void> | undefined

  async function replace(options: WatchOptions): Promise<void> {
    if (!era.isDown()) await options.onEnding?.()
    await era.stop()
    era = await openEra(deps)
    await options.onNewChain(era.chain)
  }

  /** Looks once; a chain that cannot be started now is tried again at the next look. */
  async function look(options: WatchOptions): Promise<void> {
    const why = whyReplace(era, options.ceilingMb ?? CHAIN_MB_CEILING)
    if (why === undefined) return
    deps.log(`${why}: a new one takes its place`)
    replacing = replace(options)
    try {
      await replacing
    } catch (error) {
      if (!(error instanceof StartError || error instanceof ChainUnavailable)) throw error
      deps.log(`no new chain yet: ${error.message}`)
    }
    replacing = undefined
  }

  const pools: World['pools'] = {
    get: (market) => (replacing === undefined ? era.chain.pools.get(market) : undefined),
  }
  return {
    get chain() {
      return era.chain
    },
    ...{
      pools,
      wallet: newestWallet(
        () => era.wallet,
        () => replacing,
      ),
    },
    chainFacts: {
      token: (asset) => era.chain.deployment.tokens[asset]?.address,
      pools(market, detail) {
        const rows = era.chain.poolsOf(market)
        const known = replacing === undefined
        return rows.map(({ pool, now }) =>
          poolFacts({ pool, now: known ? now : undefined }, detail),
        )
      },
    },
    chainHealth: () =>
      replacing !== undefined || era.isDown() || era.wallet.status().halted ? 'down' : 'ok',
    async settled() {
      await replacing?.catch(() => {}) // Told to whoever replaces.
      return settled(era, deps.views)
    },
    watch: (options) => every(options.lookMs ?? LOOK_MS, () => look(options)),
    close: () => era.stop(),
  }
}

function whyReplace({ chain, isDown }: Era, ceilingMb: number): string | undefined {
  if (isDown()) return 'the chain has ended'
  const mb = pssMb(chain.local.pid)
  return mb > ceilingMb ? `the chain takes ${Math.round(mb)} MB` : undefined
}

/** Asks once, then again a while after each answer; ends when nothing is at work. */
function every(ms: number, ask: () => Promise<void>): () => Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let isOver = false
  const loop = async (): Promise<void> => {
    while (!isOver) {
      let timer: NodeJS.Timeout | undefined
      const wait = new Promise((resolve) => {
        timer = setTimeout(resolve, ms)
      })
      await Promise.race([wait, ended])
      clearTimeout(timer)
      if (!isOver) await ask()
    }
  }
  const done = loop()
  return () => {
    isOver = true
    end()
    return done
  }
}

/** A new deposit address waits for a new chain, so that the wallet over it is sure to watch it. */
function newestWallet(newest: () => Wallet, replacing: () => Promise<void> | undefined) {
  const wallet: WorldWallet = {
    async depositAddress(account, asset) {
      await replacing()?.catch(() => {}) // The old wallet gives the same addresses.
      return newest().depositAddress(account, asset)
    },
    addressesOf: (account) => newest().addressesOf(account),
    isPayable: (address) => newest().isPayable(address),
    status: () => newest().status(),
    heldAddresses: () => newest().heldAddresses(),
    dust: (asset) => newest().dust(asset),
  }
  return wallet
}

const SETTLE_MS = 15_000
const SETTLE_LOOK_MS = 50

/** Every block recorded, and every withdrawal paid that can be paid within a while. */
async function settled({ chain, wallet }: Era, views: WorldDeps['views']): Promise<number> {
  const deadline = performance.now() + SETTLE_MS
  for (;;) {
    const { number } = await chain.heads.refresh()
    const { block, halted } = wallet.status()
    const open = views.openWithdrawals().length
    const isLate = performance.now() > deadline
    if (block >= number && (open === 0 || isLate)) return block
    if (halted || isLate) throw new Error(`block ${block} of ${number} is settled and no other`)
    await new Promise((resolve) => setTimeout(resolve, SETTLE_LOOK_MS))
  }
}
