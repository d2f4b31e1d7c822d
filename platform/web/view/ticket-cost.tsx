// What the order will cost, before it is sent: value, fee, sum, and what remains.
//
// The fee is the higher of both, the most that can be asked, and a buy that waits for a trigger is
// counted at the worst price it may trade at; what is short is said before anybody sends.

import { useApp } from '../app-context.ts'
import { decimalsOf, fixed, shortened, UNKNOWN } from '../model/numbers.ts'
import { feeBpsAtMost, textOf } from '../model/order-terms.ts'

const QUOTE_DIGITS = 2
/** A rate has hundredths of a bps. */
const [RATE_PER_BPS, RATE_DIGITS] = [100, 4]
const BASE_DIGITS = 5

export function TicketCost() {
  const { ticket, listing, fees } = useApp()
  const market = listing.market.value
  const rates = fees.own.value ?? market
  const preview = ticket.preview.value
  const isBuy = ticket.side.value === 'buy'
  const isMarket = ticket.kind.value.type === 'market'
  const paid = (isBuy ? market?.quote : market?.base) ?? ''
  const digits = isBuy ? QUOTE_DIGITS : BASE_DIGITS
  const tickDigits = decimalsOf(market?.tickSize ?? '')
  return (
    <dl class="cost">
      {isMarket && (
        <Line
          name="Average price, as the book is"
          value={preview === null ? UNKNOWN : `≈ ${fixed(preview.averagePrice, tickDigits)}`}
        />
      )}
      <Line name="Value" value={quoteText(preview?.notional, market?.quote)} />
      <Line
        name={`Fee, at most ${rates === undefined ? UNKNOWN : feeBpsAtMost(rates)} bps`}
        value={quoteText(preview?.fee, market?.quote)}
      />
      <Line
        name={preview?.isAtMost === true ? 'You pay, at most' : isBuy ? 'You pay' : 'You receive'}
        value={quoteText(preview?.total, market?.quote)}
        isStrong
      />
      <Line
        name={`Remains (${paid})`}
        value={preview?.remains == null ? UNKNOWN : negative(preview.remains, digits)}
        isBad={preview?.isShort === true}
      />
      <OwnFees />
      {preview?.isThin === true && <p class="warning">The book holds less than that.</p>}
    </dl>
  )
}

/** The customer's tier and what decides it. */
function OwnFees() {
  const own = useApp().fees.own.value
  if (own === undefined) return null
  const { makerFeeBps, takerFeeBps, tier, quoteVolume30d, quote, nextTier } = own
  const next =
    nextTier === null
      ? 'the last tier'
      : `tier ${tier + 1}: from ${quoteText(nextTier.minNotional, quote)} in 30 days, ` +
        `maker ${percentOf(nextTier.makerFeeBps)}, taker ${percentOf(nextTier.takerFeeBps)}`
  const rates = `maker ${percentOf(makerFeeBps)}, taker ${percentOf(takerFeeBps)}`
  const volume = quoteText(quoteVolume30d ?? undefined, quote)
  return (
    <p class="muted" title={next}>
      {`Fees: ${rates} (tier ${tier}; 30 days: ${volume})`}
    </p>
  )
}

type LineProps = {
  readonly name: string
  readonly value: string
  readonly isStrong?: boolean
  readonly isBad?: boolean
}

function Line({ name, value, isStrong = false, isBad = false }: LineProps) {
  return (
    <div class={`cost-line ${isStrong ? 'strong' : ''} ${isBad ? 'down' : ''}`}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function percentOf(bps: number): string {
  return `${textOf(Math.round(bps * RATE_PER_BPS), RATE_DIGITS)} %`
}

function quoteText(amount: string | undefined, quote: string | undefined): string {
  return amount === undefined ? UNKNOWN : `${shortened(amount, QUOTE_DIGITS)} ${quote ?? ''}`
}

function negative(amount: string, digits: number): string {
  return amount.startsWith('-')
    ? `−${shortened(amount.slice(1), digits)}`
    : shortened(amount, digits)
}
