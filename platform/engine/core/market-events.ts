// Market events: phases and auctions, as payloads of the codec written in place.
//
// Payloads are packed after codec/schemas.ts, so their fields are stored one by one at their bytes,
// not laid over.

import { begin } from './events.ts'
import { Market, numberOf } from './markets.ts'

const PHASE_CHANGED: u32 = 152
const INDICATIVE: u32 = 153
const UNCROSSED: u32 = 154
const PAYLOAD_AT: usize = 32
const PAYLOAD_BYTES: usize = 32

/** Why a phase changes, as in codec/choices.ts. */
export const BY_OPERATOR: u32 = 0
export const BY_SESSION: u32 = 1
export const BY_BAND: u32 = 2
export const BY_SCHEDULE: u32 = 3
export const BY_UNCROSS: u32 = 4

export function emitPhaseChanged(market: Market, reason: u32, endsAt: i64): void {
  const at = beginPayload(PHASE_CHANGED, market)
  store<u8>(at, u8(market.phase), 4)
  store<i64>(at, endsAt, 5)
  store<u8>(at, u8(reason), 13)
}

export function emitIndicative(market: Market, price: i32, volume: i64): void {
  emitPriced(INDICATIVE, market, price, volume)
}

export function emitUncrossed(market: Market, price: i32, volume: i64): void {
  emitPriced(UNCROSSED, market, price, volume)
}

function emitPriced(type: u32, market: Market, price: i32, volume: i64): void {
  const at = beginPayload(type, market)
  store<i64>(at, price, 4)
  store<i64>(at, volume, 12)
}

function beginPayload(type: u32, market: Market): usize {
  const at = begin(type, 0, 1) + PAYLOAD_AT
  memory.fill(at, 0, PAYLOAD_BYTES)
  store<u32>(at, numberOf(market))
  return at
}
