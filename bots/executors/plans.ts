// Plans: what a strategy says when it starts an executor.
//
// Prices are in quote coins, lengths of time as of bars: '30s', '5m', '1d'. An executor of a tag
// that runs already is not started again.

import type { Side } from '#connectors/venue.ts'
import type { Bars } from '../bars/bars.ts'
import type { Size } from '../sizes.ts'

export type Move = {
  /** 'market' when nothing is said. */
  readonly via?: 'market' | 'passive'
  /** How long 'passive' rests before it takes: '30s', the default. */
  readonly within?: string
  /** Of every order that takes; without it market orders, bounded by the venue's collar. */
  readonly maxSlippageBps?: number
  readonly tag?: string
}

export type Protection = {
  /** Quote coins; at least one of the three. */
  readonly stop?: number
  readonly takeProfit?: number
  /** A trailing stop, so many quote coins behind the best price; without the other two. */
  readonly trail?: number
  /** 'bot' watches prices itself and is gone with the bot: for venues without stops. */
  readonly at?: 'venue' | 'bot'
}

export type Twap = {
  readonly side: Side
  readonly size: Size
  /** '10m' */
  readonly over: string
  readonly slices: number
  readonly maxSlippageBps?: number
  readonly tag?: string
}

/** Slices are weighed by the volume that bars of this market had at the same time of day. */
export type Vwap = Twap & { readonly bars: Bars }

export type Iceberg = {
  readonly side: Side
  readonly size: Size
  readonly price: number
  /** What the book shows. */
  readonly display: Size
  readonly postOnly?: boolean
  readonly tag?: string
}

type Entry = {
  readonly side: Side
  readonly size: Size
  /** Of a limit order; without it a market order. */
  readonly price?: number
  /** How long the entry may rest: '5m'. */
  readonly entryWithin?: string
  readonly tag?: string
}

export type Bracket = Entry & { readonly takeProfit: number; readonly stop: number }

export type TripleBarrier = Entry & {
  readonly takeProfit?: number
  readonly stop?: number
  /** So many quote coins behind the best price since the entry. */
  readonly trail?: number
  /** How long it is held: '4h'. */
  readonly within?: string
}

export type Dca = {
  readonly side: Side
  /** Of each order, sized when it is sent. */
  readonly size: Size
  /** '1d' */
  readonly every: string
  readonly times: number
  /** Nothing is bought above it, nothing sold below it. */
  readonly limit?: number
  readonly maxSlippageBps?: number
  readonly tag?: string
}

export type Grid = {
  readonly lower: number
  readonly upper: number
  /** Cells between them, evenly spaced. */
  readonly cells: number
  /** Of each cell. */
  readonly size: Size
  readonly stop?: number
  readonly tag?: string
}
