// Asks the demo's faucet for coins and says what came.

import type { App } from '../create-app.ts'
import { callerId } from '../model/caller-id.ts'
import { plain } from '../model/numbers.ts'
import { outcomeText } from '../model/outcome-text.ts'

type Needs = Pick<App, 'client' | 'notices'>

export async function askFaucet({ client, notices }: Needs): Promise<void> {
  const outcome = await client.faucet({ requestId: callerId() })
  if (outcome.kind !== 'done') return notices.say(outcomeText(outcome), 'bad')
  const credits = outcome.value.credits.map(({ asset, amount }) => `${plain(amount)} ${asset}`)
  notices.say(`The faucet gave ${credits.join(', ')}`, 'up')
}
