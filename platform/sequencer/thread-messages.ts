// Thread messages: what crosses between the desk and a press in a thread of its own.
//
// Cells go over as buffers that are given away, and those of parcels come back; the rest is small
// and copied.

import { type Words, wordsOf } from '#engine/codec/words.ts'
import { CELL_SIZE_BYTES } from '#engine/codec.ts'
import type { EngineImage } from '#engine/image.ts'
import type { Stretch } from '#journal/events.ts'
import type { PriceTicks } from '#kernel/amount.ts'
import type { AccountId, OrderId } from '#kernel/ids.ts'
import type { Opened } from './callers.ts'
import type { Release } from './outbox.ts'
import type { Group } from './parcel.ts'
import type { EventsDigest, OwnerVolumes, StateDigest } from './port.ts'

/** What the press is asked; it answers each by its id. */
export type Question =
  | { readonly name: 'eventsAfter'; readonly eventNo: number; readonly upTo: number }
  | { readonly name: 'volumesOf'; readonly owner: AccountId }
  | { readonly name: 'triggersOf'; readonly orders: readonly OrderId[] }
  | { readonly name: 'eventDigest' | 'digest' | 'close' }

/** What it answers. */
export type Answered = {
  readonly eventsAfter: SentStretch | null
  readonly eventDigest: EventsDigest
  readonly digest: StateDigest
  readonly volumesOf: OwnerVolumes
  readonly triggersOf: readonly PriceTicks[]
  readonly close: undefined
}

export type ToPress =
  | { readonly kind: 'begin' }
  | {
      readonly kind: 'take'
      readonly buffer: ArrayBuffer
      readonly used: number
      readonly count: number
      readonly groups: Group[]
    }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }

export type SentStretch = {
  readonly buffer: ArrayBuffer
  readonly from: number
  readonly to: number
}

export type ToDesk =
  | { readonly kind: 'opened'; readonly opened: Opened; readonly image: EngineImage }
  /** It does not open: a StartError's text. */
  | { readonly kind: 'closed'; readonly reason: string }
  | {
      readonly kind: 'released'
      readonly release: Omit<Release, 'events'>
      readonly events: SentStretch
      /** Of parcels that were taken since the last release, to be filled again. */
      readonly emptied: readonly ArrayBuffer[]
    }
  | { readonly kind: 'refused'; readonly answers: Float64Array<ArrayBuffer> }
  | { readonly kind: 'answer'; readonly id: number; readonly value: Answered[Question['name']] }
  /** A question of a customer's could not be answered. */
  | {
      readonly kind: 'failed'
      readonly id: number
      readonly message: string
      readonly stack: string
    }
  | { readonly kind: 'report'; readonly line: string }
  | { readonly kind: 'fatal'; readonly message: string; readonly stack: string }

/** What the sequencer's thread is started with. */
export type ThreadOrder = {
  readonly folder: string
  readonly build?: number
  readonly segmentBytes?: number
  readonly snapshotEvery?: number
}

/** Cells as the buffer that they fill. */
export function bufferOf({ bytes }: Words): ArrayBuffer {
  return bytes.buffer as ArrayBuffer // Ours are never shared.
}

/** A buffer as the cells that it came from. */
export function cellsOf(buffer: ArrayBuffer): Words {
  return wordsOf(buffer, 0, buffer.byteLength / CELL_SIZE_BYTES)
}

export function sentOf({ window, from, to }: Stretch): SentStretch {
  return { buffer: bufferOf(window), from, to }
}

export function stretchOf({ buffer, from, to }: SentStretch): Stretch {
  return { window: cellsOf(buffer), from, to }
}
