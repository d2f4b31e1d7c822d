// Deployment: which contracts stand for which assets and markets on one chain.
//
// Plain data, as written to chain.json and handed to wallets and venues. Assets are named as in
// the ledger (BTC, ETH), tokens as on chain (WBTC, WETH).

import type { FeeSettings } from './fee-settings.ts'
import type { SigningSettings } from './signer/signing-settings.ts'

export type Token = {
  readonly symbol: string
  readonly address: string
  readonly decimals: number
}

export type Pair = {
  readonly market: string
  readonly address: string
  /** Assets, not token symbols. */
  readonly base: string
  readonly quote: string
  readonly baseIsToken0: boolean
}

export type V3Pool = Pair & {
  /** In hundredths of a basis point. */
  readonly fee: number
  readonly tickSpacing: number
}

export type V3Deployment = {
  readonly factory: string
  /** NonfungiblePositionManager. */
  readonly positions: string
  readonly quoter: string
  readonly router: string
  readonly tickLens: string
  /** By market and fee: 'ETH-USDC:500'. */
  readonly pools: Readonly<Record<string, V3Pool>>
}

export type Deployment = {
  readonly chainId: number
  /** Where the node tells new blocks, ws: or wss:; its RPC's address by WebSocket if not given. */
  readonly rpcStreamUrl?: string
  /** The id kept by the marker contract: another id is another chain. */
  readonly instance: { readonly id: string; readonly address: string }
  readonly tokens: Readonly<Record<string, Token>>
  readonly factory: string
  readonly router: string
  readonly pairs: Readonly<Record<string, Pair>>
  readonly v3: V3Deployment
  /** SwapExecutor: the one contract that bots swap through. */
  readonly executor: string
  /** What a transaction may pay; the usual when not given. */
  readonly fees?: FeeSettings
  /** What a bot's account may sign; the usual when not given. */
  readonly signing?: SigningSettings
  /** The block after which everything above stands. */
  readonly block: number
}

/** The token of an asset; a deployment without it is a bug of whoever made the tables. */
export function tokenOf(deployment: Deployment, asset: string): Token {
  const token = deployment.tokens[asset]
  if (token === undefined) throw new Error(`no token on chain for ${asset}`)
  return token
}
