// Bodies of genes: the commands that a gene of an attack means in a market.

import type { CommandBody, SelfTrade } from '#engine/command.ts'
import type { OpenOrder } from '#engine/image.ts'
import { asId } from '#kernel/ids.ts'
import { caller, limit } from '../commands.ts'
import { amend, cancel, mark, order, phase } from '../example.ts'
import {
  back,
  feesSet,
  MOVER,
  OTHER,
  others,
  othersTake,
  SUB,
  TRADER,
} from '../round-trips/world.ts'
import { type Battlefield, GROUP } from './battlefield.ts'
import type { Gene } from './genes.ts'

type Fields = Readonly<Record<string, unknown>>
type Open = () => readonly OpenOrder[]

const MODES: readonly SelfTrade[] = ['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement']

export function bodiesOf(field: Battlefield, gene: Gene, open: Open): readonly CommandBody[] {
  const { price, schedules } = field
  const { side, lots, away, pick } = gene
  const near = Math.max(1, price + away)
  switch (gene.do) {
    case 'place':
      return [placed(field, gene)]
    case 'quote':
      // They never meet themselves: what they have on the other side goes first.
      return [cancelAll(OTHER, back(side)), others(side, price, lots)]
    case 'take':
      return [othersTake(side, price, lots)]
    case 'move':
      return moved(near)
    case 'mark':
      return [mark(near)]
    case 'fees':
      return [feesSet(schedules[pick % schedules.length] ?? [])]
    case 'phase':
      return [phase(pick % 2 === 0 ? 'auction' : 'continuous')]
    case 'transfer': {
      const [from, to] = side === 'buy' ? [TRADER, SUB] : [SUB, TRADER]
      const what = { kind: 'transfer', account: TRADER, from, to, asset: pick % 2, amount: lots }
      return [{ ...what, requestId: '', ...caller() } as never] // Brands only.
    }
    case 'amend':
    case 'cancel':
      return onOpen(gene, near, open)
    default:
      return gene.do satisfies never
  }
}

/** Among themselves; who of the group stands there as well meets one of them. */
function moved(price: number): readonly CommandBody[] {
  const buys = limit('buy', { account: MOVER, price, size: 1, timeInForce: 'IOC' })
  return [cancelAll(OTHER, 'buy'), others('sell', price, 1), buys, cancelAll(OTHER, null)]
}

function cancelAll(account: number, side: 'buy' | 'sell' | null): CommandBody {
  return { kind: 'cancelAll', account: asId(account), market: null, side }
}

function onOpen({ do: what, lots, pick }: Gene, price: number, open: Open): CommandBody[] {
  const orders = open()
  const chosen = orders[pick % Math.max(1, orders.length)]
  if (chosen === undefined) return []
  const { orderId, account, traded } = chosen
  if (what === 'cancel') return [cancel(orderId, account)]
  const changes = [
    { size: traded + lots },
    { price },
    { price, size: traded + lots },
    { triggerPrice: price },
  ]
  return [amend(orderId, { account, ...changes[pick % changes.length] })]
}

function placed({ price, listing }: Battlefield, gene: Gene): CommandBody {
  const { side, lots, away, shape, received, pick } = gene
  const account = GROUP[gene.who] ?? TRADER
  const at = Math.max(1, price + away)
  const far = (ticks: number) => Math.max(1, at + ticks)
  // A stop to buy waits above, one to sell below.
  const stop = far(side === 'buy' ? 1 : -1)
  const unit = (listing.tickUnits * listing.lotUnits) / 10 ** listing.priceScale
  const common = { account, size: lots, selfTrade: MODES[pick % MODES.length] }
  const extra: Fields = received ? { feeIn: 'received' } : {}
  const made = (more: Fields, extras: Fields = {}, way = side) =>
    order(way, { ...common, ...more } as never, { ...extra, ...extras } as never)
  const immediate = { timeInForce: pick % 3 === 0 ? 'FOK' : 'IOC' }
  switch (shape) {
    case 'limit':
      return made({ price: at })
    case 'limit IOC':
      return made({ price: at, timeInForce: 'IOC' })
    case 'limit FOK':
      return made({ price: at, timeInForce: 'FOK' })
    case 'post-only':
      return made({ price: at, postOnly: true })
    case 'slide':
      return made({ price: at, postOnly: true }, { slide: true })
    case 'iceberg':
      return made({ price: at, size: lots + 2 }, { displaySize: 1 + (pick % 2) })
    case 'market':
      return made({ type: 'market', price: 0, ...immediate })
    case 'by quote': {
      const quoteAmount = at * lots * unit + (pick % 7)
      return made({ type: 'market', price: 0, size: 0, quoteAmount, ...immediate })
    }
    case 'reduce-only':
      return made({ price: at }, { reduceOnly: true })
    default:
      return waiting({ shape, at, stop, far, side, pick }, made)
  }
}

type Waiting = {
  readonly shape: string
  readonly at: number
  readonly stop: number
  readonly far: (ticks: number) => number
  readonly side: 'buy' | 'sell'
  readonly pick: number
}
type Make = (more: Fields, extras?: Fields, way?: 'buy' | 'sell') => CommandBody

function waiting({ shape, at, stop, far, side, pick }: Waiting, made: Make): CommandBody {
  const triggerBy = pick % 5 === 0 ? 'mark' : 'last'
  switch (shape) {
    case 'stop':
    case 'take-profit':
      return made({ type: shape, price: 0 }, { triggerPrice: at, triggerBy })
    case 'stop-limit':
      return made({ type: shape, price: stop }, { triggerPrice: at, triggerBy })
    case 'trailing-stop':
      return made({ type: shape, price: 0 }, { trail: 1 + (pick % 2), triggerBy })
    case 'oco':
      return made({ type: shape, price: at }, { triggerPrice: stop })
    default: {
      const exit = { takeProfitPrice: far(1 + (pick % 2)), triggerPrice: far(-1), feeIn: 'quote' }
      const now = { type: 'market', price: 0, timeInForce: 'IOC' }
      return made(side === 'buy' ? { price: at } : now, exit, 'buy')
    }
  }
}
