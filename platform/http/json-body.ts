// JSON bodies: read strictly, or refused.
//
// JSON.parse keeps the last of two equal keys and lets '__proto__' through. One pass over the text
// before it refuses both, and bounds depth and keys, so that what a schema sees is what the sender
// wrote. Escapes in keys are refused: no field of ours needs one, and they would hide a repetition.

import { isUtf8 } from 'node:buffer'
import { accept, type Result, refuse } from '#kernel/result.ts'

const DEPTH_MAX = 8
const KEYS_MAX = 64

const QUOTE = 34
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const COLON = 58
const SPACE = 32

/** The value of a JSON text in UTF-8; request.malformed with the reason in details. */
export function readJsonBody(bytes: Buffer): Result<unknown> {
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

/** Why the keys or the depth of a JSON text are not acceptable; undefined when they are. */
function objection(text: string): string | undefined {
  // Keys of the open objects from the outermost on; null stands for an array.
  const open: (string[] | null)[] = []
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) {
      const end = endOfString(text, at)
      const keys = open.at(-1)
      if (keys && isKey(text, end)) {
        const why = addKey(keys, text.slice(at + 1, end))
        if (why !== undefined) return why
      }
      at = end
    } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (open.length === DEPTH_MAX) return 'nested too deeply'
      open.push(char === OPEN_BRACE ? [] : null)
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      open.pop()
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

function addKey(keys: string[], key: string): string | undefined {
  if (key === '__proto__') return 'a forbidden key'
  if (key.includes('\\')) return 'an escape in a key'
  if (keys.includes(key)) return 'a repeated key'
  if (keys.length === KEYS_MAX) return 'too many keys'
  keys.push(key)
  return undefined
}
