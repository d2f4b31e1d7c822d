// A bot over the stream: its log and its changes as they happen, for who may see it and nobody else.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { tokenAuthorization } from '#client/authorization.ts'
import { createStream } from '#client/stream.ts'
import type { BotMessage } from '#client/stream-messages.ts'
import { DEPLOY_EXAMPLES } from '#platform/fleet/examples.ts'
import { createFleetUnderTest, until } from './fleet-under-test.ts'

const under = await createFleetUnderTest()
const ada = await under.deployer('ada')
const eve = await under.deployer('eve')

function streamOf(token: string | undefined) {
  const stream = createStream({
    url: `${under.url.replace('http', 'ws')}/v1/stream`,
    authorization: tokenAuthorization(() => token),
  })
  after(stream.close)
  return stream
}

test('what happens to a bot is told at once, line by line and state by state', async () => {
  const deployed = await ada.ask('POST', '/v1/bots', DEPLOY_EXAMPLES[0])
  assert.equal(deployed.status, 201, deployed.text)
  const heard: BotMessage[] = []
  const ready = Promise.withResolvers<string>()
  const channel = { name: 'bot', bot: 'my-bot' } as const
  const stop = streamOf(ada.token).subscribe(channel, {
    onMessage: (message) => void heard.push(message),
    onReady: ready.resolve,
    onRefused: ready.reject,
  })
  await ready.promise
  await ada.ask('POST', '/v1/bots/my-bot/pause')
  const isTold = (text: string) =>
    heard.some((one) => (one.type === 'log' ? one.line.text === text : one.state.state === text))
  for (const text of ['paused by a person', 'paused']) {
    await until(
      () => isTold(text),
      () => text,
    )
  }
  assert.ok(!JSON.stringify(heard).includes('ownerId'), 'told as REST tells it')
  stop()
})

test('somebody else, and nobody, hear that it is not there', async () => {
  for (const [token, code] of [
    [eve.token, 'not_found'],
    [undefined, 'auth.required'],
  ] as const) {
    const refused = await new Promise((resolve) => {
      streamOf(token).subscribe(
        { name: 'bot', bot: 'my-bot' },
        { onMessage: resolve, onRefused: resolve },
      )
    })
    assert.equal(refused, code)
  }
})
