// The chain as the wallet needs it, as a port.
//
// main.ts hands in what connectors/evm makes; the wallet itself knows no RPC. Amounts are bigint in
// a token's smallest unit (ChainAmount) and end at units.ts. Reads throw when the chain is away and
// are asked again by whoever drives them.

export type ChainTransfer = {
  readonly asset: string
  /** Lower case, like every address that comes from the chain. */
  readonly from: string
  readonly to: string
  readonly amount: bigint
  readonly txHash: string
  readonly logIndex: number
}

/** Final blocks [fromBlock, toBlock], handed over once and in order. */
export type ChainBatch = {
  readonly fromBlock: number
  readonly toBlock: number
  readonly blockHash: string
  readonly transfers: readonly ChainTransfer[]
}

/** All tracked balances at one block: address -> asset (or 'native') -> smallest units. */
export type ChainState = {
  readonly balances: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Market -> reserves. */
  readonly reserves: Readonly<Record<string, { readonly base: string; readonly quote: string }>>
}

export type Payout = {
  readonly withdrawalId: number
  readonly asset: string
  readonly to: string
  readonly amount: bigint
}

export type SignedPayout = {
  readonly withdrawalId: number
  readonly nonce: number
  readonly txHash: string
  readonly rawTransaction: string
}

export type PayoutSigning =
  | { readonly kind: 'signed' }
  /** The chain says that it can never be: the withdrawal fails and its hold is released. */
  | { readonly kind: 'impossible'; readonly detail: string }
  | { readonly kind: 'later'; readonly detail: string }

/** Keeps a signed payout before anything is sent: the journal. */
export type PayoutJournal = {
  save(payout: SignedPayout): Promise<void>
  /** Signed under this chain instance and neither settled nor failed. */
  open(): readonly SignedPayout[]
}

export type CustodyChain = {
  readonly instance: string
  readonly custodyAddress: string
  /** The block after which its contracts stand: nothing before it concerns us. */
  readonly firstBlock: number
  /** Undefined for an asset without a token. */
  decimals(asset: string): number | undefined
  depositAddress(account: number): string
  /** Whether a payout may go there: a well-formed address that is not one of our own contracts. */
  isPayable(address: string): boolean
  follow(watch: {
    /** The newest block that was handled before; undefined on a chain not seen yet. */
    readonly after: number | undefined
    /** Deposit addresses; what reaches custody itself is told, too. */
    readonly recipients: () => readonly string[]
    readonly onBatch: (batch: ChainBatch) => Promise<void>
    /** A final block is gone: nothing may be credited or paid any more. */
    readonly onBroken: () => void
  }): () => void
  stateAt(block: { readonly number: number; readonly hash: string }): Promise<ChainState>
  /** Signs with custody's next nonce and gives it to the journal; sends nothing. */
  signPayout(payout: Payout): Promise<PayoutSigning>
  /** Sends the signed bytes; 'impossible' only when they can never be mined. */
  sendPayout(withdrawalId: number): Promise<'sent' | 'impossible'>
  /** Undefined while it is not mined in a block up to the given one. */
  payoutResult(
    txHash: string,
    upToBlock: number,
  ): Promise<{ readonly success: boolean } | undefined>
  /** Moves what lies on a deposit address to custody; false: try again later. */
  sweep(account: number, asset: string): Promise<boolean>
  close(): Promise<void>
}

/** Opens the chain with the journal that its payouts are kept in. */
export type OpenChain = (journal: PayoutJournal) => CustodyChain
