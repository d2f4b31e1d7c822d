// Ticket: an order being written. The button says what will happen, the lines above it what it
// costs; a refusal stands beside the field that it is about. Enter sends.
//
// It draws; what an order is and what becomes of it is the model's business.

import { useApp } from '../app-context.ts'
import { plain } from '../model/numbers.ts'
import { KIND_FIELDS, KINDS } from '../model/ticket-kinds.ts'
import { Holdings } from './holdings.tsx'
import { TicketCost } from './ticket-cost.tsx'
import { TicketField } from './ticket-field.tsx'
import { SIZE_FIELD } from './use-shortcuts.ts'

const SHARES = [25, 50, 75, 100]
/** Kinds that have a tab of their own; the others are chosen from a list. */
const TABS = 2

export function Ticket() {
  const { ticket, session, dialog } = useApp()
  const side = ticket.side.value
  const isLong = ticket.kind.value.fields.length > 2
  return (
    <section class="panel ticket" aria-label="Order ticket">
      <form
        class={`ticket-form ${side} ${isLong ? 'many' : ''}`}
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
        {KINDS.slice(0, TABS).map(({ id, name }) => (
          <button
            type="button"
            key={id}
            class="tab small"
            aria-pressed={ticket.kindId.value === id}
            onClick={() => ticket.chooseKind(id)}
          >
            {name}
          </button>
        ))}
        <select
          class={`more-kinds ${KINDS.indexOf(ticket.kind.value) < TABS ? '' : 'chosen'}`}
          aria-label="More kinds of orders"
          value={KINDS.indexOf(ticket.kind.value) < TABS ? '' : ticket.kindId.value}
          onChange={(event) => ticket.chooseKind(event.currentTarget.value)}
        >
          <option value="" disabled hidden>
            More
          </option>
          {KINDS.slice(TABS).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        {ticket.kind.value.rests && (
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
    if (ticket.kind.peek().type === 'market' || text === '') ticket[other].value = ''
  }
  return (
    <>
      {ticket.kind.value.fields.map((field) => {
        const { name, scale } = KIND_FIELDS[field]
        const isPrice = scale === 'price'
        const isOptional = ticket.kind.value.optional?.includes(field) === true
        return (
          <TicketField
            key={field}
            {...{ field, name, unit: (isPrice ? market?.quote : market?.base) ?? '' }}
            onWrite={(text) => {
              ticket[field].value = text
            }}
            step={isPrice ? market?.tickSize : market?.lotSize}
            placeholder={isOptional ? 'market' : '0'}
          />
        )
      })}
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
  const kind = ticket.kind.value
  const byTotal = kind.type === 'market' && ticket.written.value === 'total'
  const [size, total] = [ticket.size.value, ticket.total.value]
  const amount = byTotal
    ? `${market?.base} for ${plain(total)} ${market?.quote}`
    : `${plain(size)} ${market?.base}`
  if ((byTotal ? total : size) === '') return <>{`${verb} ${market?.base ?? ''}`}</>
  return <>{`${verb} ${amount} ${kind.words((field) => plain(ticket[field].value))}`}</>
}
