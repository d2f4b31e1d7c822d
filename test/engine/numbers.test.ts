// Numbers: every numeric field of every command at the edges, one field at a time.
//
// The engine refuses it with a code and changes nothing of business (INV-10), or does it and stays
// exact: every number of its state is a safe integer, money adds up to zero, nothing is negative.
// What is no safe integer may also be refused before it is a record. Fields are found in samples of
// every kind, so a new kind or field is tested as soon as it has a sample, which types demand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandCells, createCells, decodeCommand, encodeCommand } from '#engine/codec.ts'
import type { CommandBody } from '#engine/command.ts'
import type { EngineImage } from '#engine/image.ts'
import { imageOf } from '#engine/image-of.ts'
import { REFUSALS } from '#kernel/refusals.ts'
import { stamp } from '#test/support/commands.ts'
import { createExchange, digestOf } from '#test/support/exchange.ts'
import {
  around,
  LIMITS,
  numbersIn,
  numbersOpening,
  SAMPLES,
  withNumber,
} from '#test/support/numbers/samples.ts'

/** Beyond 2^53 doubles have no odd numbers: the neighbours are the nearest that exist. */
const EDGES = [
  ...[-1, 0, 0.5, 1, 1.5, ...around(2 ** 31), ...around(2 ** 32), ...around(2 ** 53), 2 ** 53 + 2],
  ...[2 ** 63 - 1_024, 2 ** 63, 2 ** 63 + 2_048, 2 ** 64],
]
function numbersFor(path: readonly string[]): number[] {
  const own = LIMITS[path.at(-1) ?? '']
  return own === undefined ? EDGES : [...EDGES, ...around(own), -own, -own - 1]
}

const CHAIN = 1

function createWorld() {
  const world = createExchange(numbersOpening())
  return { ...world, before: digestOf(world.engine, 'business') }
}

function assertExact({ assets, balances, ...image }: EngineImage, what: string): void {
  const sums = new Map<number, bigint>(assets.map(({ asset }) => [asset, 0n]))
  for (const { account, asset, cash, held } of balances) {
    sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(cash))
    assert.ok(held >= 0 && (account === CHAIN || (cash >= 0 && held <= cash)), what)
  }
  assert.ok(
    [...sums.values()].every((sum) => sum === 0n),
    `${what}: money adds up`,
  )
  for (const path of numbersIn({ ...image, balances })) {
    const number = path.reduce<unknown>((of, name) => (of as never)[name], { ...image, balances })
    assert.ok(Number.isSafeInteger(number), `${what}: ${path.join('.')} is ${number}`)
  }
}

for (const [kind, samples] of Object.entries(SAMPLES)) {
  test(`every number of ${kind} is refused or handled at every edge`, () => {
    for (const sample of samples) {
      assert.equal(createWorld().run(sample as CommandBody), 'done', JSON.stringify(sample))
      let world = createWorld()
      for (const path of numbersIn(sample)) {
        for (const number of numbersFor(path)) {
          const isUntouched = tryOne(world, withNumber(sample, path, number) as CommandBody, number)
          if (!isUntouched) world = createWorld()
        }
      }
    }
  })
}

type World = ReturnType<typeof createWorld>

/** Whether the world is as it was. */
function tryOne(world: World, body: CommandBody, number: number): boolean {
  const { engine, run, before } = world
  const what = JSON.stringify(body)
  const isNumber = Number.isSafeInteger(number) && number >= 0
  let told: string
  try {
    told = run(body)
  } catch (error) {
    // Only what no field can say; nothing was applied.
    assert.ok(!isNumber || number >= 2 ** 31, `${what}: ${error}`)
    assert.equal(digestOf(engine, 'business'), before, `${what} threw and changed something`)
    return false
  }
  if (told === 'done') {
    assertExact(imageOf(engine), what)
    assertSurvives(body)
    return false
  }
  assert.ok(Object.hasOwn(REFUSALS, told), `${what}: ${told}`)
  assert.equal(digestOf(engine, 'business'), before, `INV-10: ${what}: ${told}`)
  return true
}

/** What was done is what was said: no number wraps around in its record. */
function assertSurvives(body: CommandBody): void {
  const command = stamp(body, 1)
  const cells = createCells(commandCells(command))
  encodeCommand(command, cells, 0)
  assert.deepEqual(decodeCommand(cells, 0), command)
}
