// Bare book: the core's ladder, levels and order slots without a ledger around them.
//
// What `bench book` measures: place and cancel by id with price-time matching, and nothing that
// concerns accounts, money, fees, duplicates or events. Its few calls are core/bare-book.ts,
// compiled from the core's own files when the benchmark starts.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const ENTRY = 'scripts/bench/core/bare-book.ts'
const OUTPUT = 'scripts/bench/generated/bare-book.ts'

type Calls = {
  create(): void
  /** Matches and rests what is left, which it answers. */
  limit(order: number, side: number, price: number, size: number): number
  market(side: number, size: number): number
  cancel(order: number): number
  /** The best price of a side, 0 when it is empty. */
  best(side: number): number
  openLots(): number
}

/** A book by order numbers below 2^31; onGone hears of orders that were filled. */
export type BareBook = Calls

/** What of WebAssembly is used; the types of Node do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

const MODULE = new WebAssembly.Module(await compiled())

export function createBareBook(onGone: (order: number) => void = () => {}): BareBook {
  const abort = () => {
    throw new Error('the bare book tripped an assertion')
  }
  const imports = { env: { abort }, memory: { onMoved: () => {} }, 'bare-book': { onGone } }
  const calls = new WebAssembly.Instance(MODULE, imports).exports as Calls // As core/bare-book.ts.
  calls.create()
  return calls
}

async function compiled(): Promise<Uint8Array<ArrayBuffer>> {
  execFileSync(process.execPath, ['scripts/build-core.mjs', ENTRY, OUTPUT], { cwd: ROOT })
  const { CORE } = await import(new URL('generated/bare-book.ts', import.meta.url).href)
  return Uint8Array.from(atob(CORE), (character) => character.charCodeAt(0))
}
