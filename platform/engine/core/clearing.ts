// Clearing: the price at which an auction would trade most.
//
// B(p) is what buys at p or above have, S(p) what sales at p or below have, hidden lots included.
// Both change at prices with orders only, so a walk up from the best ask to the best bid looks at
// each range of prices between two changes once. INV-17: at most 2 x LEVELS_PER_SIDE_MAX of them.

import { LEVELS_PER_SIDE_MAX } from '../limits.ts'
import { lotsOfLevel } from './book.ts'
import { levelAfter, levelAt, Side } from './ladder.ts'
import { isCrossed, Market, rulesOf, sideOfBook } from './markets.ts'
import { allocate } from './memory.ts'
import { BUY, SELL } from './orders.ts'

/** What the last look found; zeros when nothing crosses. */
@unmanaged
class Clearing {
  volume: i64
  surplus: i64
  away: i64
  price: i32
  /** Prices of buys, the best first, and what they have: made by the first look. */
  room: usize
}

export const clearing = changetype<Clearing>(memory.data(32, 8))

@unmanaged
class Wanted {
  lots: i64
  price: i32
  spare: u32
}

const WANTED_BITS: usize = 4

/** Finds the price and the volume of an uncross of the book as it is. */
export function findClearing(market: Market): void {
  clearing.volume = 0
  clearing.price = 0
  if (!isCrossed(market)) return
  if (clearing.room === 0) clearing.room = allocate(usize(LEVELS_PER_SIDE_MAX) << WANTED_BITS)
  const buys = sideOfBook(market, BUY)
  const sales = sideOfBook(market, SELL)
  const count = collectBuys(buys, levelAt(sales.best).rank)
  walkUp(market, sales, count)
}

/** Writes down all buys from the best to a price; answers how many prices. */
function collectBuys(buys: Side, lowest: i32): i32 {
  let count: i32 = 0
  for (let level = buys.best; level !== 0; level = levelAfter(buys, level)) {
    const price = levelAt(level).rank ^ buys.flip
    if (price < lowest) break
    const row = wantedAt(count)
    row.price = price
    row.lots = lotsOfLevel(level)
    count += 1
  }
  return count
}

function walkUp(market: Market, sales: Side, count: i32): void {
  const last = market.lastPrice
  const reference = last === 0 ? i64(rulesOf(market).mark) : last
  let bought: i64 = 0
  for (let nth: i32 = 0; nth < count; nth += 1) bought += wantedAt(nth).lots
  let sold: i64 = 0
  let buy = count - 1
  let sale = sales.best
  let price = levelAt(sale).rank
  while (buy >= 0) {
    while (sale !== 0 && levelAt(sale).rank === price) {
      sold += lotsOfLevel(sale)
      sale = levelAfter(sales, sale)
    }
    // Up to here nothing changes: to the next buy, or just below the next sale.
    let end = wantedAt(buy).price
    if (sale !== 0 && levelAt(sale).rank <= end) end = levelAt(sale).rank - 1
    judge(price, end, bought, sold, reference)
    if (end === wantedAt(buy).price) {
      bought -= wantedAt(buy).lots
      buy -= 1
    }
    price = end + 1
  }
}

/** Takes the price of a range that is nearest to the reference if it is better than the best. */
function judge(from: i32, to: i32, bought: i64, sold: i64, reference: i64): void {
  const volume = min(bought, sold)
  const surplus = max(bought, sold) - volume
  const price = max(i64(from), min(i64(to), reference))
  const away = max(price, reference) - min(price, reference)
  if (volume < clearing.volume) return
  if (volume === clearing.volume) {
    if (surplus > clearing.surplus) return
    if (surplus === clearing.surplus && away >= clearing.away) return
  }
  clearing.volume = volume
  clearing.surplus = surplus
  clearing.away = away
  clearing.price = i32(price)
}

function wantedAt(nth: i32): Wanted {
  return changetype<Wanted>(clearing.room + (usize(nth) << WANTED_BITS))
}
