// Arbitrage report: a strategy's figures, checked, as the platform is told them.

import type { ArbitrageReport, LossCause } from './messages.ts'

const CAUSES: readonly LossCause[] = ['pool moved', 'book moved', 'leg failed', 'gas']

/** Undefined when the figures are not those of an arbitrage. */
export function readArbitrageReport(
  figures: Readonly<Record<string, unknown>>,
): ArbitrageReport | undefined {
  const { market, expectedEdgeQuote, realisedQuote, cause, txHash } = figures
  if (typeof market !== 'string' || typeof expectedEdgeQuote !== 'number') return undefined
  if (realisedQuote !== null && typeof realisedQuote !== 'number') return undefined
  if (txHash !== null && typeof txHash !== 'string') return undefined
  const named = CAUSES.find((one) => one === cause) ?? null
  return { market, expectedEdgeQuote, realisedQuote, cause: named, txHash }
}
