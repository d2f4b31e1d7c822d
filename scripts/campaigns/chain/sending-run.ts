// One run of the sending campaign: some payments through our own sender while all goes wrong.
//
// Sender, store and signer are those of a bot: a nonce queue over a file, cut off in the middle and
// opened again, and a signer with a policy. Then the line tells the truth, the chain mines, and
// every payment is asked for again by its id until its answer is final. What the chain has then is
// what counts: nothing paid twice, every answer as the chain has it, no nonce left out.

import { rmSync } from 'node:fs'
import { id as hashOf } from 'ethers'
import type { SendOutcome } from '#connectors/evm/send-outcome.ts'
import type { Intent } from '#connectors/evm/signing.ts'
import type { Random } from '../random.ts'
import { createFaultyRpc, type FaultShares } from './faulty-rpc.ts'
import type { SendingChain } from './sending-chain.ts'
import { type BotSender, openBotSender } from './sending-sender.ts'

/** How often, of a hundred steps, what happens; a step is a few milliseconds. */
export type SendingMix = {
  readonly faults: FaultShares
  readonly mine: number
  readonly reorg: number
  readonly forget: number
  readonly spike: number
  readonly restart: number
}

export type SendingRun = {
  readonly chain: SendingChain
  readonly run: number
  readonly mix: SendingMix
  readonly random: Random
  readonly folder: string
  readonly met: (what: string) => void
}

const GWEI = 10n ** 9n
const STEP_MS = 5
const STEPS_MIN = 10
const STEPS_MORE = 20
const DEPTH_MAX = 12
const ASKS_MAX = 40
const ASK_AGAIN_MS = 20
const GAS_LIMIT = 21_000n
const SPIKE_MAX_GWEI = 200
/** Not the last word: the same question may have another answer. */
const LATER = new Set(['queue_full', 'queue_blocked', 'chain_away'])

type Payment = Intent & { readonly value: bigint }

export type Wrong = {
  readonly what: 'mined twice' | 'nonce gaps' | 'answers unlike the chain'
  readonly line: string
}

export async function runSending(given: SendingRun): Promise<readonly Wrong[]> {
  const { chain, run, random, met, folder, mix } = given
  const path = `${folder}/run-${run}.transactions`
  const wallet = chain.wallet(run)
  const rpc = createFaultyRpc(chain.rpc, { random, shares: mix.faults, met })
  let sender = openBotSender({ rpc, wallet, path })
  const restart = () => {
    sender.cutOff()
    sender = openBotSender({ rpc, wallet, path })
    void sender.queue.resume()
    met('restarts')
  }
  const payments = paymentsOf(given)
  await storm(given, payments, { sender: () => sender, restart })
  rpc.beTrue()
  restart()
  await chain.control.setAutomine(true)
  await chain.mine()
  for (const payment of payments) await finalOutcome(sender, payment)
  const wrong = await judge(given, payments, sender)
  await chain.control.setAutomine(false)
  sender.cutOff()
  rmSync(path)
  return wrong.map(({ what, line }) => ({ what, line: `run ${run}: ${line}` }))
}

/** Each to an address that nobody has paid before. */
function paymentsOf({ run, random, folder }: SendingRun): readonly Payment[] {
  return Array.from({ length: 2 + random.below(4) }, (_, at) => ({
    ...{ id: `pay-${at}`, data: '0x', gasLimit: GAS_LIMIT },
    to: hashOf(`${folder}/${run}/${at}`).slice(0, 42),
    value: BigInt(1_000 + at),
  }))
}

type Storm = { readonly sender: () => BotSender; readonly restart: () => void }

async function storm(given: SendingRun, payments: readonly Payment[], { sender, restart }: Storm) {
  const { random } = given
  const waiting = [...payments]
  const steps = STEPS_MIN + random.below(STEPS_MORE)
  for (let step = 0; step < steps; step++) {
    const isLast = random.below(3) === 0 || step === steps - 1
    const next = waiting.slice(0, isLast ? waiting.length : 1)
    for (const payment of next) {
      waiting.splice(waiting.indexOf(payment), 1)
      void sender().queue.submit(payment)
    }
    await befall(given, { sender, restart })
    await new Promise((resolve) => setTimeout(resolve, STEP_MS))
  }
}

async function befall({ chain, mix, random, met }: SendingRun, { sender, restart }: Storm) {
  const chance = random.below(100)
  const bounds = [mix.mine, mix.reorg, mix.forget, mix.spike, mix.restart]
  const which = bounds.findIndex((_, at) => {
    return chance < bounds.slice(0, at + 1).reduce((sum, share) => sum + share)
  })
  if (which === 0) return await chain.mine()
  if (which === 1) {
    const depth = await chain.reorg(1 + random.below(DEPTH_MAX))
    if (depth > 0) met('reorganisations')
    if (depth > 0) met(depth > 6 ? 'of 7 to 12 blocks' : 'of 1 to 6 blocks')
  }
  if (which === 2) {
    const open = await sender().unsettled()
    if (open.length > 0 && (await chain.forget(random.pick(open)))) met('transactions dropped')
  }
  if (which === 3) {
    await chain.spike(BigInt(20 + random.below(SPIKE_MAX_GWEI - 20)) * GWEI)
    met('spikes of the base fee')
  }
  if (which === 4) restart()
  return undefined
}

async function finalOutcome({ queue }: BotSender, payment: Payment): Promise<SendOutcome> {
  for (let asked = 0; ; asked++) {
    const outcome = await queue.submit(payment)
    const isOpen =
      outcome.kind === 'unknown' || (outcome.kind === 'rejected' && LATER.has(outcome.cause))
    if (!isOpen || asked === ASKS_MAX) return outcome
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
}

/** The last word of every payment against the chain, and the chain's count against both. */
async function judge(
  { chain, run, met }: SendingRun,
  payments: readonly Payment[],
  sender: BotSender,
): Promise<readonly Wrong[]> {
  const wrong: Wrong[] = []
  let mined = 0
  for (const { id, to, value } of payments) {
    const answer = await sender.queue.outcome(id)
    const paid = await chain.paid(to)
    const text = answer.kind === 'rejected' ? `rejected (${answer.cause})` : answer.kind
    met(`answers: ${text}`)
    if (paid > 0n) mined += 1
    if (paid > value) wrong.push({ what: 'mined twice', line: `${id} was paid ${paid}` })
    const isTrue =
      answer.kind === 'mined' ? paid === value : answer.kind === 'rejected' && paid === 0n
    const line = `${id} is ${text} and was paid ${paid} of ${value}`
    if (!isTrue) wrong.push({ what: 'answers unlike the chain', line })
  }
  const replaced = await sender.replaced(payments.map(({ id }) => id))
  for (let one = 0; one < replaced; one++) met('replacements')
  const { used, next, behindGap } = await chain.nonces(chain.wallet(run).address)
  const isWhole = used === next && behindGap === 0 && used === mined
  const line = `${used} nonces used by ${mined} payments, ${next} next, ${behindGap} behind a gap`
  return isWhole ? wrong : [...wrong, { what: 'nonce gaps', line }]
}
