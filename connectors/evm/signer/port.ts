// SignerPort: one account's key, behind a question that may be answered with no.
//
// There is no way to sign bytes, messages or typed data, and no way to the key: only transactions
// whose every field is named here, each of them read and judged before it is signed.

export const SIGNER_REFUSALS = [
  /** It is for another chain. */
  'signer.chain',
  /** The target, or a pool on the way, is not listed; also the creation of a contract. */
  'signer.contract',
  /** Not a call that this account may make there, or not one that can be read to the last byte. */
  'signer.selector',
  /** Ether where none may go, or more than may. */
  'signer.value',
  /** An approval for somebody who needs none. */
  'signer.spender',
  /** A transfer to somebody it may not go to. */
  'signer.receiver',
  /** More than one transaction may move, or an order without a least output. */
  'signer.amount',
  /** It would pay more for gas than the account may. */
  'signer.fees',
  /** Too many signatures in a minute. */
  'signer.rate',
  /** More of a token in an hour than may leave. */
  'signer.volume',
] as const
export type SignerRefusal = (typeof SIGNER_REFUSALS)[number]

export type UnsignedTransaction = {
  readonly chainId: number
  readonly nonce: number
  readonly to: string
  readonly data: string
  readonly value: bigint
  readonly gasLimit: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

export type Refused = {
  readonly kind: 'refused'
  readonly code: SignerRefusal
  readonly detail: string
}

export type SignAnswer =
  | { readonly kind: 'signed'; readonly raw: string; readonly hash: string }
  | Refused

export type SignerPort = {
  readonly address: string
  /** Nothing is signed when it is refused. */
  sign(transaction: UnsignedTransaction): Promise<SignAnswer>
}
