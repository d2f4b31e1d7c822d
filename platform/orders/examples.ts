// Examples of orders, one of every kind, as the OpenAPI text shows them.
//
// A test sends each of them over REST and over the stream, with BTC-USDC between 45,000 and 47,000.
// Iceberg and bracket are no types of their own: what makes them is a field more. Messages of the
// stream are made of the same orders; sent one after the other, each finds what it names.

const BUY = { market: 'BTC-USDC', side: 'buy' } as const
const SELL = { market: 'BTC-USDC', side: 'sell' } as const

export const ORDER_EXAMPLES = {
  limit: { ...BUY, type: 'limit', price: '45000.0', size: '0.001', postOnly: true },
  goodTillDate: {
    ...BUY,
    type: 'limit',
    price: '45000.0',
    size: '0.001',
    timeInForce: 'GTD',
    expireAt: 4_102_444_800_000_000,
  },
  day: { ...BUY, type: 'limit', price: '45000.0', size: '0.001', timeInForce: 'DAY' },
  market: { ...BUY, type: 'market', size: '0.001' },
  marketByAmount: { ...BUY, type: 'market', quoteAmount: '50.00', feeIn: 'received' },
  stop: { ...SELL, type: 'stop', triggerPrice: '44000.0', size: '0.001', reduceOnly: true },
  stopLimit: {
    ...SELL,
    type: 'stop-limit',
    triggerPrice: '44000.0',
    price: '43900.0',
    size: '0.001',
  },
  takeProfit: { ...SELL, type: 'take-profit', triggerPrice: '48000.0', size: '0.001' },
  takeProfitLimit: {
    ...SELL,
    type: 'take-profit-limit',
    triggerPrice: '48000.0',
    price: '47900.0',
    size: '0.001',
  },
  trailingStop: { ...SELL, type: 'trailing-stop', trail: '250.0', size: '0.001' },
  trailingStopBps: {
    ...SELL,
    type: 'trailing-stop',
    trailBps: 150,
    triggerBy: 'last',
    size: '0.001',
  },
  iceberg: { ...BUY, type: 'limit', price: '45000.0', size: '0.05', displaySize: '0.005' },
  oco: {
    ...SELL,
    type: 'oco',
    price: '48000.0',
    triggerPrice: '44000.0',
    stopPrice: '43900.0',
    size: '0.001',
  },
  bracket: {
    ...BUY,
    type: 'limit',
    price: '45000.0',
    size: '0.001',
    takeProfitPrice: '48000.0',
    triggerPrice: '44000.0',
  },
} as const

export const BATCH_EXAMPLE = {
  orders: [
    { place: ORDER_EXAMPLES.limit },
    { amend: { clientOrderId: 'maker-17', price: '45001.0' } },
    { cancel: { id: 1_204_331 } },
  ],
}

const QUOTE = { ...ORDER_EXAMPLES.limit, clientOrderId: 'maker-17' }
const STOP = { ...ORDER_EXAMPLES.stop, clientOrderId: 'stop-4' }

/** One message for an order of every kind, whose id says the kind, and messages of several. */
export const PLACE_MESSAGES = [
  ...Object.entries(ORDER_EXAMPLES).map(([id, order]) => place(id, [order])),
  place('several', [QUOTE, STOP, ORDER_EXAMPLES.iceberg]),
  { ...place('acknowledged', [ORDER_EXAMPLES.limit]), answers: 'ack' },
]

const PRICE = { clientOrderId: QUOTE.clientOrderId, price: '45001.0' }
const TRIGGER = { clientOrderId: STOP.clientOrderId, triggerPrice: '43950.0', size: '0.002' }

export const AMEND_MESSAGES = [amend('price', [PRICE]), amend('several', [PRICE, TRIGGER])]

const ORDERS = [QUOTE, STOP].map(({ clientOrderId }) => ({ clientOrderId }))

export const CANCEL_MESSAGES = [cancel('one', ORDERS.slice(0, 1)), cancel('several', ORDERS)]

function place(id: string, orders: readonly object[]) {
  return { id, op: 'order.place', orders }
}

function amend(id: string, orders: readonly object[]) {
  return { id, op: 'order.amend', orders }
}

function cancel(id: string, orders: readonly object[]) {
  return { id, op: 'order.cancel', orders }
}
