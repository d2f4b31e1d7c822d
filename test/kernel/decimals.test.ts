// The grammar of decimals twice: the parser and a naive reading agree on every text (row F26).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDecimal, parseDecimal } from '#kernel/amount.ts'
import { createRandom } from '#scripts/campaigns/random.ts'
import { decimalText, naiveDecimal } from '#test/support/numbers/decimals.ts'

const TEXTS = 200_000

test('parser and naive reading say the same of 200,000 texts, at every scale', () => {
  const random = createRandom(20_261_129)
  const said = new Map<string, number>()
  for (let nth = 0; nth < TEXTS; nth += 1) {
    const text = decimalText(random)
    const scale = random.pick([0, 1, 2, 6, 8, 18])
    const read = parseDecimal(text, scale)
    assert.deepEqual(read, naiveDecimal(text, scale), `${JSON.stringify(text)} at scale ${scale}`)
    if (read.ok) assert.equal(Number(formatDecimal(read.units, scale)), Number(text))
    const what = read.ok ? 'read' : read.why
    said.set(what, (said.get(what) ?? 0) + 1)
  }
  for (const what of ['read', 'malformed', 'too_precise', 'too_large']) {
    assert.ok((said.get(what) ?? 0) > TEXTS / 50, `${what}: ${said.get(what)}`)
  }
})
