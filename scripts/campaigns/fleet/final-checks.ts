// Final checks of the fleet, read from the venue alone.
//
// Records, processes and the venue's orders say the same; every account balances; nobody traded
// outside of budget and envelope.

import type { Client } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { DeployedBot, Fill, LedgerEntry, Order } from '#client/shapes.ts'
import { answered } from './world.ts'

export type Judging = {
  readonly client: Client
  readonly violated: (what: string) => void
  readonly reach: (what: string, times?: number) => void
}

const PAGE = 1_000
const SECOND_US = 1_000_000
/** A runner that begins anew has forgotten what it sent in the second before. */
const RATE_SLACK = 2

/** State in records = processes = venue orders. */
export async function judgeStates(
  { client, violated, reach }: Judging,
  bots: readonly DeployedBot[],
  strategies: readonly number[],
): Promise<void> {
  const alive = bots.filter(({ wanted }) => wanted !== 'stopped')
  if (strategies.length !== alive.length) {
    violated(`${alive.length} bots that are not stopped, ${strategies.length} processes`)
  }
  for (const bot of bots) {
    reach(`final ${bot.wanted}`)
    if (bot.state !== bot.wanted) {
      violated(`${bot.id} shall be ${bot.wanted} and is ${bot.state}: ${bot.why}`)
    }
    const { account } = bot
    const open = await all<Order>((after) =>
      client.orders({ account, status: 'open', limit: PAGE, ...after }),
    )
    if (bot.wanted !== 'running' && open.length > 0) {
      violated(`${bot.id} is ${bot.wanted} and has ${open.length} open orders`)
    }
    reach('final open orders', open.length)
  }
}

/** The ledger of one bot's account, from its budget to what it has now. */
export async function judgeBooks(judging: Judging, bot: DeployedBot): Promise<void> {
  const { client, violated, reach } = judging
  const { account, id } = bot
  const entries = await all<LedgerEntry>((after) =>
    client.ledger({ account, limit: PAGE, ...after }),
  )
  const sums = new Map<string, bigint>()
  for (const entry of [...entries].sort((a, b) => a.eventNo - b.eventNo)) {
    const before = sums.get(entry.asset) ?? 0n
    const now = before + units(entry.amount)
    sums.set(entry.asset, now)
    if (now < 0n) violated(`${id} had less than nothing of ${entry.asset} at ${entry.eventNo}`)
  }
  const told = await answered(() => client.balances({ account }))
  const balances = told.kind === 'done' ? told.value.items : []
  if (told.kind !== 'done') violated(`${id}: no balances`)
  for (const [asset, sum] of sums) {
    const total = balances.find((one) => one.asset === asset)?.total ?? '0'
    if (units(total) !== sum) violated(`${id}: ${asset} adds up to ${sum} and is ${total}`)
  }
  const given = entries.filter(({ kind, amount }) => kind === 'transfer' && units(amount) > 0n)
  const budget = bot.budget.map(({ asset, amount }) => `${asset} ${units(amount)}`).join()
  const moved = given.map(({ asset, amount }) => `${asset} ${units(amount)}`).join()
  if (moved !== budget) violated(`${id}: budget ${budget}, moved in ${moved}`)
  reach('ledger entries', entries.length)
}

/** Every order and every fill that the bot ever had, against its limits. */
export async function judgeEnvelope(judging: Judging, bot: DeployedBot): Promise<void> {
  const { client, violated, reach } = judging
  const { account, id } = bot
  const { orderNotional, ordersPerSecond, position } = bot.version.limits
  const orders = await all<Order>((after) => client.orders({ account, limit: PAGE, ...after }))
  for (const order of orders) {
    const size = Number(order.size ?? 0)
    const price = Number(order.price ?? order.averagePrice ?? 0)
    const most = isClosing(order, bot) ? position : orderNotional
    // The price may move between the gate's look and the venue's.
    if (size * price > most * 1.02) {
      violated(`${id}: an order of ${size} at ${price}, more than ${most}`)
    }
  }
  const times = orders.map(({ createdAt }) => createdAt).sort((a, b) => a - b)
  for (const [at, time] of times.entries()) {
    const later = times[at + ordersPerSecond * RATE_SLACK]
    if (later !== undefined && later - time < SECOND_US) {
      violated(`${id}: more than ${ordersPerSecond} orders a second`)
      break
    }
  }
  const fills = await all<Fill>((after) => client.fills({ account, limit: PAGE, ...after }))
  let held = 0
  for (const fill of [...fills].sort((a, b) => a.at - b.at || a.id - b.id)) {
    held += (fill.side === 'buy' ? 1 : -1) * Number(fill.size)
    if (Math.abs(held) * Number(fill.price) > position * 1.02) {
      violated(`${id}: a position of ${held} at ${fill.price}, more than ${position}`)
      break
    }
  }
  reach('orders', orders.length)
  reach('fills', fills.length)
}

/** What was sent because somebody wished the bot stopped and its position closed, all in one. */
function isClosing({ clientOrderId, type }: Order, { wanted }: DeployedBot): boolean {
  return wanted === 'stopped' && !clientOrderId && type === 'market'
}

type PageOf<T> = { readonly items: readonly T[]; readonly next: string | null }
type Paged<T> = (after: { readonly after?: string }) => Promise<Outcome<PageOf<T>>>

async function all<T>(page: Paged<T>): Promise<readonly T[]> {
  const items: T[] = []
  let next: string | null = null
  do {
    const after: { readonly after?: string } = next === null ? {} : { after: next }
    const told = await answered(() => page(after))
    if (told.kind !== 'done') throw new Error(`no page of a list: ${JSON.stringify(told)}`)
    items.push(...told.value.items)
    next = told.value.next
  } while (next !== null)
  return items
}

/** Exact, whatever the scale: 10^-18. */
function units(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(18, '0'))
  return text.startsWith('-') ? -size : size
}
