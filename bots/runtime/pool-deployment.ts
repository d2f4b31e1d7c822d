// Pool deployment: which contracts stand for which assets and markets, as the runner is told.
//
// The same data as the chain connector's deployment; bots hand it on and never look inside.

export type PoolDeployment = {
  readonly chainId: number
  readonly instance: { readonly id: string; readonly address: string }
  readonly tokens: Readonly<
    Record<string, { readonly symbol: string; readonly address: string; readonly decimals: number }>
  >
  readonly factory: string
  readonly router: string
  readonly pairs: Readonly<
    Record<
      string,
      {
        readonly market: string
        readonly address: string
        readonly base: string
        readonly quote: string
        readonly baseIsToken0: boolean
      }
    >
  >
  readonly block: number
}
