// Line reader: messages of one line each out of a stream of bytes, none longer than it may be.
//
// What is too long is found before it is all there, so nobody can fill the reader's memory.

export type LineReader = {
  /** The whole lines that are there now; undefined when one is too long. */
  take(text: string): readonly string[] | undefined
}

export function createLineReader(charsMax: number): LineReader {
  const state = { rest: '' }
  return {
    take(text) {
      const lines = (state.rest + text).split('\n')
      state.rest = lines.pop() ?? ''
      const isLong = state.rest.length > charsMax || lines.some((one) => one.length > charsMax)
      return isLong ? undefined : lines
    },
  }
}
