// Near a boundary: random commands with numbers about limits and powers of two, on both engines.
//
// The engine and the naive model carry out the same commands in lockstep; the model reckons with
// bigints, so what would pass 2^53 or wrap shows. What no record can hold must be refused before it
// is one. Some numbers are reckoned so that a notional, a hold or a balance comes to its last unit.

import assert from 'node:assert/strict'
import { commandCells, createCells, encodeCommand } from '#engine/codec.ts'
import type { Command, CommandBody, PlaceOrder } from '#engine/command.ts'
import type { EngineImage } from '#engine/image.ts'
import { SIZE_LOTS_MAX } from '#engine/limits.ts'
import type { Random } from '#scripts/campaigns/random.ts'
import { createRandom } from '#scripts/campaigns/random.ts'
import { faucet, issue, limit, START_US, stamp } from '../commands.ts'
import { amend } from '../example.ts'
import { createInvariants } from '../invariants.ts'
import { createPaired } from '../paired-driver.ts'
import { around, LIMITS, numbersIn, numbersOpening, SAMPLES, withNumber } from './samples.ts'

const SAFE = Number.MAX_SAFE_INTEGER
/** Of each asset nearly as much as may exist, so that sums come to 2^53 as well. */
const WEALTH = { issued: 8_000_000_000_000_000, each: 2_600_000_000_000_000 }
const BODIES = Object.values(SAMPLES).flat() as readonly CommandBody[] // As they are given.
const PLACES = SAMPLES.place as readonly PlaceOrder[]
const STATE_EVERY = 10

export type Boundary = { readonly commands: number; readonly reached: ReadonlyMap<string, number> }

/** Throws with the commands so far when engine and model differ, or a number is not exact. */
export function nearBoundary(seed: number, commands: number): Boundary {
  const random = createRandom(seed)
  const run = createRun()
  try {
    for (const body of opening()) assert.equal(run.apply(body, 1_000), 'done')
    for (let nth = 0; nth < commands; nth += 1) {
      run.apply(bodyOf(random, run.image()), random.below(5) === 0 ? 400_000 : random.below(2_000))
      run.ticks()
    }
    run.check()
  } catch (error) {
    const lines = run.log.slice(-commands).map((command) => JSON.stringify(command))
    throw new Error(`seed ${seed}\n${lines.join('\n')}\n${String(error)}`, { cause: error })
  }
  return { commands: run.log.length, reached: run.reached }
}

function opening(): CommandBody[] {
  const issues = [0, 1, 2].map((asset) => issue(asset, WEALTH.issued))
  return [...numbersOpening(), ...issues, ...[16, 17, 18].map((one) => faucet(one, WEALTH.each))]
}

function createRun() {
  const driver = createPaired()
  const invariants = createInvariants()
  const reached = new Map<string, number>()
  const log: Command[] = []
  const clock = { seq: 0, time: START_US }
  const note = (name: string) => reached.set(name, (reached.get(name) ?? 0) + 1)
  const check = () => {
    const image = driver.image()
    isExact(image)
    return image
  }
  const apply = (body: CommandBody, wait: number): string => {
    const time = clock.time + wait
    const command = stamp(body, clock.seq + 1, time)
    if (!isWritable(command)) {
      note('no record')
      return 'no record'
    }
    clock.seq += 1
    clock.time = time
    log.push(command)
    const answer = driver.apply(command)
    if (clock.seq % STATE_EVERY === 0) {
      invariants.check({ command, answer, image: check(), digest: null })
    } else invariants.follow({ command, answer })
    const told = answer.duplicate ? 'duplicate' : (answer.code ?? 'done')
    note(told === 'done' ? `${body.kind}: done` : told)
    if (answer.events.some(({ kind }) => kind === 'fill')) note('fill')
    return told
  }
  return {
    log,
    reached,
    apply,
    check,
    image: () => driver.image(),
    ticks() {
      for (let ticks = 0; driver.nextDue() <= clock.time && ticks < 1_000; ticks += 1) {
        apply({ kind: 'tick' }, 0)
      }
    },
  }
}

/** Only a number that is negative, or too great for some field, is no record. */
function isWritable(command: Command): boolean {
  const cells = createCells(commandCells(command))
  try {
    encodeCommand(command, cells, 0)
    return true
  } catch (error) {
    const numbers = numbersIn(command).map((path) => numberAt(command, path))
    const isTooMuch = (number: number) => number < 0 || number >= 2 ** 31
    assert.ok(numbers.some(isTooMuch), `${JSON.stringify(command)}: ${error}`)
    return false
  }
}

