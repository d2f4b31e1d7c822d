// Shapes: what the API answers where no module's schema file names it yet.
//
// Everything else is taken from the schemas next to the routes, so that the client cannot drift
// from the server.

export type User = { readonly id: string; readonly email: string; readonly createdAt: number }

export type Session = {
  readonly id: string
  readonly userAgent: string
  readonly createdAt: number
  readonly lastUsedAt: number
}

export type Tokens = {
  readonly accessToken: string
  readonly expiresAt: number
  readonly refreshToken?: string
}

export type KeyScope = 'read' | 'trade' | 'withdraw' | 'rebalance'

export type KeyInfo = {
  readonly id: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly account: number | null
  readonly createdAt: number
}

export type DepositAddress = { readonly asset: string; readonly address: string }

export type Deposit = {
  readonly asset: string
  readonly amount: string
  readonly txHash: string
  readonly at: number
}

export type Withdrawal = {
  readonly id: number
  readonly requestId: string
  readonly account: number
  readonly asset: string
  readonly amount: string
  readonly fee: string
  readonly address: string
  readonly status: 'pending' | 'sent' | 'settled' | 'failed'
  readonly txHash?: string
  readonly createdAt: number
}

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }
export type HistoryPage<T> = Page<T> & { readonly asOfSeq: number }

export type Health = {
  readonly status: string
  readonly releasedSeq: number
  readonly eventDigest: string
  readonly projectorLag: number
  readonly chain: string
  readonly version: string
}
