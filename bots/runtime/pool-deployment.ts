// Pool deployment: which contracts stand for which assets and markets, as the runner is told.
//
// The same data as the chain connector's deployment; bots hand it on and never look inside.

type Pair = {
  readonly market: string
  readonly address: string
  readonly base: string
  readonly quote: string
  readonly baseIsToken0: boolean
}

export type PoolDeployment = {
  readonly chainId: number
  readonly instance: { readonly id: string; readonly address: string }
  readonly tokens: Readonly<
    Record<string, { readonly symbol: string; readonly address: string; readonly decimals: number }>
  >
  readonly factory: string
  readonly router: string
  readonly pairs: Readonly<Record<string, Pair>>
  readonly v3: {
    readonly factory: string
    readonly positions: string
    readonly quoter: string
    readonly router: string
    readonly tickLens: string
    readonly pools: Readonly<
      Record<string, Pair & { readonly fee: number; readonly tickSpacing: number }>
    >
  }
  readonly executor: string
  readonly fees?: {
    readonly tipGwei: string
    readonly capGwei: string
    readonly replaceAfterSeconds: number
  }
  readonly signing?: {
    readonly perTransaction?: Readonly<Record<string, string>>
    readonly perHour?: Readonly<Record<string, string>>
    readonly signaturesPerMinute: number
  }
  readonly block: number
}