function isExact({ assets: _, ...image }: EngineImage): void {
  for (const path of numbersIn(image)) {
    const number = numberAt(image, path)
    assert.ok(Number.isSafeInteger(number), `${path.join('.')} is ${number}`)
  }
}

function numberAt(value: unknown, path: readonly string[]): number {
  const found = path.reduce<unknown>((of, name) => (of as never)[name], value)
  return found as number // numbersIn found it.
}

/** Half of the commands are orders whose numbers go together; the others have some at an edge. */
function bodyOf(random: Random, image: EngineImage): CommandBody {
  if (random.below(4) === 0) return plainOrder(random)
  if (random.below(2) === 0) return edgeOrder(random, image)
  if (random.below(4) === 0) return edgeAmend(random, image)
  let body: unknown = random.pick(BODIES)
  const paths = numbersIn(body)
  for (let times = 1 + random.below(2); times > 0 && paths.length > 0; times -= 1) {
    const path = random.pick(paths)
    body = withNumber(body, path, edgeFor(random, path.at(-1) ?? ''))
  }
  return unlike(body as CommandBody, random)
}

/** Something to trade with near the middle, so that books are not empty. */
function plainOrder({ pick, below }: Random): CommandBody {
  const size = pick([1, 10, 1_000, 1_000_000])
  const side = pick<'buy' | 'sell'>(['buy', 'sell'])
  return limit(side, { account: pick([16, 17, 18]), price: 95 + below(11), size })
}

/** An order whose value, hold or base is just what fits: the last number, or the next. */
function edgeOrder(random: Random, { balances, markets }: EngineImage): CommandBody {
  const { pick, below } = random
  // Half of them have no extra: those take another way through the checks.
  const sample = below(2) === 0 ? limit(pick(['buy', 'sell'])) : pick(PLACES)
  const account = pick([16, 17, 18])
  const { lotUnits = 3, quotePerTickLot = 3 } = markets[0] ?? {}
  const wide = 2 ** (12 + below(20)) + below(3) - 1
  const price = pick([sample.price, pick([1, 2, 99, 101]), wide, wide])
  const asset = sample.side === 'buy' ? 0 : 1
  const row = balances.find((one) => one.account === account && one.asset === asset)
  const available = (row?.cash ?? 0) - (row?.held ?? 0)
  const unit = Math.max(1, price) * quotePerTickLot
  const most = pick([
    ...[SAFE / unit, SAFE / unit / 1.05, SAFE / lotUnits, SIZE_LOTS_MAX],
    ...[available / unit, available / unit / 1.05, available / lotUnits],
  ])
  const size = Math.max(0, Math.min(Math.floor(most), SIZE_LOTS_MAX) + below(3) - 1)
  const amount = Math.max(0, pick([available, SAFE]) + below(3) - 1)
  const numbers = {
    ...(sample.quoteAmount > 0 ? { quoteAmount: amount } : { size }),
    ...(sample.price > 0 ? { price } : {}),
  }
  return { ...sample, account, ...numbers } as never // Brands only.
}

/** Of an order that is open: a size or prices at an edge, or one more than what is done. */
function edgeAmend(random: Random, { orders }: EngineImage): CommandBody {
  const chosen = orders[random.below(Math.max(1, orders.length))]
  if (chosen === undefined) return plainOrder(random)
  const { orderId, account, traded, remaining } = chosen
  const sizes = [traded, traded + 1, traded + remaining + 1, edgeFor(random, 'size'), 0]
  const prices = [0, 0, chosen.price, 98, edgeFor(random, 'price')]
  const [size, price] = [Math.abs(random.pick(sizes)), Math.abs(random.pick(prices))]
  return amend(orderId, { account, size, price, triggerPrice: random.pick([0, 0, 0, 97, price]) })
}

function edgeFor({ pick, below }: Random, name: string): number {
  const own = LIMITS[name]
  if (own !== undefined && below(3) === 0) return pick([...around(own), -own, -own - 1])
  const power = 2 ** pick([0, 1, 8, 16, 31, 31, 32, 32, 33, 52, 53, 53, 53, 62, 63, 64])
  const near = power + below(5) - 2
  if (below(4) === 0) return pick([0, 1, -1, near - below(1_000), SAFE, SAFE - 1, SAFE - 2])
  return near
}

/** What is asked for under an id, or listed, is asked for once: another one is another. */
function unlike(body: CommandBody, { below }: Random): CommandBody {
  const name = String(below(1_000_000))
  if (body.kind === 'listAsset') return { ...body, symbol: `A${name}` }
  if (body.kind === 'listMarket') return { ...body, symbol: `A${name}-USD` }
  if (body.kind === 'openAccount') return { ...body, userId: name }
  return 'requestId' in body ? { ...body, requestId: name } : body
}
