// Crash words: what a person needs of the words with which a strategy's process ended.
//
// Node prints a place of ours, a line of code, the error and a stack; paths of this machine are
// nobody's business. What stays is the error, with the line of the strategy that it came from.

const ERROR = /^(?:Uncaught )?[A-Z]\w*(?: \[\w+\])?: (.*)$/
const FRAME = /strategy\.ts:(\d+):(\d+)/
const NOISE = /^\s+at |^Node\.js v|^\s*\^|^\s*$/

/** Line by line; a text that is no crash stays as it is. */
export function crashWords(text: string): readonly string[] {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => ERROR.test(line))
  if (first < 0) return lines
  const said = lines.slice(first).filter((line) => !NOISE.test(line))
  const words = said.map((line, at) => (at === 0 ? (ERROR.exec(line)?.[1] ?? line) : line))
  const place = FRAME.exec(text)
  if (place === null) return words
  const [, line, column] = place
  return words.map((word, at) => (at === 0 ? `strategy.ts(${line},${column}): ${word}` : word))
}
