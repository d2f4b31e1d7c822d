// Line: one at a time, first come first served, with a bound on who waits and for how long.

export type Release = () => void

export type Entry =
  | { readonly kind: 'entered'; readonly release: Release }
  | { readonly kind: 'full' }
  | { readonly kind: 'late' }

export type Line = {
  /** Answers when it is one's turn, or why it will not be. */
  enter(): Promise<Entry>
}

/** A line of one place. */
export function createLine(bounds: {
  readonly waitingMax: number
  readonly patienceMs: number
}): Line {
  const waiting = new Set<(entry: Entry) => void>()
  let taken = false

  function release(): void {
    const [next] = waiting
    if (next === undefined) taken = false
    else next({ kind: 'entered', release: onceOnly(release) })
  }

  function wait(): Promise<Entry> {
    return new Promise((resolve) => {
      const leave = (entry: Entry) => {
        clearTimeout(timer)
        waiting.delete(leave)
        resolve(entry)
      }
      const timer = setTimeout(() => leave({ kind: 'late' }), bounds.patienceMs)
      waiting.add(leave)
    })
  }

  return {
    async enter() {
      if (taken) return waiting.size < bounds.waitingMax ? wait() : { kind: 'full' }
      taken = true
      return { kind: 'entered', release: onceOnly(release) }
    },
  }
}

function onceOnly(release: Release): Release {
  let done = false
  return () => {
    if (done) return
    done = true
    release()
  }
}
