// Codec of JSON-RPC: quantities, words and addresses as hexadecimal text.
//
// What a node sends is checked as it is read; a reply of another shape throws ChainUnavailable,
// because such a node cannot be trusted with anything else it said.

import { ChainUnavailable } from './provider.ts'

const QUANTITY = /^0x[0-9a-f]{1,64}$/i

/** '0x1f' to 31n. */
export function quantity(value: unknown): bigint {
  return BigInt(hex(value))
}

/** '0x1f' to 31; refuses what passes 2^53. */
export function index(value: unknown): number {
  const number = Number(quantity(value))
  if (!Number.isSafeInteger(number)) throw new ChainUnavailable('a quantity passes 2^53')
  return number
}

/** A text field of a reply. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new ChainUnavailable('a reply lacks a text field')
  return value
}

/** The fields of a reply that is an object. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return { ...value }
  throw new ChainUnavailable('a reply is not an object')
}

/** The items of a reply that is a list. */
export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new ChainUnavailable('a reply is not a list')
}

/** Word number `at` of ABI-encoded data. */
export function word(data: string, at: number): bigint {
  const from = 2 + at * 64
  return quantity(`0x${data.slice(from, from + 64)}`)
}

export function toQuantity(value: number | bigint): string {
  return `0x${value.toString(16)}`
}

/** An address as a 32-byte topic. */
export function toTopic(address: string): string {
  return `0x${address.slice(2).toLowerCase().padStart(64, '0')}`
}

/** The address in a 32-byte topic, in lower case. */
export function fromTopic(topic: unknown): string {
  return `0x${text(topic).slice(-40)}`
}

function hex(value: unknown): string {
  const digits = text(value)
  if (!QUANTITY.test(digits)) throw new ChainUnavailable('a reply lacks a quantity')
  return digits
}
