// What the parent tells the chain's process, and what it answers.

/** Its accounts are anybody's: Hardhat and anvil begin with it. */
export const PUBLIC_MNEMONIC = 'test test test test test test test test test test test junk'

export const ENGINES = ['hardhat', 'anvil'] as const
export type Engine = (typeof ENGINES)[number]

export type ChainFork = {
  readonly url: string
  /** The newest one when not given. */
  readonly block?: number
}

export type ChainSettings = {
  /** 0 means any free port. */
  readonly port: number
  readonly chainId: number
  /** Hardhat when not given. */
  readonly engine?: Engine
  /** Answers anvil_rollback, at the price of a mark for each transaction; anvil always does. */
  readonly rollsBack?: boolean
  /** Accounts with 10,000 ETH each that the node itself can sign for; none in the demo. */
  readonly funded?: { readonly mnemonic: string; readonly count: number }
  /** Begins with the state of another chain instead of an empty one. */
  readonly fork?: ChainFork
  /** Of anvil alone: loaded at the start when it is there, and written when the chain stops. */
  readonly stateFile?: string
}

export type ChainMessage =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly reason: string }
