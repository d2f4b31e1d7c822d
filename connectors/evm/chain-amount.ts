// ChainAmount: a token's smallest units as bigint, and its decimal text.
//
// Lives only in the wallet and in connectors/evm. The grammar is the kernel's, without its bound:
// no sign, no exponent, no spaces, and never more digits than the token has.

const DECIMAL = /^(0|[1-9][0-9]{0,59})(?:\.([0-9]{1,30}))?$/

/** '1.5' at 6 decimals to 1_500_000n; undefined when malformed or too precise. */
export function parseChainAmount(decimal: string, decimals: number): bigint | undefined {
  const match = decimal.endsWith('\n') ? null : DECIMAL.exec(decimal)
  if (match === null) return undefined
  const fraction = match[2] ?? ''
  if (fraction.length > decimals) return undefined
  return BigInt((match[1] ?? '') + fraction.padEnd(decimals, '0'))
}

/** 1_500_000n at 6 decimals to '1.500000'. */
export function formatChainAmount(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const sign = units < 0n ? '-' : ''
  if (decimals === 0) return sign + digits
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
