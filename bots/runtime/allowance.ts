// Allowance: so much in any second, and no more.

export type Allowance = {
  /** False when it would be too much; then nothing is taken. */
  take(amount?: number): boolean
}

const SECOND_MS = 1_000

export function createAllowance(perSecond: number, nowMs: () => number): Allowance {
  const taken: { readonly at: number; readonly amount: number }[] = []
  let sum = 0
  return {
    take(amount = 1) {
      const now = nowMs()
      for (let first = taken[0]; first !== undefined; first = taken[0]) {
        if (first.at > now - SECOND_MS) break
        sum -= first.amount
        taken.shift()
      }
      if (sum + amount > perSecond) return false
      sum += amount
      taken.push({ at: now, amount })
      return true
    },
  }
}
