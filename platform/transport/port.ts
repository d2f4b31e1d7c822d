// Transport's port: jobs that may run late and twice, and work that the calendar asks for.
//
// A job is a name and an id and carries nothing else: what it needs stands in the database, so no
// secret is ever in a queue. Its work must be idempotent by the id. Never money.

export type Jobs = {
  /** Whose work a name is; once, before the first job of that name. */
  handle(name: string, work: (id: string) => Promise<void>): void
  /** Resolves when the job is kept, or its loss was told; one that waits already is the same. */
  add(name: string, id: string): Promise<void>
  /** Work once a slot (an hour or a day of UTC), at `cron` or as soon as we run again. */
  calendar(entry: CalendarEntry): void
  /** From now on handlers run and the calendar is followed. */
  start(): Promise<void>
  close(): Promise<void>
}

export type CalendarEntry = {
  readonly name: string
  /** Five fields, UTC. */
  readonly cron: string
  readonly every: 'hour' | 'day'
  /** May be called again for a slot that was not finished. */
  readonly work: () => Promise<void>
}
