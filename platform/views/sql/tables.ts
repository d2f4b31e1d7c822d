// Tables: the schema `views` as the projector writes it and the histories read it.
//
// A column is the snake_case name of a row's field; the migrations make the tables.
// `changes` are the columns that an event may change later; a table without any is only added to.

export type ColumnType = 'bigint' | 'text' | 'boolean'

export type Table = {
  readonly name: string
  readonly key: readonly string[]
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly changes: readonly string[]
}

const ASSETS: Table = {
  name: 'assets',
  key: ['asset'],
  columns: { asset: 'bigint', symbol: 'text', scale: 'bigint', chainDecimals: 'bigint' },
  changes: [],
}

const MARKETS: Table = {
  name: 'markets',
  key: ['market'],
  columns: {
    market: 'bigint',
    symbol: 'text',
    marketKind: 'text',
    base: 'bigint',
    quote: 'bigint',
    priceScale: 'bigint',
    tickUnits: 'bigint',
    lotUnits: 'bigint',
    quotePerTickLot: 'bigint',
    minNotional: 'bigint',
    makerRate: 'bigint',
    takerRate: 'bigint',
  },
  changes: [],
}

const MARKET_STATES: Table = {
  name: 'market_states',
  key: ['market'],
  columns: {
    market: 'bigint',
    phase: 'text',
    endsAt: 'bigint',
    markPrice: 'bigint',
    minNotional: 'bigint',
    collarBps: 'bigint',
    bandBps: 'bigint',
    bandWindowUs: 'bigint',
    haltUs: 'bigint',
    auctionUs: 'bigint',
    sessionOpenUs: 'bigint',
    sessionCloseUs: 'bigint',
    tiers: 'text',
    delisted: 'boolean',
  },
  changes: [
    ...['phase', 'endsAt', 'markPrice', 'minNotional', 'collarBps', 'bandBps', 'bandWindowUs'],
    ...['haltUs', 'auctionUs', 'sessionOpenUs', 'sessionCloseUs', 'tiers', 'delisted'],
  ],
}

const ACCOUNTS: Table = {
  name: 'accounts',
  key: ['account'],
  columns: {
    account: 'bigint',
    owner: 'bigint',
    accountKind: 'text',
    userId: 'text',
    name: 'text',
    frozen: 'boolean',
    closed: 'boolean',
  },
  changes: ['frozen', 'closed'],
}

const ORDERS: Table = {
  name: 'orders',
  key: ['id'],
  columns: {
    id: 'bigint',
    account: 'bigint',
    market: 'bigint',
    side: 'text',
    type: 'text',
    timeInForce: 'text',
    postOnly: 'boolean',
    selfTrade: 'text',
    price: 'bigint',
    size: 'bigint',
    quoteAmount: 'bigint',
    clientOrderId: 'text',
    triggerPrice: 'bigint',
    triggerBy: 'text',
    stopPrice: 'bigint',
    takeProfitPrice: 'bigint',
    displaySize: 'bigint',
    trail: 'bigint',
    trailIn: 'text',
    expireAt: 'bigint',
    reduceOnly: 'boolean',
    slide: 'boolean',
    feeIn: 'text',
    triggeredAt: 'bigint',
    remaining: 'bigint',
    traded: 'bigint',
    quoteTraded: 'bigint',
    fee: 'bigint',
    status: 'text',
    reason: 'text',
    createdAt: 'bigint',
    updatedAt: 'bigint',
    eventNo: 'bigint',
  },
  changes: [
    ...['price', 'size', 'triggerPrice', 'triggeredAt'],
    ...['remaining', 'traded', 'quoteTraded', 'fee'],
    ...['status', 'reason', 'updatedAt', 'eventNo'],
  ],
}

const FILLS: Table = {
  name: 'fills',
  key: ['market', 'tradeId', 'liquidity'],
  columns: {
    eventNo: 'bigint',
    market: 'bigint',
    tradeId: 'bigint',
    account: 'bigint',
    orderId: 'bigint',
    clientOrderId: 'text',
    side: 'text',
    liquidity: 'text',
    price: 'bigint',
    size: 'bigint',
    notional: 'bigint',
    fee: 'bigint',
    feeInBase: 'boolean',
    at: 'bigint',
  },
  changes: [],
}

