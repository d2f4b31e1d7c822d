// Pause button: pause asks first and says what will happen; resume is done at once.

import { useApp } from '../app-context.ts'
import type { DeployedBot, HouseBot } from '../model/bots.ts'

export function PauseButton({ bot }: { readonly bot: HouseBot | DeployedBot }) {
  const { bots, dialog, session, notices } = useApp()
  const { id } = bot
  const isResume = bot.state === 'paused' || bot.state === 'failed'
  const canChange = isResume || bot.state === 'running'
  const ask = (): void => {
    if (!session.isSignedIn.value) notices.say('Sign in to pause a bot.', 'bad')
    else if (isResume) void bots.act({ do: 'resume', id })
    else {
      bots.asked.value = { do: 'pause', id }
      dialog.value = 'bot'
    }
  }
  return (
    <button
      type="button"
      class="button"
      disabled={!canChange || bots.busy.value.has(id)}
      aria-label={`${isResume ? 'Resume' : 'Pause'} ${id}`}
      onClick={ask}
    >
      {isResume ? 'Resume' : 'Pause'}
    </button>
  )
}
