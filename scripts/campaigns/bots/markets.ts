// Markets of the campaign's bots: one for each, all in ETH.
//
// So no bot meets another one, and what happens in a market depends on its bot and on the script
// alone.

import { type Amount, asUnit, type FeeRate } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { asId, type MarketId } from '#kernel/ids.ts'
import { assetId, MARKETS } from '#scripts/demo/genesis.ts'
import type { Sequencer } from '#sequencer/port.ts'

/** Stops need a collar; nothing here halts. */
const RULES = {
  ...{ collarBps: 500, bandBps: 0, bandWindowUs: 0, haltUs: 0, auctionUs: 0 },
  ...{ sessionOpenUs: 0, sessionCloseUs: 0, minNotional: asUnit<Amount>(1_000_000) },
}

/** 'BOTA-USDC', 'BOTB-USDC' ... */
export function botMarket(at: number): string {
  return `BOT${String.fromCharCode(65 + at)}-USDC`
}

export async function listBotMarkets(
  { submit }: Pick<Sequencer, 'submit'>,
  count: number,
): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const { code } = await submit({
      ...{ kind: 'listMarket', symbol: botMarket(at), marketKind: 'spot' },
      ...{ base: assetId('ETH'), quote: assetId('USDC') },
      ...{ priceScale: 2, tickUnits: 1, lotUnits: 10_000, minNotional: asUnit<Amount>(1_000_000) },
      ...{ makerRate: asUnit<FeeRate>(200), takerRate: asUnit<FeeRate>(500) },
    })
    const set = await submit({
      kind: 'setMarket',
      market: asId<MarketId>(MARKETS.length + at),
      ...RULES,
    })
    assert(code === null && set.code === null, `a bot's market was refused: ${code} ${set.code}`)
  }
}
