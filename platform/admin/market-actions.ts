// Market actions: what two people may change of a market that is listed, and of an account.
//
// Asked again each of them changes nothing and is accepted, so a command whose answer was lost is
// simply submitted again.

import type { Static, TSchema } from 'typebox'
import { type AccountId, asId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { asMicros } from '#kernel/time.ts'
import type { Submission } from '#sequencer/port.ts'
import type { Listing, Market } from '#views/listing.ts'
import type { ActionKind } from './action-kind.ts'
import { feesCommand, rulesCommand } from './market-commands.ts'
import {
  CancelOrdersParams,
  DelistParams,
  FeesParams,
  FreezeParams,
  PhaseParams,
  RulesParams,
} from './market-params.ts'

const marketRules = onMarket(RulesParams, rulesCommand)
const marketFees = onMarket(FeesParams, feesCommand)
const marketPhase = onMarket(PhaseParams, ({ id: market }, { phase, endsAt = 0 }) =>
  accept({ kind: 'setPhase', market, phase, endsAt: asMicros(endsAt) }),
)
const marketDelist = onMarket(DelistParams, ({ id: market }) =>
  accept({ kind: 'delistMarket', market }),
)

const accountFreeze: ActionKind<typeof FreezeParams> = {
  params: FreezeParams,
  command: ({ account, frozen }) =>
    accept({ kind: 'freezeAccount', account: asId<AccountId>(account), frozen }),
  isDone: () => false,
}

const accountCancelOrders: ActionKind<typeof CancelOrdersParams> = {
  params: CancelOrdersParams,
  command: ({ account }) => {
    const all = { account: asId<AccountId>(account), market: null, side: null }
    return accept({ kind: 'cancelAll', ...all })
  },
  isDone: () => false,
}

/** By the name that a proposal says. */
export const MARKET_ACTIONS = {
  'market.rules': marketRules,
  'market.fees': marketFees,
  'market.phase': marketPhase,
  'market.delist': marketDelist,
  'account.freeze': accountFreeze,
  'account.cancel_orders': accountCancelOrders,
} as const

/** market.unknown, and what the command says. */
function onMarket<Params extends TSchema>(
  params: Params,
  command: (market: Market, given: Static<Params>) => Result<Submission>,
): ActionKind<Params> {
  return {
    params,
    command: (given: Static<Params>, listing: Listing) => {
      // Every one of these names its market.
      const { market: symbol } = given as { readonly market: string }
      const market = listing.marketBySymbol(symbol)
      return market === undefined ? refuse('market.unknown') : command(market, given)
    },
    isDone: () => false,
  }
}
