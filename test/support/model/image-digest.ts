// Image digest: SHA-256 over what two engines must agree on, balances and open orders.
//
// Benchmarks compare it between the engine and the naive model. Rows are canonical: ascending, one
// line each, integers as integers, empty balances left out.

import { createHash } from 'node:crypto'
import type { EngineImage } from '#engine/image.ts'

/** Hex of SHA-256 over the balance rows and the open orders of an image. */
export function imageDigest(image: EngineImage): string {
  const hash = createHash('sha256')
  for (const { account, asset, cash, held } of image.balances) {
    if (cash !== 0 || held !== 0) hash.update(`balance ${account} ${asset} ${cash} ${held}\n`)
  }
  for (const order of image.orders) {
    const { orderId, account, market, side, price, size, remaining, traded, fee } = order
    const what = `${orderId} ${account} ${market} ${side} ${price} ${size}`
    hash.update(`order ${what} ${remaining} ${traded} ${fee} ${order.resting}\n`)
  }
  return hash.digest('hex')
}
