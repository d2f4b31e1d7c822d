// Numbers: texts of numbers for people. The market's precision is kept, thousands are separated
// with commas, and what is not known is a dash.
// Digits are cut and never rounded up, so that nobody sees more than there is.

export const UNKNOWN = '–'

/** How many digits a decimal text has behind its point: '0.10' -> 2. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}

/** '46432.1' -> '46,432.1'; the digits stay as they are. */
export function grouped(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') return UNKNOWN
  const [whole = '', fraction] = text.split('.')
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? separated : `${separated}.${fraction}`
}

/** Fewer digits for reading, cut towards zero so that nobody sees more than there is. */
export function shortened(text: string | null | undefined, digits: number): string {
  if (text === null || text === undefined) return UNKNOWN
  const [whole = '', fraction = ''] = text.split('.')
  return grouped(digits === 0 ? whole : `${whole}.${fraction.slice(0, digits).padEnd(digits, '0')}`)
}

/** A decimal without the zeros at its end: '100000.500000' -> '100,000.5'. */
export function plain(text: string | null | undefined): string {
  if (text === null || text === undefined) return UNKNOWN
  return grouped(text.includes('.') ? text.replace(/\.?0+$/, '') : text)
}

export function fixed(value: number, digits: number): string {
  return grouped(value.toFixed(digits))
}

/** With a sign that is always there: '+1.24 %'. */
export function percent(value: number): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : ''
  return `${sign}${Math.abs(value).toFixed(2)} %`
}

/** '+12.50' or '−3.10'. */
export function signed(text: string | null | undefined): string {
  if (text === null || text === undefined) return UNKNOWN
  if (text.startsWith('-')) return `−${grouped(text.slice(1))}`
  return Number(text) === 0 ? grouped(text) : `+${grouped(text)}`
}

/** 'up', 'down' or '' by the sign of a decimal text. */
export function toneOf(text: string | number | null | undefined): 'up' | 'down' | '' {
  const value = Number(text ?? 0)
  return value > 0 ? 'up' : value < 0 ? 'down' : ''
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
const DAY = new Intl.DateTimeFormat('en-GB', { month: 'short', day: '2-digit' })

/** Microseconds since 1970 as '13:02:09', or '12 Nov 13:02:09' when it was another day. */
export function clockText(at: number): string {
  const date = new Date(at / 1_000)
  const clock = CLOCK.format(date)
  const isToday = date.toDateString() === new Date().toDateString()
  return isToday ? clock : `${DAY.format(date)} ${clock}`
}

/** '4 s', '3 min', '2 h': for ages that only need a glance. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`
  return `${Math.floor(seconds / 3_600)} h`
}
