// Commands as the core reads them: records of the codec laid over their bytes, never decoded.
//
// The layouts are those of codec/commands.ts. `Asking` is what a place command and a request with
// an id have at the same bytes: sentAt, the caller's id, the hash of the body.

@unmanaged
export class Command {
  type: u8
  side: u8
  cells: u16
  orderType: u8
  timeInForce: u8
  flags: u8
  selfTrade: u8
  seq: i64
  time: i64
}

@unmanaged
export class Cancel extends Command {
  orderId: i64
  spare0: i64
  spare1: i64
  spare2: u32
  account: i32
}

@unmanaged
export class Asking extends Command {
  sentAt: i64
  price: i64
  size: i64
  market: u32
  account: i32
  quoteAmount: i64
  name0: i64
  name1: i64
  name2: i64
  name3: i64
  name4: i64
  hash0: i64
  hash1: i64
  hash2: i64
}

@unmanaged
export class Place extends Asking {}

/** With the third cell of an order: codec/extra.ts. */
@unmanaged
export class ExtendedPlace extends Place {
  triggerPrice: i64
  takeProfitPrice: i64
  stopPrice: i64
  displaySize: i64
  trail: i64
  expireAt: i64
  session: u32
  key: u32
  extraFlags: u32
}

@unmanaged
export class Amend extends Command {
  orderId: i64
  price: i64
  size: i64
  spare: u32
  account: i32
  triggerPrice: i64
}

export const PLACE: u32 = 1
export const CANCEL: u32 = 2
export const AMEND: u32 = 18

export const POST_ONLY: u32 = 1

/** Bits of an extra's flags. */
export const BY_MARK: u32 = 1
export const TRAIL_IN_BPS: u32 = 2
export const FEE_IN_RECEIVED: u32 = 4
export const REDUCE_ONLY: u32 = 8
export const SLIDE: u32 = 16

/** Order types, by their places in ORDER_TYPES. */
export const LIMIT: u32 = 0
export const MARKET_ORDER: u32 = 1
export const STOP: u32 = 2
export const STOP_LIMIT: u32 = 3
export const TAKE_PROFIT: u32 = 4
export const TAKE_PROFIT_LIMIT: u32 = 5
export const TRAILING_STOP: u32 = 6
export const OCO: u32 = 7

export const GTC: u32 = 0
export const IOC: u32 = 1
export const FOK: u32 = 2
export const GTD: u32 = 3
export const DAY: u32 = 4

/** Self-trade prevention. */
export const CANCEL_TAKER: u32 = 0
export const CANCEL_MAKER: u32 = 1
export const CANCEL_BOTH: u32 = 2
export const DECREMENT: u32 = 3
