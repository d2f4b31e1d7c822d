// Wallet's port: deposit addresses, and how the chain and the ledger stand to each other.

export type WalletStatus = {
  readonly instance: string
  /** The newest block that is in records and settled in the ledger. */
  readonly block: number
  /** A final block vanished: nothing is credited or paid until a person decides. */
  readonly halted: boolean
}

export type Wallet = {
  start(): Promise<void>
  stop(): Promise<void>
  /** The address of an account for an asset; undefined when the asset has no token. */
  depositAddress(account: number, asset: string): Promise<string | undefined>
  addressesOf(account: number): readonly { readonly asset: string; readonly address: string }[]
  /** Whether a withdrawal may go there. */
  isPayable(address: string): boolean
  status(): WalletStatus
  /** Custody and every deposit address, in lower case. */
  heldAddresses(): readonly string[]
  /** Smallest units of an asset that arrived and that no account was credited with. */
  dust(asset: string): bigint
}
