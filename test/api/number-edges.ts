// Number edges: what is put into every numeric field, over REST and over the stream.

import { CANCEL_AFTER_MS_MAX, PRICE_TICKS_MAX, SIZE_LOTS_MAX } from '#engine/limits.ts'

const around = (edge: bigint) => [edge - 1n, edge, edge + 1n]

/** The same limits in decimals of the market that is traded: a tick is 0.1, a lot 0.00001. */
export const DECIMALS = [
  ...['214748364.6', '214748364.7', '214748364.8'],
  ...['9999999.99999', '10000000', '10000000.00001'],
]

export const EDGES = [
  ...[0n, 1n, ...around(BigInt(PRICE_TICKS_MAX)), ...around(BigInt(SIZE_LOTS_MAX))],
  ...[...around(BigInt(CANCEL_AFTER_MS_MAX)), ...around(2n ** 53n), ...around(2n ** 63n)],
].map(String)

/** A number of JSON keeps all its digits: it is put in place of a mark. */
const MARK = '@number@'

export function withNumber(make: (mark: string) => unknown, number: string, isInteger: boolean) {
  const isWritable = isInteger && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(number)
  const text = isWritable ? number : JSON.stringify(number)
  return JSON.stringify(make(MARK)).replace(JSON.stringify(MARK), () => text)
}
