// The campaign's strategy: ten styles, one a bot, which between them use every kind of order that
// is found again after a restart.
//
// A price of the script or the reference is its clock: one price, one decision, and a price that is
// told again after a restart is none. What it has heard stands in its state, so that it can be held
// against the venue's own account.

import { type Context, defineStrategy, type Market, p } from 'crossbook/strategy'

type State = {
  /** Time of the last decision. */
  at: number
  decisions: number
  fills: number
  bought: number
  sold: number
  /** How each order ended: its state and what it traded. */
  ends: Record<string, string>
  amends: number
}

type Tick = {
  readonly ctx: Context<State>
  readonly m: Market
  readonly price: number
  /** Of the decision. */
  readonly n: number
}

const FIRST: State = { at: 0, decisions: 0, fills: 0, bought: 0, sold: 0, ends: {}, amends: 0 }

export default defineStrategy({
  name: 'campaign',
  params: {
    market: p.market('internal:BOTA-USDC'),
    clock: p.market('script:BOTA-USDC'),
    style: p.int(0, 9, 0),
    everyMs: p.int(0, 60_000, 0),
  },
  state: FIRST,
  setup(ctx, { market, clock, style, everyMs }) {
    const m = ctx.market(market)
    const decide = STYLES[style] ?? immediate
    ctx.market(clock).onPrice((price) => {
      if (ctx.now() <= ctx.state.at + everyMs * 1_000) return
      ctx.state.at = ctx.now()
      ctx.state.decisions += 1
      decide({ ctx, m, price, n: ctx.state.decisions })
    })
    m.onFill(({ side, base }) => {
      ctx.state.fills += 1
      if (side === 'buy') ctx.state.bought += Number(base)
      else ctx.state.sold += Number(base)
    })
    m.onOrder(({ clientOrderId: id, state, filledBase, code = '' }) => {
      if (state !== 'open') ctx.state.ends[id] = `${state} ${filledBase} ${code}`.trim()
    })
    if (style === 8) {
      m.onOpened((position) => void position.protect({ stop: position.entry * 0.998 }))
    }
  },
})

const STYLES: readonly ((tick: Tick) => void)[] = [
  immediate,
  target,
  twap,
  barrier,
  grid,
  savings,
  iceberg,
  resting,
  protectedTarget,
  bracket,
]

/** One order for each decision. */
function immediate({ m, price, n }: Tick): void {
  const side = n % 2 === 1 ? 'buy' : 'sell'
  const reach = side === 'buy' ? 1.01 : 0.99
  m.place({ side, size: 0.1 + 0.01 * (n % 7), price: price * reach, timeInForce: 'IOC' })
}

function target({ m, n }: Tick): void {
  m.target((n % 5) * 0.2)
}

function twap({ ctx, m, n }: Tick): void {
  if (ctx.executors().length > 0) return
  m.twap({ side: n % 2 === 0 ? 'buy' : 'sell', size: 0.8, over: '3s', slices: 3 })
}

function barrier({ ctx, m, price }: Tick): void {
  if (ctx.executors().length > 0) return
  const exits = { takeProfit: price * 1.002, stop: price * 0.998, within: '6s' }
  m.tripleBarrier({ side: 'buy', size: 0.5, ...exits })
}

function grid({ ctx, m, price, n }: Tick): void {
  if (n % 20 === 19) m.flatten()
  else if (ctx.executors().length === 0) {
    m.grid({ lower: price * 0.997, upper: price * 1.003, cells: 4, size: 0.2 })
  }
}

function savings({ ctx, m, price }: Tick): void {
  if (ctx.executors().length > 0) return
  if (m.position().size < 1) m.dca({ side: 'buy', size: 0.2, every: '1s', times: 5 })
  else m.place({ side: 'sell', size: 1, price: price * 0.99, timeInForce: 'IOC' })
}

function iceberg({ ctx, m, price, n }: Tick): void {
  if (n % 7 === 6) m.flatten()
  else if (ctx.executors().length === 0) {
    m.iceberg({ side: 'buy', size: 0.6, price: price * 0.999, display: 0.2 })
  }
}

/** At most four of its own rest; every other time one of them is changed where it stands. */
function resting({ ctx, m, price, n }: Tick): void {
  const [oldest, ...others] = m.orders()
  if (oldest !== undefined && n % 2 === 0) {
    ctx.state.amends += 1
    const smaller = { size: 0.1 - 0.01 * (n % 5) }
    m.amend(oldest.clientOrderId, n % 4 === 0 ? smaller : { ...smaller, price: price * 0.997 })
    return
  }
  if (oldest !== undefined && others.length >= 3) m.cancel(oldest.clientOrderId)
  m.place({ side: 'buy', size: 0.1, price: price * 0.998, saved: true })
}

function protectedTarget({ m, n }: Tick): void {
  if (n % 5 === 1) m.target(0.5)
  if (n % 5 === 0) m.flatten()
}

function bracket({ ctx, m, price }: Tick): void {
  if (ctx.executors().length > 0) return
  const exits = { takeProfit: price * 1.002, stop: price * 0.997 }
  m.bracket({ side: 'buy', size: 0.3, price: price * 0.9995, entryWithin: '4s', ...exits })
}
