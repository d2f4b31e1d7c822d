// kill9 --whole: the same promise with chain, wallet and bots around the core.
//
// Two customers trade and withdraw against the running demo; a third one only holds. After each
// kill its balances are the same bytes, every answer is repeated, every withdrawal is paid once. At
// the end a headless run on the same folder proves ledger, custody and digest.

import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createNodeSend } from '#client/send-node.ts'
import { inPool } from '#scripts/test/pool.ts'
import { createRandom, type Random } from '../random.ts'
import type { CampaignResult } from '../result.ts'
import { type Ask, createAsk } from './ask.ts'
import { type Customer, registerCustomers } from './customers.ts'
import { runLoad } from './load.ts'
import { createMemory, type Memory } from './memory.ts'
import { createTally, type Tally } from './tally.ts'
import { type Verifying, verifyAnswers, verifyOrder } from './verify-answers.ts'
import { createLedger, type Ledger, verifyAllOrders, verifyLists } from './verify-lists.ts'
import { environmentOf, PLATFORM, startWhole, type Whole } from './whole-process.ts'
import { requestWithdrawals, verifyWithdrawals } from './whole-withdrawals.ts'

const LOAD_MS = { least: 500, most: 3_000 }
const AFTER_LOOK_MS = 100
const CONNECTIONS = 16
const CATCH_UP_MS = 30_000
const PROOF_SECONDS = 20

type State = {
  readonly folder: string
  readonly random: Random
  readonly tally: Tally
  readonly memory: Memory
  readonly ledger: Ledger
  readonly traders: readonly Customer[]
  readonly quiet: Customer
  readonly sender: ReturnType<typeof createNodeSend>
  readonly newId: () => string
  whole: Whole
  killedAt: number
}

type WholeOrder = { readonly folder: string; readonly cycles: number; readonly seed: number }

export async function killWhole({ folder, cycles, seed }: WholeOrder): Promise<CampaignResult> {
  const tally = createTally()
  const sender = createNodeSend(CONNECTIONS)
  const state = await openState({ folder, seed, tally, sender })
  try {
    for (let cycle = 1; cycle <= cycles; cycle += 1) {
      await killOnce(state)
      process.stderr.write(`whole ${cycle}: ${tally.line()}\n`)
    }
    state.whole.noteChildren()
    await state.whole.kill()
    await tellOrphans(state)
    await proveFolder(state)
  } catch (error) {
    tally.violated(error instanceof Error ? error.message : String(error))
  } finally {
    await state.whole.kill()
    await tellOrphans(state)
    sender.close()
  }
  return { campaign: 'kill9', cases: cycles, seed, ...tally.result({ whole: true }) }
}

type Opening = Pick<State, 'folder' | 'tally' | 'sender'> & { readonly seed: number }

async function openState({ folder, seed, tally, sender }: Opening): Promise<State> {
  const whole = await startWhole(folder)
  const order = { baseUrl: whole.baseUrl, send: sender.send, count: 3 }
  const [quiet, ...traders] = await registerCustomers(order)
  if (quiet === undefined) throw new Error('no customers')
  let ids = 0
  const newId = () => {
    ids += 1
    return `w${seed}-${ids}`
  }
  return {
    ...{ folder, tally, sender, whole, quiet, traders, newId, random: createRandom(seed) },
    ...{ memory: createMemory(), ledger: createLedger(), killedAt: 0 },
  }
}

async function killOnce(state: State): Promise<void> {
  const { random, memory, traders, newId, tally, whole } = state
  const ask = askOf(state)
  const before = await balancesOf(ask, state.quiet)
  const over = { is: false }
  const isOver = () => over.is
  const load = runLoad({ ask, customers: traders, memory, random, newId, isOver })
  const paying = requestWithdrawals({ ask, memory, traders, newId, isOver })
  await sleep(LOAD_MS.least + random.below(LOAD_MS.most - LOAD_MS.least))
  whole.noteChildren()
  await sleep(random.below(AFTER_LOOK_MS))
  over.is = true
  state.killedAt = Date.now()
  if (!(await whole.kill())) tally.violated('the platform had ended by itself before the kill')
  await Promise.all([load, paying])
  tally.reach('coreKilled')
  await tellOrphans(state)
  state.whole = await startWhole(state.folder)
  tally.time('restart', state.whole.restartMs)
  const after = await balancesOf(askOf(state), state.quiet)
  if (after !== before) tally.violated(`balances were ${before} and are ${after}`)
  await verify(state)
}

