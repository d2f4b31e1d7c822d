// Market state: what of a market changes while it trades, folded from events.
//
// Phase, mark price, indicative price, rules and fee tiers; what never changes stands in the
// listing. Rows are immutable: every change makes a new one. Live views and projector fold alike.

import type { FeeTier, MarketRules, Phase } from '#engine/command.ts'
import type {
  AuctionUncrossed,
  EventHeader,
  FeesSet,
  Indicative,
  MarketChanged,
  MarketDelisted,
  MarketListed,
  MarkSet,
  PhaseChanged,
} from '#engine/event.ts'
import { type Amount, asUnit } from '#kernel/amount.ts'
import type { MarketId } from '#kernel/ids.ts'
import { asMicros, type Micros } from '#kernel/time.ts'

export type MarketState = MarketRules & {
  readonly market: MarketId
  readonly phase: Phase
  /** When a halt or an auction is over; 0 when somebody has to say so. */
  readonly endsAt: Micros
  /** Ticks; 0 before the first. */
  readonly markPrice: number
  /** What the auction would trade now, or trades while it uncrosses; both 0 for nothing. */
  readonly indicativePrice: number
  readonly indicativeVolume: number
  readonly tiers: readonly FeeTier[]
  readonly delisted: boolean
}

export type MarketStateEvent =
  | PhaseChanged
  | Indicative
  | AuctionUncrossed
  | MarkSet
  | MarketChanged
  | FeesSet
  | MarketDelisted

/** A market as it begins: continuous, with one fee tier and no rules. */
export function listedState({ market, minNotional, makerRate, takerRate }: Listed): MarketState {
  return {
    market,
    minNotional,
    ...{ collarBps: 0, bandBps: 0, bandWindowUs: 0, haltUs: 0, auctionUs: 0 },
    ...{ sessionOpenUs: 0, sessionCloseUs: 0, markPrice: 0, ...NOT_INDICATED },
    phase: 'continuous',
    endsAt: asMicros(0),
    tiers: [{ minNotional: asUnit<Amount>(0), makerRate, takerRate }],
    delisted: false,
  }
}

type Listed = Pick<MarketListed, 'market' | 'minNotional' | 'makerRate' | 'takerRate'>

const NOT_INDICATED = { indicativePrice: 0, indicativeVolume: 0 } as const

/** The state after one of the events that change it. */
export function changedState(state: MarketState, event: MarketStateEvent & EventHeader) {
  return { ...state, ...changeOf(event) } satisfies MarketState
}

function changeOf(event: MarketStateEvent & EventHeader): Partial<MarketState> {
  switch (event.kind) {
    case 'phaseChanged':
      return { phase: event.phase, endsAt: event.endsAt, ...NOT_INDICATED }
    case 'indicative':
    case 'uncrossed':
      return { indicativePrice: event.price, indicativeVolume: event.volume }
    case 'markSet':
      return { markPrice: event.price }
    case 'marketChanged':
      return rulesOf(event)
    case 'feesSet':
      return { tiers: event.tiers }
    case 'marketDelisted':
      return { delisted: true }
  }
}

function rulesOf(event: MarketChanged): MarketRules {
  const { minNotional, collarBps, bandBps, bandWindowUs, haltUs, auctionUs } = event
  const { sessionOpenUs, sessionCloseUs } = event
  return {
    ...{ minNotional, collarBps, bandBps, bandWindowUs, haltUs, auctionUs },
    ...{ sessionOpenUs, sessionCloseUs },
  }
}
