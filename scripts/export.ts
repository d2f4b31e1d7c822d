// crossbook export: the books order by order (L3), as lines of JSON, from the segments of events.
//
// It only reads, a frame at a time, so it may run beside a platform and over any length of history;
// what is on its way to disk then is not part of it. docs/export.md says what the lines mean.

import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { createGzip } from 'node:zlib'
import { createCells, decodeEvent } from '#engine/codec.ts'
import { checkFolder } from '#journal/folder.ts'
import type { Frame } from '#journal/frame-walker.ts'
import { CELL_BYTES, recordCells } from '#journal/record.ts'
import { createDiskStorage, type Storage } from '#journal/storage.ts'
import { walkChain } from '#journal/walk.ts'
import { dataFolderOf } from '#scripts/cli/data-options.ts'
import { type BookLine, createOrderByOrder } from '#views/order-by-order.ts'

const FORMAT = { format: 'crossbook-orders', version: 1 }
const TEXT_CHARS = 64 * 1024

type Place = { readonly storage: Storage; readonly folder: string }

/** Every line about a market, or about all. Throws StartError for damage. */
export function* orderLines({ storage, folder }: Place, market?: string): Generator<BookLine> {
  checkFolder(storage, folder)
  const fold = createOrderByOrder()
  for (const frame of walkChain({ storage, folder, kind: 'events' })) {
    for (const event of eventsOf(frame)) {
      const line = fold.take(event)
      if (line !== undefined && (market === undefined || line.market === market)) yield line
    }
  }
}

function* eventsOf({ window, from, to }: Frame) {
  const cells = createCells(to - from)
  cells.bytes.set(window.bytes.subarray(from * CELL_BYTES, to * CELL_BYTES))
  for (let at = from; at < to; at += recordCells(window, at)) yield decodeEvent(cells, at - from)
}

/** crossbook export [--data FOLDER] [--market SYMBOL] [--out FILE[.gz]] */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...{ data: { type: 'string' }, market: { type: 'string' }, out: { type: 'string' } },
      json: { type: 'boolean' },
    },
  })
  const { data, market, out } = values
  const place = { storage: createDiskStorage(), folder: dataFolderOf(data) }
  checkFolder(place.storage, place.folder)
  const told = { lines: 0 }
  const texts = Readable.from(textsOf(orderLines(place, market), told))
  const into: Writable = out === undefined ? process.stdout : createWriteStream(out)
  try {
    if (out?.endsWith('.gz') === true) await pipeline(texts, createGzip(), into)
    else await pipeline(texts, into, { end: out !== undefined })
  } catch (error) {
    // Whoever reads has read enough: head, for example.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  }
  if (out !== undefined) console.log(`${told.lines} lines in ${out}`)
  return 0
}

/** Many lines a piece, so that a line costs no step of a stream. */
function* textsOf(lines: Iterable<BookLine>, told: { lines: number }): Generator<string> {
  let text = `${JSON.stringify(FORMAT)}\n`
  for (const line of lines) {
    told.lines += 1
    text += `${JSON.stringify(line)}\n`
    if (text.length < TEXT_CHARS) continue
    yield text
    text = ''
  }
  yield text
}
