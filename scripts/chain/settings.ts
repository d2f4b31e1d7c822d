// What the parent tells the chain's process, and what it answers.

export type ChainSettings = {
  /** 0 means any free port. */
  readonly port: number
  readonly chainId: number
  /** Answers anvil_rollback, at the price of a mark for each transaction. */
  readonly rollsBack?: boolean
  /** Accounts with 10,000 ETH each that the node itself can sign for; none in the demo. */
  readonly funded?: { readonly mnemonic: string; readonly count: number }
}

export type ChainMessage =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly reason: string }
