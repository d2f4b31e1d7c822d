// JSON bodies: read strictly, or refused.
//
// JSON.parse keeps the last of two equal keys and lets '__proto__' through. One pass over the text
// before it refuses both, and bounds depth and keys, so that what a schema sees is what the sender
// wrote. Escapes in keys are refused: no field of ours needs one, and they would hide a repetition.

import { isUtf8 } from 'node:buffer'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { BatchBody, checkedBatch } from '#platform/orders/port.ts'
import { quickReader } from './quick-json.ts'

const DEPTH_MAX = 8
const KEYS_MAX = 64
const PROTO = '__proto__'

const QUOTE = 34
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const COLON = 58
const SPACE = 32

const quickBatch = quickReader([BatchBody])

/** The body of a request: a plain batch of orders quickly, and all others as readJson does. */
export function readJsonBody(bytes: Buffer): Result<unknown> {
  const batch = quickBatch(bytes)
  return batch === undefined ? readJson(bytes) : accept(checkedBatch(batch))
}

/** The value of a JSON text in UTF-8; request.malformed with the reason in details. */
export function readJson(bytes: Buffer): Result<unknown> {
  if (!isUtf8(bytes)) return refuse('request.malformed', { why: 'not UTF-8' })
  const text = bytes.toString('utf8')
  const why = objection(text)
  if (why !== undefined) return refuse('request.malformed', { why })
  try {
    return accept(JSON.parse(text))
  } catch {
    return refuse('request.malformed', { why: 'not JSON' })
  }
}

/** Keys of the open objects, KEYS_MAX places for each depth: where each begins and ends. */
const KEY_FROM = new Int32Array(DEPTH_MAX * KEYS_MAX)
const KEY_TO = new Int32Array(DEPTH_MAX * KEYS_MAX)
/** Keys so far at each depth; ARRAY for a list. */
const KEYS = new Int32Array(DEPTH_MAX)
const ARRAY = -1

/** Why the keys or the depth of a JSON text are not acceptable; undefined when they are. */
function objection(text: string): string | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) {
      const end = endOfString(text, at)
      if (depth > 0 && KEYS[depth - 1] !== ARRAY && isKey(text, end)) {
        const why = addKey(text, depth - 1, at + 1, end)
        if (why !== undefined) return why
      }
      at = end
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (depth === DEPTH_MAX) return 'nested too deeply'
      KEYS[depth] = char === OPEN_BRACE ? 0 : ARRAY
      depth += 1
    } else if ((char === CLOSE_BRACE || char === CLOSE_BRACKET) && depth > 0) {
      depth -= 1
    }
  }
  return undefined
}

/** The place of the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) return at
    if (char === BACKSLASH) at += 1
  }
  return text.length
}

function isKey(text: string, end: number): boolean {
  let at = end + 1
  while (text.charCodeAt(at) <= SPACE) at += 1
  return text.charCodeAt(at) === COLON
}

/** Compared where they stand: a text of its own for each key would be most of what this costs. */
function addKey(text: string, level: number, from: number, to: number): string | undefined {
  if (to - from === PROTO.length && text.startsWith(PROTO, from)) return 'a forbidden key'
  for (let at = from; at < to; at += 1) {
    if (text.charCodeAt(at) === BACKSLASH) return 'an escape in a key'
  }
  const count = KEYS[level] ?? 0
  const first = level * KEYS_MAX
  for (let key = first; key < first + count; key += 1) {
    const start = KEY_FROM[key] ?? 0
    if ((KEY_TO[key] ?? 0) - start === to - from && isSame(text, start, from, to)) {
      return 'a repeated key'
    }
  }
  if (count === KEYS_MAX) return 'too many keys'
  KEY_FROM[first + count] = from
  KEY_TO[first + count] = to
  KEYS[level] = count + 1
  return undefined
}

function isSame(text: string, start: number, from: number, to: number): boolean {
  let other = start
  for (let at = from; at < to; at += 1) {
    if (text.charCodeAt(at) !== text.charCodeAt(other)) return false
    other += 1
  }
  return true
}
