// Sandwich: somebody buys before a victim's swap and sells after it, all in one block.
//
// The victim is a swap of our own, or a transaction of whoever tests a contract. The chain stops
// mining by itself for that one block; the order in it follows from the tips. The attacker's profit
// is before gas, in the token that the victim pays with.

import { readReceipt } from '#connectors/evm/receipts.ts'
import { StartError } from '#kernel/start-error.ts'
import { type Actor, createActor } from './actor.ts'
import { quoteOf, routerOf, tradeCall } from './pool-trade.ts'
import { type AnyPool, balanceOf, poolOf, type Side, tokensOf, type World } from './world.ts'

const ATTACKER = '0xa77ac40000000000000000000000000000000001'
const VICTIM = '0xf1c7140000000000000000000000000000000001'
const GWEI = 10n ** 9n
const TIPS = { front: 30n * GWEI, victim: 20n * GWEI, back: 10n * GWEI }
const PARTS = 1_000_000n

/** A transaction that somebody else sends; `receiver` gets what it buys. */
export type OwnVictim = {
  readonly from: string
  readonly to: string
  readonly data: string
  readonly receiver?: string
}

/** A swap that takes any price when no tolerance is given. */
export type PlainVictim = {
  readonly amountIn: bigint
  /** Of a million: 5,000 is half a per cent below the quote before the attack. */
  readonly tolerance?: number
}

export type Sandwich = {
  readonly pool: string
  /** What the victim pays with; 'quote', so it buys, when not given. */
  readonly sells?: Side
  /** What the attacker puts in, in the same token. */
  readonly attack: bigint
  readonly victim: PlainVictim | OwnVictim
}

export type Sandwiched = {
  readonly block: number
  readonly isVictimReverted: boolean
  /** In the token it buys. */
  readonly victimReceived: bigint
  /** What a plain victim would have got in the block before. */
  readonly victimQuoted: bigint | undefined
  /** Below 0 when the attack only paid fees. */
  readonly attackerProfit: bigint
}

export async function sandwich(world: World, plan: Sandwich): Promise<Sandwiched> {
  const { rpc, control, deployment } = world
  const { sells = 'quote', attack } = plan
  const pool = poolOf(deployment, plan.pool)
  const { tokenIn, tokenOut } = tokensOf(deployment, pool, sells)
  const attacker = await createActor(world, ATTACKER)
  const bought = await prepareAttack(world, attacker, { pool, sells, attack })
  const victim = await prepareVictim(world, pool, { ...plan, sells })
  const owned = () => balanceOf(rpc, tokenIn.address, attacker.address)
  const received = () => balanceOf(rpc, tokenOut.address, victim.receiver)
  const [ownedBefore, receivedBefore] = [await owned(), await received()]
  const enter = { sells, amountIn: attack, minOut: 0n, to: attacker.address }
  const leave = { ...enter, sells: otherSide(sells), amountIn: bought }
  await control.setAutomine(false)
  try {
    await attacker.send(tradeCall(deployment, pool, enter), TIPS.front)
    const hash = await victim.send(TIPS.victim)
    const last = await attacker.send(tradeCall(deployment, pool, leave), TIPS.back)
    await control.mine(1)
    const [hit, left] = [await readReceipt(rpc, hash), await readReceipt(rpc, last)]
    if (hit === undefined || left === undefined || hit.blockNumber !== left.blockNumber) {
      throw new StartError('the three transactions did not fit into one block')
    }
    return {
      block: hit.blockNumber,
      isVictimReverted: !hit.success,
      victimReceived: (await received()) - receivedBefore,
      victimQuoted: victim.quoted,
      attackerProfit: (await owned()) - ownedBefore,
    }
  } finally {
    await control.setAutomine(true)
  }
}

type Attack = { readonly pool: AnyPool; readonly sells: Side; readonly attack: bigint }

/** Money and approvals for both ways; answers what the first one will buy, which is exact. */
async function prepareAttack({ rpc, deployment }: World, attacker: Actor, plan: Attack) {
  const { pool, sells, attack } = plan
  const { assetIn, assetOut } = tokensOf(deployment, pool, sells)
  const bought = await quoteOf(rpc, deployment, { pool, sells, amountIn: attack })
  const router = routerOf(deployment, pool)
  await attacker.fund(assetIn, attack)
  await attacker.approve(assetIn, router, attack)
  await attacker.approve(assetOut, router, bought)
  return bought
}

type Victim = {
  readonly receiver: string
  readonly quoted: bigint | undefined
  send(tipWei: bigint): Promise<string>
}

type VictimPlan = { readonly sells: Side; readonly victim: PlainVictim | OwnVictim }

async function prepareVictim(world: World, pool: AnyPool, plan: VictimPlan): Promise<Victim> {
  const { rpc, deployment } = world
  const { sells, victim } = plan
  if ('data' in victim) {
    const { from, to, data, receiver = from } = victim
    const actor = await createActor(world, from)
    return { receiver, quoted: undefined, send: (tipWei) => actor.send({ to, data }, tipWei) }
  }
  const { amountIn, tolerance = Number(PARTS) } = victim
  const actor = await createActor(world, VICTIM)
  const { assetIn } = tokensOf(deployment, pool, sells)
  await actor.fund(assetIn, amountIn)
  await actor.approve(assetIn, routerOf(deployment, pool), amountIn)
  const quoted = await quoteOf(rpc, deployment, { pool, sells, amountIn })
  const minOut = (quoted * (PARTS - BigInt(tolerance))) / PARTS
  const call = tradeCall(deployment, pool, { sells, amountIn, minOut, to: actor.address })
  return { receiver: actor.address, quoted, send: (tipWei) => actor.send(call, tipWei) }
}

function otherSide(side: Side): Side {
  return side === 'base' ? 'quote' : 'base'
}
