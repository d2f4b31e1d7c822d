// Uniswap V2 and its forks: one row each. What differs is data; the code is shared.
//
// The fee is what a swap keeps of its input (997/1000 stays in at 30 bps). The init code hash fixes
// every pair's address. Sources: the projects' own deployment pages and library contracts.

export type Fee = { readonly numerator: bigint; readonly denominator: bigint }

export type Fork = {
  readonly name: string
  readonly chainId: number
  readonly factory: string
  readonly router: string
  /** The share of the input that takes part in the swap. */
  readonly fee: Fee
  readonly initCodeHash: string
}

const THIRTY_BPS: Fee = { numerator: 997n, denominator: 1_000n }
const UNISWAP_HASH = '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f'

export const FORKS: readonly Fork[] = [
  {
    name: 'uniswap-v2',
    chainId: 1,
    factory: '0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f',
    router: '0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D',
    fee: THIRTY_BPS,
    initCodeHash: UNISWAP_HASH,
  },
  {
    name: 'sushiswap',
    chainId: 1,
    factory: '0xC0AEe478e3658e2610c5F7A4A2E1777cE9e4f2Ac',
    router: '0xd9e1cE17f2641f24aE83637ab66a2cca9C378B9F',
    fee: THIRTY_BPS,
    initCodeHash: '0xe18a34eb0e04b04f7a0ac29a6e80748dca96319b42c54d679cb821dca90c6303',
  },
  {
    name: 'pancakeswap-v2',
    chainId: 56,
    factory: '0xcA143Ce32Fe78f1f7019d7d551a6402fC5350c73',
    router: '0x10ED43C718714eb63d5aA57B78B54704E256024E',
    fee: { numerator: 9_975n, denominator: 10_000n },
    initCodeHash: '0x00fb7f630766e6a796048ea87d01acd3068e8ff67d078148a3fa3f4a84f69bd5',
  },
]

/** The row of a development chain: the published Uniswap V2 at addresses of its own. */
export function localFork(at: Pick<Fork, 'chainId' | 'factory' | 'router'>): Fork {
  const { chainId, factory, router } = at
  const row = { fee: THIRTY_BPS, initCodeHash: UNISWAP_HASH }
  return { name: 'uniswap-v2', chainId, factory, router, ...row }
}
