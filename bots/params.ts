// Parameters: what a strategy can be told, with bounds and defaults, described once.
//
// The description validates what a deployment gives, and is what a form or a search needs. What is
// missing takes its default; what does not fit is refused by name and never bent into shape.

export type Param<T> = {
  readonly kind:
    | ('market' | 'markets' | 'int' | 'number' | 'numbers')
    | ('text' | 'choice' | 'bool')
  readonly initial: T
  readonly min?: number
  readonly max?: number
  /** Of a choice. */
  readonly choices?: readonly string[]
  /** undefined: the value does not fit. */
  read(value: unknown): T | undefined
}

export type ParamTable = Readonly<Record<string, Param<unknown>>>

export type ParamsOf<P extends ParamTable> = {
  readonly [Name in keyof P]: P[Name] extends Param<infer T> ? T : never
}

const MARKET = /^([a-z0-9-]+:)?[A-Z0-9-]{1,20}$/
const LIST_MAX = 64

export const p = {
  /** A market, with or without its venue: 'internal:ETH-USDC'. */
  market: (initial: string): Param<string> => ({ kind: 'market', initial, read: readMarket }),
  markets: (initial: readonly string[]): Param<readonly string[]> => ({
    kind: 'markets',
    initial,
    read: (value) => readList(value, readMarket),
  }),
  int: (min: number, max: number, initial: number): Param<number> => ({
    ...{ kind: 'int', initial, min, max },
    read: (value) => (Number.isSafeInteger(value) ? within(value, min, max) : undefined),
  }),
  number: (min: number, max: number, initial: number): Param<number> => ({
    ...{ kind: 'number', initial, min, max },
    read: (value) => within(value, min, max),
  }),
  numbers: (min: number, max: number, initial: readonly number[]): Param<readonly number[]> => ({
    ...{ kind: 'numbers', initial, min, max },
    read: (value) => readList(value, (item) => within(item, min, max)),
  }),
  text: (initial: string): Param<string> => ({
    kind: 'text',
    initial,
    read: (value) => (typeof value === 'string' && value.length <= 1_000 ? value : undefined),
  }),
  /** One of a few words: p.choice(['calm', 'bold'], 'calm'). */
  choice: <const Words extends string>(
    choices: readonly Words[],
    initial: NoInfer<Words>,
  ): Param<Words> => ({
    ...{ kind: 'choice', initial, choices },
    read: (value) => choices.find((one) => one === value),
  }),
  bool: (initial: boolean): Param<boolean> => ({
    ...{ kind: 'bool', initial },
    read: (value) => (typeof value === 'boolean' ? value : undefined),
  }),
}

/** All parameters of a strategy; throws an Error that names what does not fit or is not known. */
export function readParams<P extends ParamTable>(
  table: P,
  given: Readonly<Record<string, unknown>>,
): ParamsOf<P> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(table, name)) throw new Error(`no parameter ${name}`)
  }
  const entries = Object.entries(table).map(([name, param]) => {
    const value = given[name] === undefined ? param.initial : param.read(given[name])
    if (value === undefined) throw new Error(`parameter ${name} does not fit`)
    return [name, value]
  })
  return Object.fromEntries(entries) as ParamsOf<P> // fromEntries forgets the table's names.
}

function readMarket(value: unknown): string | undefined {
  return typeof value === 'string' && MARKET.test(value) ? value : undefined
}

function readList<T>(value: unknown, read: (item: unknown) => T | undefined) {
  if (!Array.isArray(value) || value.length > LIST_MAX) return undefined
  const items = value.map(read)
  return items.some((item) => item === undefined)
    ? undefined
    : items.filter((item) => item !== undefined)
}

function within(value: unknown, min: number, max: number): number | undefined {
  return typeof value === 'number' && value >= min && value <= max ? value : undefined
}
