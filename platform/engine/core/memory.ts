// Memory: where the core keeps its tables, and how they grow.
//
// All tables lie in the linear memory of one instance. A table that is full moves to a place twice
// as large; links between rows are row numbers, so nothing else needs to change. Nobody may keep an
// address over a call that can make room. Rows are zeroed when they are new.

/** Told after memory grew or the event cells moved: views of it are stale. */
export declare function onMoved(): void

/** Two lines of a cache, which are fetched together. */
const LINE = 128
const PAGE = 65536
const SPARE_PAGES = 16

/** Addresses and sizes of all tables; names say what they hold. */
@unmanaged
export class Tables {
  /** First address that no table has. */
  end: usize
  orders: usize
  names: usize
  nameRefs: usize
  extraRefs: usize
  extras: usize
  extraRows: u32
  extrasUsed: u32
  extrasFree: u32
  orderRows: u32
  ordersUsed: u32
  ordersFree: u32
  /** Orders that ticks go on with, oldest first; 0 = none. */
  drainHead: u32
  drainTail: u32
  openOrders: u32
  /** The index of open orders by id: first slots by hash, and the next slot of every slot. */
  heads: usize
  headsMask: u32
  headsShift: u32
  chains: usize
  levels: usize
  levelRows: u32
  levelsUsed: u32
  levelsFree: u32
  pageRows: u32
  pages: usize
  pagesUsed: u32
  pagesFree: u32
  accounts: usize
  accountRows: u32
  accountsUsed: u32
  balances: usize
  balanceRows: u32
  touched: usize
  touchedCount: u32
  timers: usize
  timerHeads: usize
  timerRows: u32
  timersUsed: u32
  timersFree: u32
  timerHeadRows: u32
  markets: usize
  watches: usize
  /** Markets whose references settle at the end of the running command. */
  settleCount: u32
  /** Markets in which a trigger is due. */
  dueMarkets: u32
  brackets: usize
  bracketRows: u32
  bracketsUsed: u32
  bracketsFree: u32
  /** Brackets whose exit was not opened yet. */
  unopened: u32
  /** Brackets that need attention, in the order in which they began to. */
  attentionHead: u32
  attentionTail: u32
  marketsUsed: u32
  events: usize
  eventRows: u32
  outcomes: usize
  outcomeRows: u32
  /** Counts of outcomes that ever came and ever left; the rows between are remembered. */
  outcomesCame: u32
  outcomesLeft: u32
  tags: usize
  tagsMask: u32
  tagsShift: u32
  volumes: usize
  volumeRows: u32
  volumesUsed: u32
}

export const tables = changetype<Tables>(memory.data(384, 64))

/** New zeroed bytes at the start of a cache line. */
export function allocate(bytes: usize): usize {
  if (tables.end === 0) tables.end = (__heap_base + LINE - 1) & ~(LINE - 1)
  const at = tables.end
  const end = at + ((bytes + LINE - 1) & ~(LINE - 1))
  const pages = i32((end + PAGE - 1) / PAGE)
  if (pages > memory.size()) {
    const more = max(pages - memory.size(), SPARE_PAGES)
    assert(memory.grow(more) >= 0, 'INV-17: the memory of the engine is exhausted')
    onMoved()
  }
  tables.end = end
  return at
}

/** A copy of so many bytes at the start of more room; the old place is given up. */
export function moved(from: usize, bytes: usize, room: usize): usize {
  const at = allocate(room)
  memory.copy(at, from, bytes)
  return at
}