async function verify(state: State): Promise<void> {
  const { memory, ledger, tally, traders } = state
  const { violated, reach } = tally
  const run: Verifying = { ask: askOf(state), memory, killedAt: state.killedAt, violated, reach }
  const cycle = memory.takeCycle()
  const unanswered = cycle.filter(({ answer }) => answer === null).length
  reach('unanswered', unanswered)
  reach('acknowledged', cycle.length - unanswered)
  await verifyAnswers(run, cycle)
  await inPool(cycle, { atATime: CONNECTIONS, work: (asked) => verifyOrder(run, asked) })
  // The bots trade on: only without open orders do lists stand still.
  for (const { key } of traders) await run.ask(key, { method: 'DELETE', path: '/v1/orders' })
  await caughtUp(state)
  for (const customer of traders) {
    await verifyLists(run, ledger, { customer, cycle })
    await verifyAllOrders(run, ledger, customer)
    await verifyWithdrawals(run, customer, cycle)
  }
  memory.settled.push(...cycle)
}

/** Until the database has what was released when it was asked for. */
async function caughtUp({ whole, sender, tally }: State): Promise<void> {
  const health = async () => {
    const get = { method: 'GET', headers: {}, body: '', timeoutMs: 5_000 } as const
    const { text } = await sender.send({ ...get, url: `${whole.baseUrl}/v1/health` })
    const { releasedSeq, projectorLag }: Health = JSON.parse(text)
    return { releasedSeq, projectorLag }
  }
  const deadline = performance.now() + CATCH_UP_MS
  while ((await health()).projectorLag > 0) {
    if (performance.now() > deadline) return tally.violated('INV-11: the views do not catch up')
    await sleep(5)
  }
}

type Health = { readonly releasedSeq: number; readonly projectorLag: number }

async function balancesOf(ask: Ask, { key }: Customer): Promise<string> {
  const answer = await ask(key, { method: 'GET', path: '/v1/balances' })
  return JSON.stringify(JSON.parse(answer?.text ?? '{}').items)
}

async function tellOrphans({ whole, tally }: State): Promise<void> {
  for (const orphan of await whole.orphans()) tally.violated(`outlived the core: ${orphan}`)
}

/** A headless run on the folder that the kills have left; its report must be right. */
async function proveFolder({ folder, tally }: State): Promise<void> {
  const args = [PLATFORM, '--headless', '--seconds', String(PROOF_SECONDS)]
  const { promise, resolve } = Promise.withResolvers<{ out: string; said: string }>()
  const options = { env: environmentOf(folder), timeout: 180_000 }
  execFile(process.execPath, args, options, (_error, out, said) => resolve({ out, said }))
  const { out, said } = await promise
  if (!out.startsWith('{'))
    return tally.violated(`no report after the kills: ${said.slice(-2_000)}`)
  const report: Record<string, unknown> = JSON.parse(out)
  for (const name of ['ledgerSumsZero', 'custodyEqual', 'digestEqual', 'pnlSumZero']) {
    if (report[name] !== true) tally.violated(`after all kills ${name} is ${report[name]}`)
  }
  if (report['sameOwnerFills'] !== 0) tally.violated(`sameOwnerFills ${report['sameOwnerFills']}`)
}

function askOf({ sender, whole, tally }: State): Ask {
  const onUndecided = (status: number) => tally.reach(`status${status}`)
  return createAsk({ send: sender.send, baseUrl: whole.baseUrl, onUndecided })
}
