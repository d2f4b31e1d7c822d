// Fields: how one value of a payload stands in bytes, as small composable codecs.
//
// Payloads are packed after the schema of their kind, in its order, without padding. A field writes
// exactly the bytes it reads. Texts are a u16 length and UTF-8.

import { assert } from '#kernel/assert.ts'
import { byteAt } from './words.ts'

export type Cursor = { readonly bytes: Uint8Array; at: number }

export type Field<T> = {
  size(value: T): number
  write(to: Cursor, value: T): void
  read(from: Cursor): T
}

/** One field for every property of T, in the order of writing. */
export type Schema<T> = { readonly [K in keyof T]-?: Field<T[K]> }

const TWO_32 = 4_294_967_296
const TEXT_BYTES_MAX = 65_535
const ENCODER = new TextEncoder()
const DECODER = new TextDecoder()

function putBytes(to: Cursor, value: number, count: number): void {
  for (let i = 0; i < count; i += 1) to.bytes[to.at + i] = value >>> (8 * i)
  to.at += count
}

function takeU32(from: Cursor): number {
  const { bytes, at } = from
  from.at += 4
  const high = byteAt(bytes, at + 2) | (byteAt(bytes, at + 3) << 8)
  return (byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (high << 16)) >>> 0
}

/** An integer of 32 bits without sign. */
export function u32<T extends number>(): Field<T> {
  return {
    size: () => 4,
    write: (to, value) => {
      assert(value >>> 0 === value, 'a field of 32 bits has no room for this number')
      putBytes(to, value, 4)
    },
    read: (from) => takeU32(from) as T, // As above.
  }
}

/** An integer of 32 bits with sign: below 2^31 the same bytes as u32. */
export function i32<T extends number>(): Field<T> {
  return {
    size: () => 4,
    write: (to, value) => {
      assert((value | 0) === value, 'a field of 32 bits has no room for this number')
      putBytes(to, value, 4)
    },
    read: (from) => (takeU32(from) | 0) as T, // As above.
  }
}

/** A safe integer of either sign, as two's complement of 64 bits. */
export function i64<T extends number>(): Field<T> {
  return {
    size: () => 8,
    write: (to, value) => {
      assert(Number.isSafeInteger(value), 'only safe integers are written')
      putBytes(to, value % TWO_32, 4)
      putBytes(to, Math.floor(value / TWO_32), 4)
    },
    read: (from) => {
      const low = takeU32(from)
      return ((takeU32(from) | 0) * TWO_32 + low) as T // As above.
    },
  }
}

/** A safe integer that is not negative, in the same bytes. */
export function u53<T extends number>(): Field<T> {
  const { size, write, read } = i64<T>()
  return {
    size,
    write: (to, value) => {
      assert(value >= 0, 'this field is never negative')
      write(to, value)
    },
    read,
  }
}

/** A yes or no. */
export const flag: Field<boolean> = {
  size: () => 1,
  write: (to, value) => putBytes(to, value ? 1 : 0, 1),
  read: (from) => byteAt(from.bytes, from.at++) === 1,
}

function isAscii(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) if (value.charCodeAt(i) > 127) return false
  return true
}

/** A text of at most 65,535 UTF-8 bytes. Most are ASCII, which needs no encoder. */
export const text: Field<string> = {
  size: (value) => 2 + (isAscii(value) ? value : ENCODER.encode(value)).length,
  write: (to, value) => {
    const utf8 = isAscii(value) ? value : ENCODER.encode(value)
    assert(utf8.length <= TEXT_BYTES_MAX, 'a text of a record has at most 65,535 bytes')
    putBytes(to, utf8.length, 2)
    if (typeof utf8 === 'string') putLatin1(to.bytes, to.at, utf8)
    else to.bytes.set(utf8, to.at)
    to.at += utf8.length
  },
  read: (from) => {
    const length = byteAt(from.bytes, from.at) | (byteAt(from.bytes, from.at + 1) << 8)
    const start = from.at + 2
    from.at = start + length
    return DECODER.decode(from.bytes.subarray(start, from.at))
  },
}

/** Writes the characters of a latin1 text as bytes. */
export function putLatin1(bytes: Uint8Array, at: number, value: string): void {
  for (let i = 0; i < value.length; i += 1) bytes[at + i] = value.charCodeAt(i)
}

/** Reads so many bytes as a latin1 text. */
export function takeLatin1(bytes: Uint8Array, at: number, length: number): string {
  let value = ''
  let i = at
  for (const fours = at + (length & ~3); i < fours; i += 4) {
    const [b, c, d] = [byteAt(bytes, i + 1), byteAt(bytes, i + 2), byteAt(bytes, i + 3)]
    value += String.fromCharCode(byteAt(bytes, i), b, c, d)
  }
  for (; i < at + length; i += 1) value += String.fromCharCode(byteAt(bytes, i))
  return value
}

/** The 24 bytes of a body's hash as a latin1 text; '' is written as zeros. */
export const bodyHash: Field<string> = {
  size: () => 24,
  write: (to, value) => {
    putLatin1(to.bytes, to.at, value.padEnd(24, '\0'))
    to.at += 24
  },
  read: (from) => {
    from.at += 24
    return takeLatin1(from.bytes, from.at - 24, 24)
  },
}

/** One of a fixed list, written as its place. */
export function oneOf<T extends string>(values: readonly T[]): Field<T> {
  return {
    size: () => 1,
    write: (to, value) => putBytes(to, values.indexOf(value), 1),
    read: (from) => choice(values, byteAt(from.bytes, from.at++)),
  }
}

/** The value at a place of a fixed list; a place beyond it is a foreign record. */
export function choice<T extends string>(values: readonly T[], place: number): T {
  const value = values[place]
  // The text of the assertion is made when it is needed: events are full of choices.
  if (value === undefined) assert(false, `a record names choice ${place} of ${values.length}`)
  return value
}

/** A value or null. */
export function nullable<T>(inner: Field<T>): Field<T | null> {
  return {
    size: (value) => 1 + (value === null ? 0 : inner.size(value)),
    write: (to, value) => {
      putBytes(to, value === null ? 0 : 1, 1)
      if (value !== null) inner.write(to, value)
    },
    read: (from) => (flag.read(from) ? inner.read(from) : null),
  }
}

/** An object after a schema. */
export function struct<T extends object>(schema: Schema<T>): Field<T> {
  const keys = Object.keys(schema) as (keyof T)[] // Object.keys forgets the type of keys.
  return {
    size: (value) => keys.reduce((sum, key) => sum + schema[key].size(value[key]), 0),
    write: (to, value) => {
      for (const key of keys) schema[key].write(to, value[key])
    },
    read: (from) => {
      const value: Partial<T> = {}
      for (const key of keys) value[key] = schema[key].read(from)
      return value as T // Every key of the schema was read.
    },
  }
}

/** A list of at most 65,535 items. */
export function list<T>(item: Field<T>): Field<readonly T[]> {
  return {
    size: (values) => 2 + values.reduce((sum, value) => sum + item.size(value), 0),
    write: (to, values) => {
      putBytes(to, values.length, 2)
      for (const value of values) item.write(to, value)
    },
    read: (from) => {
      const length = byteAt(from.bytes, from.at) | (byteAt(from.bytes, from.at + 1) << 8)
      from.at += 2
      return Array.from({ length }, () => item.read(from))
    },
  }
}
