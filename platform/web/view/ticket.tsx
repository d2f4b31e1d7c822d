// Ticket: an order being written. The button says what will happen, the lines above it what it
// costs; a refusal stands beside the field that it is about. Enter sends.
//
// It draws; what an order is and what becomes of it is the model's business.

import { useApp } from '../app-context.ts'
import { plain } from '../model/numbers.ts'
import { Holdings } from './holdings.tsx'
import { TicketCost } from './ticket-cost.tsx'
import { TicketField } from './ticket-field.tsx'
import { SIZE_FIELD } from './use-shortcuts.ts'

const SHARES = [25, 50, 75, 100]

export function Ticket() {
  const { ticket, session, dialog } = useApp()
  const side = ticket.side.value
  return (
    <section class="panel ticket" aria-label="Order ticket">
      <form
        class={`ticket-form ${side}`}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (session.isSignedIn.peek()) void ticket.send()
          else dialog.value = 'sign-in'
        }}
      >
        <Choices />
        <Available />
        <Fields />
        <TicketCost />
        <Send />
      </form>
      <Holdings />
    </section>
  )
}

function Choices() {
  const { ticket } = useApp()
  return (
    <>
      <fieldset class="sides">
        <legend class="hidden-label">Side</legend>
        {(['buy', 'sell'] as const).map((side) => (
          <button
            type="button"
            key={side}
            class={`side ${side}`}
            aria-pressed={ticket.side.value === side}
            onClick={() => ticket.choose(side)}
          >
            {side === 'buy' ? 'Buy' : 'Sell'}
          </button>
        ))}
      </fieldset>
      <fieldset class="types">
        <legend class="hidden-label">Type</legend>
        {(['limit', 'market'] as const).map((type) => (
          <button
            type="button"
            key={type}
            class="tab small"
            aria-pressed={ticket.type.value === type}
            onClick={() => {
              ticket.type.value = type
              ticket.error.value = null
            }}
          >
            {type === 'limit' ? 'Limit' : 'Market'}
          </button>
        ))}
        {ticket.type.value === 'limit' && (
          <label class="post-only">
            <input
              type="checkbox"
              checked={ticket.postOnly.value}
              onChange={(event) => {
                ticket.postOnly.value = event.currentTarget.checked
              }}
            />
            Post-only
          </label>
        )}
      </fieldset>
    </>
  )
}

function Available() {
  const { ticket, listing, portfolio } = useApp()
  const market = listing.market.value
  const asset = ticket.side.value === 'buy' ? market?.quote : market?.base
  const available = portfolio.balances.value.get(asset ?? '')?.available
  return (
    <p class="available">
      <span class="muted">Available</span>
      <span>
        {plain(available)} {asset}
      </span>
    </p>
  )
}

function Fields() {
  const { ticket, listing } = useApp()
  const market = listing.market.value
  const write = (field: 'size' | 'total') => (text: string) => {
    ticket.written.value = field
    ticket[field].value = text
    const other = field === 'size' ? 'total' : 'size'
    if (ticket.type.peek() === 'market' || text === '') ticket[other].value = ''
  }
  return (
    <>
      {ticket.type.value === 'limit' && (
        <TicketField
          {...{ field: 'price', name: 'Price', unit: market?.quote ?? '' }}
          onWrite={(text) => {
            ticket.price.value = text
          }}
          step={market?.tickSize}
        />
      )}
      <TicketField
        {...{ field: 'size', name: 'Size', unit: market?.base ?? '', id: SIZE_FIELD }}
        onWrite={write('size')}
      />
      <fieldset class="shares">
        <legend class="hidden-label">Share of what is available</legend>
        {SHARES.map((percent) => (
          <button
            type="button"
            key={percent}
            class="button share"
            onClick={() => ticket.share(percent)}
          >
            {percent} %
          </button>
        ))}
      </fieldset>
      <TicketField
        {...{ field: 'total', name: 'Total', unit: market?.quote ?? '' }}
        onWrite={write('total')}
      />
    </>
  )
}

function Send() {
  const { ticket, session } = useApp()
  const error = ticket.error.value
  return (
    <>
      <p class="error" role="alert">
        {error?.field === 'form' ? `${error.text} (${error.code})` : ''}
      </p>
      <button
        type="submit"
        class={`button large send ${ticket.side.value}`}
        disabled={ticket.isSending.value}
      >
        {session.isSignedIn.value ? <Words /> : 'Sign in to trade'}
      </button>
    </>
  )
}

/** "Buy 0.01 BTC at 46,432.1" */
function Words() {
  const { ticket, listing } = useApp()
  const market = listing.market.value
  const verb = ticket.side.value === 'buy' ? 'Buy' : 'Sell'
  const isLimit = ticket.type.value === 'limit'
  const byTotal = !isLimit && ticket.written.value === 'total'
  const [size, total, price] = [ticket.size.value, ticket.total.value, ticket.price.value]
  const amount = byTotal
    ? `${market?.base} for ${plain(total)} ${market?.quote}`
    : `${plain(size)} ${market?.base}`
  if ((byTotal ? total : size) === '') return <>{`${verb} ${market?.base ?? ''}`}</>
  return <>{`${verb} ${amount} ${isLimit ? `at ${plain(price)}` : 'at market'}`}</>
}
