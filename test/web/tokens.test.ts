// Design tokens: contrast is computed from the file that the page is made of.

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'

const STYLE = resolve(import.meta.dirname, '../../platform/web/style')
const css = readFileSync(resolve(STYLE, 'tokens.css'), 'utf8')

const SCHEMES = ['light', 'dark'] as const
type Scheme = (typeof SCHEMES)[number]
type Tokens = ReadonlyMap<string, Readonly<Record<Scheme, string>>>

const TOKEN = /--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g
const [usualText = '', blindText = ''] = css.split('data-palette="colour-blind"')

function read(text: string): [string, Record<Scheme, string>][] {
  return [...text.matchAll(TOKEN)].map(([, name = '', light = '', dark = '']) => [
    name,
    { light, dark },
  ])
}

const usual: Tokens = new Map(read(usualText))
const blind: Tokens = new Map([...usual, ...read(blindText)])

/** Text and what may be behind it. */
const PAIRS: [string, string[]][] = [
  ['text', ['background', 'panel', 'raised']],
  ['muted', ['background', 'panel', 'raised']],
  ['accent', ['panel']],
  ['warn', ['panel']],
  ['up', ['panel', 'raised']],
  ['down', ['panel', 'raised', 'background']],
  ['pool', ['panel', 'raised']],
  ...['plot-0', 'plot-1', 'plot-2', 'plot-3'].map((one): [string, string[]] => [one, ['panel']]),
  ['on-up', ['up']],
  ['on-down', ['down']],
  ['on-accent', ['accent']],
]

/** WCAG 2.1, "relative luminance". */
function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
  const [r = 0, g = 0, b = 0] = channels.map((one) =>
    one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

test('the contrast of black and white is 21 to 1', () => {
  assert.equal(Math.round(contrast('#000000', '#ffffff')), 21)
})

for (const [palette, tokens] of [
  ['usual', usual],
  ['colour-blind', blind],
] as const) {
  for (const scheme of SCHEMES) {
    test(`text has a contrast of 4.5 in the ${scheme} scheme with the ${palette} palette`, () => {
      const weak = PAIRS.flatMap(([text, behind]) =>
        behind.flatMap((ground) => {
          const found = contrast(colourOf(tokens, text, scheme), colourOf(tokens, ground, scheme))
          return found >= 4.5 ? [] : [`${text} on ${ground}: ${found.toFixed(2)}`]
        }),
      )
      assert.deepEqual(weak, [])
    })
  }
}

function colourOf(tokens: Tokens, name: string, scheme: Scheme): string {
  const found = tokens.get(name)
  assert.ok(found !== undefined, `there is no token ${name}`)
  return found[scheme]
}

test('only the tokens name a colour', () => {
  const others = globSync('*.css', { cwd: STYLE }).filter((name) => name !== 'tokens.css')
  assert.ok(others.length > 3)
  const named = others.flatMap((name) => {
    const lines = readFileSync(resolve(STYLE, name), 'utf8').split('\n')
    // Shadows are black in every theme.
    return lines.filter((line) => /#[0-9a-f]{3,8}\b|\brgb\((?!0 0 0)|hsl\(/.test(line))
  })
  assert.deepEqual(named, [])
})

test('every token that a style uses is defined', () => {
  const defined = new Set([...css.matchAll(/--([\w-]+):/g)].map(([, name]) => name))
  const local = new Set(['side', 'on-side', 'share'])
  const missing = globSync('*.css', { cwd: STYLE }).flatMap((name) => {
    const text = readFileSync(resolve(STYLE, name), 'utf8')
    const used = [...text.matchAll(/var\(--([\w-]+)\)/g)].map(([, token = '']) => token)
    return used.filter((token) => !defined.has(token) && !local.has(token))
  })
  assert.deepEqual(missing, [])
})
