// Order words: what kind of order a row is, what it waits for, and how it stands.

import type { Order } from './account-state.ts'
import { grouped } from './numbers.ts'

/** Iceberg and bracket are what a field more makes of a limit order. */
export function kindText(order: Order): string {
  if (order.displaySize !== undefined) return 'iceberg'
  if (order.takeProfitPrice !== undefined) return `bracket ${order.type}`
  if (order.entryOrderId !== undefined) return 'bracket exit'
  return order.type.replace('-', ' ')
}

/** That an order gave way to one's own is said at once: one looks for a trade and finds none. */
export function statusText({ status, reason }: Pick<Order, 'status' | 'reason'>): string {
  const text = status.replace('_', ' ')
  return reason === 'order.self_trade' ? `${text}: met an own order` : text
}

/** The trigger and its distance, if any. A mark price is named: one expects the last. */
export function triggerText(order: Order): string {
  const { triggerPrice, trail, trailBps, triggerBy, triggeredAt } = order
  const by = triggerBy === 'mark' ? ' (mark)' : ''
  const met = triggeredAt === undefined ? '' : ' ✓'
  if (triggerPrice !== undefined) return `${grouped(triggerPrice)}${by}${met}`
  const now = order.currentTrigger === undefined ? '' : `${grouped(order.currentTrigger)} `
  if (trail !== undefined) return `${now}± ${grouped(trail)}${by}${met}`
  return trailBps === undefined ? '' : `${now}± ${trailBps / 100} %${by}${met}`
}

/** Whether its trigger still moves with the market. */
export function followsMarket({ type, triggeredAt }: Order): boolean {
  return type === 'trailing-stop' && triggeredAt === undefined
}
