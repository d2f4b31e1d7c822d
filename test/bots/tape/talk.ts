// Talk: events and answers as a runner hands them to a tape, without either of the two.

import type { EventMessage, Handled, ToStrategy } from '#bots/runtime/channel.ts'
import type { Tape } from '#bots/tape/recorder.ts'
import { BTC_USDC } from '../runtime/fake-venue.ts'

type Talk = { readonly from: number; readonly count: number; readonly isRandom?: boolean }

function messageOf(no: number, isRandom: boolean): EventMessage {
  const price = isRandom ? Math.random() * 100 : 100 + (no % 7)
  const level = { price: price.toFixed(isRandom ? 12 : 1), size: '1.00000' }
  if (no === 1) return { kind: 'event', no, at: 1_000, receivedAt: 995, event: { kind: 'ready' } }
  return {
    ...{ kind: 'event', no, at: no * 1_000, receivedAt: no * 1_000 - 5 },
    event: {
      ...{ kind: 'update', venue: 'internal' },
      update: { kind: 'book', symbol: 'BTC-USDC', bids: [level], asks: [], at: no * 1_000 - 9 },
    },
  }
}

/** A start before the first event. */
export function talk(tape: Tape, { from, count, isRandom = false }: Talk): void {
  const say = (message: ToStrategy) => tape.sent(message, JSON.stringify(message))
  if (from === 1) {
    say({
      ...{ kind: 'start', strategy: 'trendy', params: {}, saved: undefined, seed: 1, no: 0, at: 1 },
      ...{ venues: [{ venue: 'internal', instruments: [BTC_USDC] }], idPrefix: 'b-' },
    })
  }
  for (let no = from; no < from + count; no += 1) {
    say(messageOf(no, isRandom))
    const handled: Handled = { kind: 'handled', no, actions: [] }
    tape.heard(handled, JSON.stringify(handled))
  }
}