const LEDGER_ENTRIES: Table = {
  name: 'ledger_entries',
  key: ['account', 'asset', 'eventNo', 'leg'],
  columns: {
    eventNo: 'bigint',
    leg: 'bigint',
    account: 'bigint',
    asset: 'bigint',
    amount: 'bigint',
    balance: 'bigint',
    kind: 'text',
    reference: 'bigint',
    market: 'bigint',
    at: 'bigint',
  },
  changes: [],
}

const BALANCES: Table = {
  name: 'balances',
  key: ['account', 'asset'],
  columns: { account: 'bigint', asset: 'bigint', cash: 'bigint', held: 'bigint' },
  changes: ['cash', 'held'],
}

const POSITIONS: Table = {
  name: 'positions',
  key: ['account', 'market'],
  columns: {
    account: 'bigint',
    market: 'bigint',
    position: 'bigint',
    cost: 'bigint',
    realised: 'bigint',
    fees: 'bigint',
    feesInBase: 'bigint',
  },
  changes: ['position', 'cost', 'realised', 'fees', 'feesInBase'],
}

const CANDLES: Table = {
  name: 'candles',
  key: ['market', 'width', 'openAt'],
  columns: {
    market: 'bigint',
    width: 'bigint',
    openAt: 'bigint',
    open: 'bigint',
    high: 'bigint',
    low: 'bigint',
    close: 'bigint',
    volume: 'bigint',
    quoteVolume: 'bigint',
    trades: 'bigint',
  },
  changes: ['high', 'low', 'close', 'volume', 'quoteVolume', 'trades'],
}

const DEPOSITS: Table = {
  name: 'deposits',
  key: ['eventNo'],
  columns: {
    eventNo: 'bigint',
    account: 'bigint',
    asset: 'bigint',
    amount: 'bigint',
    instance: 'text',
    txHash: 'text',
    logIndex: 'bigint',
    at: 'bigint',
  },
  changes: [],
}

const WITHDRAWALS: Table = {
  name: 'withdrawals',
  key: ['id'],
  columns: {
    id: 'bigint',
    account: 'bigint',
    asset: 'bigint',
    amount: 'bigint',
    fee: 'bigint',
    address: 'text',
    requestId: 'text',
    status: 'text',
    txHash: 'text',
    createdAt: 'bigint',
    updatedAt: 'bigint',
    eventNo: 'bigint',
  },
  changes: ['status', 'txHash', 'updatedAt', 'eventNo'],
}

const TRANSFERS: Table = {
  name: 'transfers',
  key: ['id'],
  columns: {
    id: 'bigint',
    account: 'bigint',
    fromAccount: 'bigint',
    toAccount: 'bigint',
    asset: 'bigint',
    amount: 'bigint',
    requestId: 'text',
    at: 'bigint',
  },
  changes: [],
}

const PREVENTED: Table = {
  name: 'prevented_matches',
  key: ['eventNo'],
  columns: {
    eventNo: 'bigint',
    market: 'bigint',
    takerSide: 'text',
    selfTrade: 'text',
    price: 'bigint',
    size: 'bigint',
    makerOrderId: 'bigint',
    takerOrderId: 'bigint',
    makerAccount: 'bigint',
    takerAccount: 'bigint',
    at: 'bigint',
  },
  changes: [],
}

export const TABLES = {
  assets: ASSETS,
  markets: MARKETS,
  marketStates: MARKET_STATES,
  accounts: ACCOUNTS,
  orders: ORDERS,
  fills: FILLS,
  ledger: LEDGER_ENTRIES,
  balances: BALANCES,
  positions: POSITIONS,
  candles: CANDLES,
  deposits: DEPOSITS,
  withdrawals: WITHDRAWALS,
  transfers: TRANSFERS,
  prevented: PREVENTED,
} as const

export type TableName = keyof typeof TABLES

export const TABLE_NAMES = Object.keys(TABLES) as TableName[] // Object.keys forgets the keys.

/** The column of a field. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The columns of a table as the fields of its row, for SELECT. */
export function fieldsOf(table: Table): string {
  return Object.keys(table.columns)
    .map((field) => (columnOf(field) === field ? field : `${columnOf(field)} AS "${field}"`))
    .join(', ')
}
