// Fill ledger: which fills were told and which of them were dealt with, by venue.
//
// A fill comes by the answer to its order, by the account's stream and by asking for what was
// missed; it is told once. Only stream and list are in the venue's order, so only they move the
// mark up to which everything is dealt with; what is dealt with beyond it is remembered by name.
// Both are saved, so a fill counts once over any crash.

import type { Fill } from '#connectors/venue.ts'

export type SavedFills = {
  /** By venue: everything up to this fill. */
  readonly last: Readonly<Record<string, string>>
  /** By venue: fills after it. */
  readonly ahead: Readonly<Record<string, readonly string[]>>
}

export const NO_FILLS: SavedFills = { last: {}, ahead: {} }

export type FillLedger = {
  /** True when nobody was told of it before. */
  tell(venue: string, fill: Fill, isInOrder: boolean): boolean
  /** Whoever was told has dealt with it. */
  done(venue: string, fill: Fill): void
  /** Whoever was told is gone: what it has not dealt with is told again. */
  forget(): void
  /** Everything that was told was dealt with. */
  isSettled(): boolean
  last(venue: string): string | undefined
  saved(): SavedFills
}

type Book = {
  last: string | undefined
  /** After the last, in the venue's order. */
  readonly line: string[]
  readonly told: Set<string>
  /** Told and not dealt with. */
  readonly open: Set<string>
  /** Dealt with, and not passed by the mark. */
  readonly done: Set<string>
}

/** Of each kind; a venue that never tells in order forgets the oldest. */
const REMEMBERED = 5_000

export function createFillLedger({ last, ahead }: SavedFills): FillLedger {
  const books = new Map<string, Book>()
  const bookOf = (venue: string): Book => {
    const known = books.get(venue)
    if (known !== undefined) return known
    const names = ahead[venue] ?? []
    const made: Book = {
      ...{ last: last[venue], line: [], open: new Set() },
      ...{ told: new Set(names), done: new Set(names) },
    }
    books.set(venue, made)
    return made
  }
  for (const venue of [...Object.keys(last), ...Object.keys(ahead)]) bookOf(venue)
  return {
    tell(venue, fill, isInOrder) {
      const book = bookOf(venue)
      const name = nameOf(fill)
      const { line, told, open, done } = book
      const isNew = name !== book.last && !told.has(name)
      // The mark never goes back to what it has passed.
      const isPassed = !isNew && !open.has(name) && !done.has(name)
      if (isInOrder && !isPassed && !line.includes(name)) line.push(name)
      if (isNew) {
        add(told, name)
        open.add(name)
      }
      advance(book)
      return isNew
    },
    done(venue, fill) {
      const book = bookOf(venue)
      book.open.delete(nameOf(fill))
      add(book.done, nameOf(fill))
      advance(book)
    },
    forget() {
      for (const { line, told, open } of books.values()) {
        line.length = 0
        for (const name of open) told.delete(name)
        open.clear()
      }
    },
    isSettled: () => [...books.values()].every(({ open }) => open.size === 0),
    last: (venue) => books.get(venue)?.last?.split(' ')[0],
    saved: () => ({
      last: recordOf(books, (book) => book.last),
      ahead: recordOf(books, ({ done }) => (done.size === 0 ? undefined : [...done])),
    }),
  }
}

/** Of a trade with oneself both sides have the same id. */
function nameOf({ fillId, side }: Fill): string {
  return `${fillId} ${side}`
}

function add(names: Set<string>, name: string): void {
  names.add(name)
  const [oldest] = names
  if (names.size > REMEMBERED && oldest !== undefined) names.delete(oldest)
}

/** The mark passes what is dealt with; that stays told for a while, for answers that come late. */
function advance(book: Book): void {
  const { line, done } = book
  for (let [first] = line; first !== undefined && done.has(first); [first] = line) {
    line.shift()
    done.delete(first)
    book.last = first
  }
}

function recordOf<T>(books: ReadonlyMap<string, Book>, of: (book: Book) => T | undefined) {
  const rows: [string, T][] = []
  for (const [venue, book] of books) {
    const value = of(book)
    if (value !== undefined) rows.push([venue, value])
  }
  return Object.fromEntries(rows)
}
