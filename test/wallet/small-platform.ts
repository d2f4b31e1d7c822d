// A platform of ledger and records alone, for tests of the wallet: sequencer, live views, database.
//
// It can be closed and opened again on the same folder, as after a kill: what the wallet had
// submitted by then is there, and nothing else. One customer owns what the faucet gave.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Pool } from 'pg'
import { createKeys, type Keys } from '#connectors/evm/keys.ts'
import { createDatabase } from '#database/connection.ts'
import { type Amount, asUnit } from '#kernel/amount.ts'
import { type AccountId, asId, type OrderId } from '#kernel/ids.ts'
import { asMicros, type Clock } from '#kernel/time.ts'
import { assetId, faucetAmounts, openExchange } from '#scripts/demo/genesis.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { putDatabase } from '#test/database/template.ts'
import { SMALL_FILES } from '#test/sequencer/sequencers.ts'
import { createLiveViews, type LiveViews } from '#views/live/live-views.ts'

export const MNEMONIC =
  'legal winner thank year wave sausage worth useful legal winner thank yellow'
export const CUSTOMER = 16

export const clock: Clock = () => asMicros(Date.now() * 1_000)

export type SmallPlatform = {
  readonly sequencer: Sequencer
  readonly views: LiveViews
  readonly pool: Pool
  readonly keys: Keys
  readonly folder: string
  /** Of the customer, in ledger units. */
  cash(symbol: string): number
  /** Of ledger units; answers the withdrawal's id. */
  withdraw(symbol: string, amount: number, to: string): Promise<OrderId>
  /** Closes the ledger and opens it again; whoever still holds this one is cut off. */
  reopen(): Promise<SmallPlatform>
  /** After the tests of the file, while ledger and database are still there. */
  beforeClose(work: () => Promise<void>): void
}

/** A new one in a folder of its own, with its assets listed; closed after the tests of the file. */
export async function createSmallPlatform(): Promise<SmallPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-test-'))
  chmodSync(folder, 0o711)
  await putDatabase(folder)
  const database = await createDatabase({ dataFolder: folder })
  const newest: Newest = { close: async () => {}, before: [] }
  after(async () => {
    for (const work of newest.before) await work()
    await newest.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const platform = await open({ folder, pool: database.pool('wallet', 4), newest })
  const { sequencer } = platform
  await openExchange(sequencer)
  await sequencer.submit({ kind: 'openAccount', userId: randomUUID() })
  const request = { account: asId<AccountId>(CUSTOMER), requestId: 'coins', sentAt: clock() }
  const amounts = faucetAmounts()
  await sequencer.submit({ kind: 'faucet', ...request, sentAtGiven: false, amounts })
  return platform
}

type Newest = { close: () => Promise<void>; readonly before: (() => Promise<void>)[] }

async function open(at: {
  readonly folder: string
  readonly pool: Pool
  readonly newest: Newest
}): Promise<SmallPlatform> {
  const { folder, pool, newest } = at
  const sequencer = await createSequencer({ folder, clock, fatal: rethrow, ...SMALL_FILES })
  newest.close = sequencer.close
  const views = createLiveViews(sequencer.image())
  sequencer.follow(views.apply)
  const keys = createKeys(MNEMONIC)
  return {
    ...{ sequencer, views, pool, keys, folder },
    cash: (symbol) => cashOf(views, symbol),
    async withdraw(symbol, amount, to) {
      const { code, seq } = await sequencer.submit({
        ...{ kind: 'requestWithdrawal', account: asId<AccountId>(CUSTOMER), address: to },
        ...{ asset: assetId(symbol), amount: asUnit<Amount>(amount), fee: asUnit<Amount>(10) },
        ...{ requestId: randomUUID(), sentAt: clock(), sentAtGiven: false },
      })
      assert.equal(code, null)
      return asId<OrderId>(seq)
    },
    beforeClose: (work) => void newest.before.push(work),
    async reopen() {
      await sequencer.close()
      return open(at)
    },
  }
}

function cashOf(views: LiveViews, symbol: string): number {
  const asset = views.listing.assetBySymbol(symbol)?.id
  const rows = views.allBalances().filter((row) => row.account === CUSTOMER)
  return rows.find((row) => row.asset === asset)?.cash ?? 0
}

function rethrow(error: unknown): never {
  throw error
}

/** Waits until it holds; the message says what did not. */
export async function until(holds: () => boolean, message: string, ms = 15_000): Promise<void> {
  const deadline = performance.now() + ms
  while (!holds()) {
    assert.ok(performance.now() < deadline, message)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
