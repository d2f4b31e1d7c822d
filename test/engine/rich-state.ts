// Rich state: an exchange in which every section of the state has rows.
//
// Orders rest on both sides of two markets, partly filled and reduced; one is draining; withdrawals
// are open and signed; a deposit is credited; callers' ids are remembered.

import type { CommandBody } from '#engine/command.ts'
import { FILLS_PER_COMMAND_MAX } from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { caller, limit, market, opening } from '#test/support/commands.ts'
import { createExchange, type Exchange } from '#test/support/exchange.ts'

export function withdrawal(requestId: string, amount = 100): CommandBody {
  const to = { account: asId<never>(16), asset: asId<never>(0), address: '0xabc' }
  const amounts = { amount: asUnit<never>(amount), fee: asUnit<never>(5) }
  return {
    kind: 'requestWithdrawal',
    ...to,
    ...amounts,
    requestId,
    ...caller(`${requestId} ${amount}`),
  }
}

export function credit(txHash: string, amount = 77): CommandBody {
  const to = { account: asId<never>(17), asset: asId<never>(1), amount: asUnit<never>(amount) }
  return { kind: 'credit', ...to, instance: 'chain-1', txHash, logIndex: 3 }
}

export function createRichState(): Exchange {
  const exchange = createExchange(opening(50_000_000))
  const run = (body: CommandBody) => {
    const code = exchange.run(body)
    if (code !== 'done') throw new Error(`${body.kind} was refused: ${code}`)
  }
  run({ kind: 'chainReset', instance: 'chain-1' })
  run({ ...subAccount, ...caller('sub') })
  run(credit('0x1'))
  run(withdrawal('w1'))
  run(withdrawal('w2'))
  run(signed(exchange, 'w1'))
  // 16 sells in crumbs: more makers than one command may fill.
  for (let i = 0; i <= FILLS_PER_COMMAND_MAX; i += 1) {
    const account = i < FILLS_PER_COMMAND_MAX / 2 ? 16 : 18
    run(limit('sell', { account, price: 100, size: 4 }))
  }
  run(limit('buy', { account: 17, size: 4 * FILLS_PER_COMMAND_MAX + 40, clientOrderId: 'drains' }))
  run(limit('buy', { account: 18, price: 90, size: 30, market: 1, clientOrderId: 'maker' }))
  run(market('sell', { account: 17, size: 7, market: 1, clientOrderId: 'taker' }))
  run(limit('sell', { account: 18, price: 90, size: 5, market: 1, selfTrade: 'decrement' }))
  run(limit('sell', { account: 16, price: 95, size: 5, market: 1, postOnly: true }))
  run(limit('sell', { account: 16, price: 95, size: 6, market: 1, selfTrade: 'cancel-both' }))
  exchange.events()
  return exchange
}

const subAccount = {
  kind: 'openSubAccount',
  account: asId<never>(16),
  name: 'bot',
  requestId: 'sub',
} as const

function signed({ engine }: Exchange, requestId: string): CommandBody {
  const row = [...engine.withdrawals.values()].find((one) => one.requestId === requestId)
  return {
    kind: 'signWithdrawal',
    withdrawalId: asId(row?.withdrawalId ?? 0),
    instance: 'chain-1',
    nonce: 4,
    txHash: '0x2',
    rawTransaction: '0x3',
  }
}
