// Wallet: deposit addresses, deposits and withdrawals of the signed-in customer.
//
// Read when somebody signs in and every few seconds after, because what the chain does has no
// channel. A withdrawal keeps its requestId until it is decided, so asking twice sends once.

import { effect, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { Connection } from './connection.ts'
import type { ItemOf } from './item-of.ts'
import type { Notices } from './notices.ts'
import { outcomeText } from './outcome-text.ts'
import type { Session } from './session.ts'

export type WalletDeps = {
  readonly client: Client
  readonly session: Session
  readonly notices: Notices
  readonly connection: Connection
}

export type DepositAddress = ItemOf<Client['depositAddresses']>
export type Deposit = ItemOf<Client['deposits']>
export type Withdrawal = ItemOf<Client['withdrawals']>
export type WithdrawalRequest = {
  readonly asset: string
  readonly amount: string
  readonly address: string
}

const EVERY_MS = 3_000
const PAGE = 50

export function createWallet({ client, session, notices, connection }: WalletDeps) {
  const addresses = signal<readonly DepositAddress[]>([])
  const deposits = signal<readonly Deposit[]>([])
  const withdrawals = signal<readonly Withdrawal[]>([])
  const read = async (): Promise<void> => {
    if (!session.isSignedIn.peek() || !connection.hasWallet.peek()) return
    const [own, received, sent] = await Promise.all([
      client.depositAddresses(),
      client.deposits({ limit: PAGE }),
      client.withdrawals({ limit: PAGE }),
    ])
    if (own.kind === 'done') addresses.value = own.value.items
    if (received.kind === 'done') deposits.value = received.value.items
    if (sent.kind === 'done') withdrawals.value = sent.value.items
  }
  connection.every(EVERY_MS, read)
  effect(() => {
    addresses.value = []
    deposits.value = []
    withdrawals.value = []
    if (session.isSignedIn.value && connection.hasWallet.value) void read()
  })
  return {
    ...{ addresses, deposits, withdrawals },
    createAddress: async (asset: string): Promise<void> => {
      const outcome = await client.createDepositAddress({ asset })
      if (outcome.kind !== 'done') notices.say(outcomeText(outcome), 'bad')
      await read()
    },
    withdraw: async (request: WithdrawalRequest): Promise<Outcome<unknown>> => {
      const outcome = await client.withdraw(request)
      if (outcome.kind === 'done')
        notices.say(`${request.amount} ${request.asset} are on their way`)
      await read()
      return outcome
    },
  }
}
