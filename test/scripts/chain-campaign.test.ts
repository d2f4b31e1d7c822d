// campaign -- chain, a small one: what it finds must be nothing, and what it meets something.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { campaign } from '#scripts/campaigns/chain/campaign.ts'
import { campaignSandwiches } from '#scripts/campaigns/chain/sandwiches.ts'
import { campaignSending, SENDING_PARTS } from '#scripts/campaigns/chain/sending.ts'
import { campaignWeirdTokens } from '#scripts/campaigns/chain/weird-tokens.ts'

const RUNS = 2

test('through reorganisations, lost nonces, drops and replacements each is paid once', async () => {
  const told: string[] = []
  const onWrong = (line: string) => told.push(line)
  const tallies = await Promise.all(
    SENDING_PARTS.map((part) => campaignSending({ part, runs: RUNS, seed: 3, onWrong })),
  )
  assert.deepEqual(told, [])
  for (const { cases, violations, reached } of tallies) {
    assert.deepEqual([cases, violations], [RUNS, 0])
    assert.ok((reached['answers: mined'] ?? 0) >= RUNS && (reached.restarts ?? 0) >= RUNS)
  }
  const [reorgs, , drops, replacements] = tallies
  assert.ok((reorgs?.reached.reorganisations ?? 0) > 0)
  // What a node drops is a matter of moments: sooner or later one of these happens.
  const faults = ['transactions dropped', 'read lost', 'send: request lost', 'send: answer lost']
  const isMet = (tally: typeof drops) => faults.some((one) => (tally?.reached[one] ?? 0) > 0)
  let seen = isMet(drops)
  for (let seed = 4; !seen && seed < 40; seed += 1) {
    seen = isMet(await campaignSending({ part: 'drops', runs: RUNS, seed, onWrong }))
  }
  assert.ok(seen && told.length === 0, told.join('\n'))
  assert.ok((replacements?.reached['spikes of the base fee'] ?? 0) > 0)
})

test('a sandwich and a weird token take at most the tolerance', async () => {
  const told: string[] = []
  const onWrong = (line: string) => told.push(line)
  const [squeezed, traded] = await Promise.all([
    campaignSandwiches({ cases: 5, seed: 1, onWrong }),
    campaignWeirdTokens({ cases: 14, seed: 1, onWrong }),
  ])
  assert.deepEqual(told, [])
  assert.ok((squeezed.reached['victims squeezed'] ?? 0) > 0)
  assert.ok((squeezed.reached['victims reverted'] ?? 0) > 0)
  assert.deepEqual([traded.cases, traded.reached.tokens], [14, 14])
  assert.ok((traded.reached.swapped ?? 0) > 10)
})

test('it says how it is used', async () => {
  for (const option of ['--runs=0', '--sandwiches=x', '--weird=-1', '--quotes=', '--seed=1e3']) {
    assert.equal(await campaign([option]), null, option)
  }
})
