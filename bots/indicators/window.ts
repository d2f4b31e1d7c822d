// Window: the last `size` numbers, with their sum, spread and extremes, each in constant time.
//
// A running sum drifts, and remembers a huge value after it has left. Both sums here are made anew
// from the numbers themselves each time the window has gone round, which costs one pass in `size`.
// Squares are summed as distances from a number of the window, so that flat prices have no spread.

export type Window = {
  /** True once it is full. */
  push(value: number): boolean
  /** The oldest is at 0. */
  at(index: number): number
  mean(): number
  /** Of the population: divided by `size`. */
  deviation(): number
}

export function createWindow(size: number): Window {
  const ring = new Float64Array(size)
  let [count, next] = [0, 0]
  let [origin, sum, squares] = [0, 0, 0]

  function renew(): void {
    origin = ring[0] ?? 0
    sum = 0
    squares = 0
    for (const value of ring) {
      sum += value - origin
      squares += (value - origin) ** 2
    }
  }

  return {
    push(value) {
      const gone = (ring[next] ?? 0) - origin
      const come = value - origin
      ring[next] = value
      next = next + 1 === size ? 0 : next + 1
      count += 1
      if (next === 0) renew()
      else if (count > size) {
        sum += come - gone
        squares += come ** 2 - gone ** 2
      }
      return count >= size
    },
    at: (index) => ring[(next + index) % size] ?? 0,
    mean: () => origin + sum / size,
    deviation: () => Math.sqrt(Math.max(0, squares - sum ** 2 / size) / size),
  }
}

export type Sum = {
  /** The sum of the last `size` numbers; of all while there are fewer. */
  push(value: number): number
}

// Nothing is ever taken away from it, so a huge number leaves no trace when it is gone. It adds
// what came since the window went round last to what is left of the time before, which is added up
// from its end once a round.
export function createSum(size: number): Sum {
  const ring = new Float64Array(size)
  // rest[i]: of the numbers i to the end that the ring had when it went round.
  const rest = new Float64Array(size + 1)
  let [next, since] = [0, 0]
  return {
    push(value) {
      ring[next] = value
      since += value
      next += 1
      const sum = since + (rest[next] ?? 0)
      if (next === size) {
        for (let at = size - 1; at >= 0; at -= 1) rest[at] = (rest[at + 1] ?? 0) + (ring[at] ?? 0)
        next = 0
        since = 0
      }
      return sum
    },
  }
}

export type Extreme = {
  /** The greatest of the last `size` values. */
  push(value: number): number
}

/** Of the last `size` values: each value is added once and removed once. */
export function createHighest(size: number): Extreme {
  const values = new Float64Array(size)
  const numbers = new Float64Array(size)
  let [first, length, count] = [0, 0, 0]
  return {
    push(value) {
      if (length > 0 && (numbers[first] ?? 0) <= count - size) {
        first = (first + 1) % size
        length -= 1
      }
      while (length > 0 && (values[(first + length - 1) % size] ?? 0) <= value) length -= 1
      values[(first + length) % size] = value
      numbers[(first + length) % size] = count
      length += 1
      count += 1
      return values[first] ?? 0
    },
  }
}

export function createLowest(size: number): Extreme {
  const highest = createHighest(size)
  return { push: (value) => -highest.push(-value) }
}
