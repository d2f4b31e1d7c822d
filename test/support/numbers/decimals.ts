// Decimals: texts of numbers of all kinds, and the grammar of decimals a second time, naively.
//
// A regular expression and bigints say what the product's parser must say of any text: the units,
// or why there are none. Texts are such as customers, spreadsheets and attackers write.

import type { ParsedDecimal } from '#kernel/amount.ts'
import type { Random } from '#scripts/campaigns/random.ts'

const GRAMMAR = /^(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,18}))?$/
const CHARS_MAX = 40

/** What a text is worth in 10^-scale, after the grammar in docs and nothing else. */
export function naiveDecimal(text: string, scale: number): ParsedDecimal {
  const found = text.length <= CHARS_MAX ? GRAMMAR.exec(text) : null
  if (found === null) return { ok: false, why: 'malformed' }
  const [, whole = '', fraction = ''] = found
  if (fraction.length > scale) return { ok: false, why: 'too_precise' }
  const units = BigInt(whole + fraction.padEnd(scale, '0'))
  if (units > BigInt(Number.MAX_SAFE_INTEGER)) return { ok: false, why: 'too_large' }
  return { ok: true, units: Number(units) }
}

const KNOWN: readonly string[] = [
  ...['-1', '0', '-0', '+0', 'NaN', 'Infinity', '-Infinity', '1e400', '0x10', '', ' 7', '7 '],
  ...['1_0', '１', '١', '.5', '1.', '00', '1e-9', '0.0', '01', '1,5', '1.5.5', '0b1', '1n', '٣.٥'],
  ...['null', 'true', '1\u0000', '\u00001', '\ufeff1', '1\u200b', '1\n', '\t1', '½', '²'],
  ...['𝟙', '-', '.', '+', '1..5', '0.', '.0', '1 000', "1'000"],
  ...[`0.${'0'.repeat(18)}1`, `1.${'1'.repeat(19)}`, '1'.repeat(10_000), `1.${'0'.repeat(10_000)}`],
  ...['0'.repeat(40), '9'.repeat(18), '9'.repeat(19), `${'9'.repeat(18)}.${'9'.repeat(18)}`],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '9223372036854775807'],
  ...['9223372036854775808', '18446744073709551616', '0.1e1', '1E5', '1e5', '--1', '1-', '1+1'],
]
const STRANGE = '+-_, .eExXnN\u0000\u00a0\u200b１٣໑²½𝟙/:'

export function decimalText(random: Random): string {
  switch (random.below(8)) {
    case 0:
      return random.pick(KNOWN)
    case 1:
      return nearSafe(random)
    case 2:
      return spoilt(random.pick(KNOWN), random)
    case 3:
      return spoilt(plain(random), random)
    default:
      return plain(random)
  }
}

/** After the grammar, or with some digits too many. */
function plain(random: Random): string {
  const digits = (most: number) => {
    return Array.from({ length: random.below(most + 1) }, () => random.below(10)).join('')
  }
  const whole = random.below(10) === 0 ? digits(3) : `${1 + random.below(9)}${digits(18)}`
  const first = random.below(4) === 0 ? '0' : whole
  return random.below(3) === 0 ? first : `${first}.${digits(random.pick([2, 8, 18, 20]))}`
}

/** A point somewhere in a number about 2^53 or another power. */
function nearSafe({ pick, below }: Random): string {
  const power = 2n ** BigInt(pick([31, 32, 52, 53, 53, 53, 63, 64]))
  const digits = (power + BigInt(below(7) - 3)).toString()
  const at = below(digits.length + 1)
  if (at === 0) return `0.${digits}`
  return at === digits.length ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`
}

/** One character more, less, or another. */
function spoilt(text: string, { pick, below }: Random): string {
  const at = below(text.length + 1)
  const other = pick([...STRANGE])
  const rest = below(3)
  return text.slice(0, at) + (rest === 0 ? '' : other) + text.slice(rest === 1 ? at : at + 1)
}
