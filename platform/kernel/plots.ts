// Plots: what a bot draws for people, as its process tells it, the platform keeps it and the page
// shows it, and every bound on it (INV-17).
//
// One shape all the way: a chart of some series, each with a value at every time. What is told is
// joined to what is kept; the oldest point goes first. Nothing here is money.

/** Charts of a bot, and series of all its charts together. */
export const CHARTS_MAX = 8
export const SERIES_MAX = 16
/** Points that are kept of a chart, and that may be told at once. */
export const POINTS_MAX = 500
/** Tellings of a bot in a second, of one point each. */
export const PLOTS_PER_SECOND = 32
/** Notes that are kept of a bot. */
export const NOTES_MAX = 200

export type Drawn = { readonly name: string; readonly values: readonly number[] }

export type Chart = {
  readonly chart: string
  /** 'internal:ETH-USDC': prices of this market; null: values of a kind of their own. */
  readonly over: string | null
  /** Microseconds, each later than the one before it: when the bar began that a point is of. */
  readonly at: readonly number[]
  readonly series: readonly Drawn[]
}

const CHART_FIELDS: ReadonlySet<string> = new Set(['chart', 'over', 'at', 'series'])
const DRAWN_FIELDS: ReadonlySet<string> = new Set(['name', 'values'])
/** Of charts and series: letters, digits and a few signs, so that any place can show it. */
const NAME = /^[\p{L}\p{N}._%+()/ -]{1,32}$/u
const REFERENCE = /^[a-z0-9-]{1,32}:[A-Z0-9-]{1,20}$/

export function isPlotName(name: unknown): boolean {
  return typeof name === 'string' && NAME.test(name)
}

/** Whether it is a chart that may be kept; it comes from code that nobody trusts. */
export function isChart(value: object): value is Chart {
  // Every field is checked here.
  const { chart, over, at, series } = value as Partial<Record<keyof Chart, unknown>>
  return (
    hasOnly(value, CHART_FIELDS) &&
    isPlotName(chart) &&
    (over === null || (typeof over === 'string' && REFERENCE.test(over))) &&
    Array.isArray(at) &&
    isBetween(at.length, 1, POINTS_MAX) &&
    at.every((time, index) => isTime(time) && (index === 0 || time > at[index - 1])) &&
    Array.isArray(series) &&
    isBetween(series.length, 1, SERIES_MAX) &&
    series.every((one) => isDrawn(one, at.length)) &&
    new Set(series.map(({ name }) => name)).size === series.length
  )
}

function isDrawn(value: unknown, points: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { name, values } = value as Partial<Record<keyof Drawn, unknown>> // Checked here.
  const isRow = Array.isArray(values) && values.length === points
  return hasOnly(value, DRAWN_FIELDS) && isPlotName(name) && isRow && values.every(Number.isFinite)
}

/** What else hangs on it would be kept with it. */
function hasOnly(value: object, fields: ReadonlySet<string>): boolean {
  return Object.keys(value).every((field) => fields.has(field))
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isBetween(count: number, min: number, max: number): boolean {
  return count >= min && count <= max
}

/** The charts of a bot after one was told; what is too much makes the first ones go. */
export function withChart(charts: readonly Chart[], told: Chart): readonly Chart[] {
  const place = charts.findIndex(({ chart }) => chart === told.chart)
  const joined = joinedTo(charts[place], told)
  const all = place === -1 ? [...charts, joined] : charts.with(place, joined)
  const isTooMuch = (some: readonly Chart[]) =>
    some.length > CHARTS_MAX ||
    some.reduce((sum, { series }) => sum + series.length, 0) > SERIES_MAX
  let kept = all
  while (isTooMuch(kept)) {
    const first = kept.find((one) => one !== joined)
    kept = kept.filter((one) => one !== first)
  }
  return kept
}

/** Points that are told again take the place of what was told before. */
function joinedTo(kept: Chart | undefined, told: Chart): Chart {
  if (kept === undefined || !isSameKind(kept, told)) return told
  const [first = 0] = told.at
  const later = kept.at.findIndex((time) => time >= first)
  const end = later === -1 ? kept.at.length : later
  const join = (before: readonly number[], after: readonly number[] = []) =>
    [...before.slice(0, end), ...after].slice(-POINTS_MAX)
  const series = kept.series.map(({ name, values }, index) => {
    return { name, values: join(values, told.series[index]?.values) }
  })
  return { ...told, at: join(kept.at, told.at), series }
}

function isSameKind(one: Chart, other: Chart): boolean {
  return one.over === other.over && namesOf(one) === namesOf(other)
}

function namesOf({ series }: Chart): string {
  return series.map(({ name }) => name).join('\n')
}
