// Follow a few kinds of events, decoded.
//
// For modules that care about rare events: records of other kinds are passed over by their type
// alone and cost a read each. The handler runs at release and must not block.

import { type Cells, cellCount, decodeEvent } from '#engine/codec.ts'
import type { Event, EventKind } from '#engine/event.ts'
import type { EventBatch, Sequencer } from './port.ts'

export type EventOf<Kind extends EventKind> = Extract<Event, { readonly kind: Kind }>

/** Calls the handler with every released event of the kinds, in order. */
export function followKinds<Kind extends EventKind>(
  sequencer: Pick<Sequencer, 'follow'>,
  kinds: readonly Kind[],
  handler: (event: EventOf<Kind>) => void,
): void {
  const known = createKindFilter(kinds)
  sequencer.follow(({ cells, from, to }: EventBatch) => {
    for (let at = from; at < to; at += cellCount(cells, at)) {
      const event = known(cells, at)
      if (event !== undefined) handler(event)
    }
  })
}

/** Learns which type bytes stand for which kinds as they come by: each is decoded once. */
function createKindFilter<Kind extends EventKind>(kinds: readonly Kind[]) {
  const wanted = new Map<number, boolean>()
  const isWanted = (event: Event): event is EventOf<Kind> =>
    (kinds as readonly EventKind[]).includes(event.kind)
  return (cells: Cells, at: number): EventOf<Kind> | undefined => {
    const type = cells.bytes[at * 64] ?? 0
    if (wanted.get(type) === false) return undefined
    const event = decodeEvent(cells, at)
    wanted.set(type, isWanted(event))
    return isWanted(event) ? event : undefined
  }
}
