// How many bots there may be, at the limit and beyond it: over records that are made up.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accept } from '#kernel/result.ts'
import { asMicros } from '#kernel/time.ts'
import { createDeployments } from '#platform/fleet/deployments.ts'
import { ENVELOPE } from '#platform/fleet/envelope.ts'
import { BOTS_MAX, BOTS_PER_USER_MAX, VERSIONS_PER_BOT_MAX } from '#platform/fleet/limits.ts'
import type { NewBot, Version } from '#platform/fleet/port.ts'
import type { BotRow, FleetStore } from '#platform/fleet/store.ts'
import { AGREEING } from './agreeing-fleet.ts'

const SOURCE = "export default defineStrategy({ name: 'x' })"

function rowOf(id: string, owner: string): BotRow {
  return {
    ...{ id, owner, wanted: 'running', why: '', account: 20, budget: [], keyId: 'k' },
    ...{ secret: new Uint8Array(1), createdAt: 1, openedAt: 1, settledAt: null, flatten: false },
  }
}

function versionOf(number: number): Version {
  const terms = { hash: 'h', params: {}, venues: ['internal'], limits: ENVELOPE }
  return { ...terms, number, strategy: 'x', like: null, by: 'ada', at: 1 }
}

/** Deployments over rows in memory, a runner and a compiler that agree to everything. */
async function over(rows: readonly BotRow[], number = 1) {
  const nothing = async () => undefined
  const store: FleetStore = {
    ...{ keepSource: nothing, source: async () => SOURCE, insertBot: async () => true },
    ...{ insertVersion: async () => true, bots: async () => [...rows], madeBy: nothing },
    ...{ versions: async () => [versionOf(number)], setAccount: nothing, setKey: nothing },
    ...{ setOpened: nothing, setWanted: nothing, setSettled: nothing },
    ...{ addSamples: nothing, samples: async () => [], thinSamples: nothing },
  }
  const done = async () => accept(null)
  const key = { id: 'k', name: 'bot', scopes: [], account: 20, createdAt: 1, secret: 's' }
  const limits = { kind: 'hmac', markets: [], addresses: [], expiresAt: null } as const
  return createDeployments({
    ...{ ...AGREEING, store, clock: () => asMicros(1) },
    books: {
      ...{ check: () => accept(null), open: async () => accept(20), fund: done, cancel: done },
      ...{ flatten: nothing, settle: done },
    },
    auth: { createKey: async () => accept({ ...key, ...limits }), revokeKey: done },
    vault: { seal: async () => new Uint8Array(1), open: async () => 's' },
  })
}

const REST = { budget: [{ asset: 'USDC', amount: '1' }], limits: {} }

async function deployOver(rows: readonly BotRow[], by = 'ada'): Promise<string> {
  const bot: NewBot = { id: 'new', by, requestId: 'r', source: SOURCE, params: {}, ...REST }
  const answer = await (await over(rows)).deploy(bot)
  return answer.ok ? 'deployed' : answer.code
}

const some = (count: number, owner: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => rowOf(`b${at}`, owner(at)))

test('a user has at most BOTS_PER_USER_MAX bots, and what others have does not count', async () => {
  const own = (count: number) => some(count, () => 'ada')
  assert.equal(await deployOver(own(BOTS_PER_USER_MAX - 1)), 'deployed')
  assert.equal(await deployOver(own(BOTS_PER_USER_MAX)), 'bot.limit')
  assert.equal(await deployOver(own(BOTS_PER_USER_MAX), 'eve'), 'deployed')
})

test('all users together have at most BOTS_MAX bots', async () => {
  const all = (count: number) => some(count, (at) => `user${at}`)
  assert.equal(await deployOver(all(BOTS_MAX - 1)), 'deployed')
  assert.equal(await deployOver(all(BOTS_MAX)), 'bot.limit')
})

test('a bot has at most VERSIONS_PER_BOT_MAX versions', async () => {
  const renewed = async (number: number) => {
    const deployments = await over([rowOf('b', 'ada')], number)
    const answer = await deployments.update({ id: 'b', by: 'ada', requestId: 'r' })
    return answer.ok ? answer.value.version.number : answer.code
  }
  assert.equal(await renewed(VERSIONS_PER_BOT_MAX - 1), VERSIONS_PER_BOT_MAX)
  assert.equal(await renewed(VERSIONS_PER_BOT_MAX), 'bot.limit')
})
