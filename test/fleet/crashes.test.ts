// A strategy that crashes: started again, given up, and mended by an update.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEPLOY_EXAMPLES } from '#platform/fleet/examples.ts'
import { createFleetUnderTest, until } from './fleet-under-test.ts'

const under = await createFleetUnderTest()
const { deployments } = under.fleet
const [DEPLOY = assert.fail()] = DEPLOY_EXAMPLES
const ada = await under.deployer('ada')

test('a strategy that crashes again and again is given up, and an update mends it', async () => {
  const crash = "if (ctx.now() > 0) throw new Error('on purpose'); const price"
  const source = DEPLOY.source.replace('const price', crash)
  assert.equal((await ada.ask('POST', '/v1/bots', { ...DEPLOY, source })).status, 201)
  const bot = () => deployments.find('my-bot')
  await until(
    () => bot()?.state === 'failed',
    () => JSON.stringify(bot()),
    60_000,
  )
  assert.ok((bot()?.crashes ?? 0) > 5)
  const texts = (await deployments.log('my-bot', 0, 1_000)).map(({ text }) => text)
  assert.ok(texts.some((text) => text.includes('on purpose')))
  const mend = { requestId: 'mend', source: DEPLOY.source }
  assert.equal((await ada.ask('POST', '/v1/bots/my-bot/update', mend)).status, 200)
  await until(
    () => bot()?.state === 'running',
    () => 'it runs',
  )
})
